"""A person in a line of a session sheet: ``Name (Country), Position / Organization (address)``."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gsef_notify.countries import country_code
from gsef_notify.program.draft import DraftPerson
from gsef_notify.program.names import bare_name, without_degrees
from gsef_notify.program.problems import Place
from gsef_notify.readers.notation import narrow
from gsef_notify.readers.sheets.blocks import Paragraph
from gsef_notify.readers.text import plain, rich, rich_lines

# Between people stand a semicolon, a comma where all have brackets, or an "and"
# between brackets or before a title.
_PEOPLE_APART = re.compile(
    r";|(?<=\))\s*,\s*(?=(?:[^,()/]+\([^,()@]+\)\s*(?:,|$))+$)"
    r"|(?<=\))\s*,?\s*(?:and|y|et|&|및|와|과)\s+"
    r"|\s+(?:and|y|et|&)\s+(?=(?:Mr|Mrs|Ms|Dr|Prof|Mme|Sr|Sra|Dra)\b)"
)
_MAIL_WORD = re.compile(
    r"[,;\s]*\b(?:e-?mail|mail|correo(?: electrónico)?|courriel|이메일|메일)\s*:\s*$", re.IGNORECASE
)
_BARE_ADDRESS = r"<?([^\s()<>,;\[\]]{1,64}@[^\s()<>,;\[\]]{1,255})>?"
ADDRESS = re.compile(_BARE_ADDRESS)
_ADDRESS_IN_BRACKETS = re.compile(rf"\(\s*{_BARE_ADDRESS}\s*\)|{_BARE_ADDRESS}")
PRESENTATION = re.compile(
    r"(?:presentation|talk|title|topic|communication|exposé|charla|ponencia|presentación|título|tema|présentation|intervention|titre|sujet|발표|주제)"
    r"\s*:\s*(.+)$",
    re.IGNORECASE,
)
# What a person does ends like editor, manager, journalist, librarian, directeur, animatrice, coordinadora.
_POSITION = re.compile(
    r"(?!(?:cent|tall|wat|riv|pap|pow|tow|harb|theat|lab|sect)(?:er|or)$)\w{2,}(?:[eo]r|[eo]r[ao]|ist|ian|ant|dent|eur|euse|rice|[oi]ra|ist[ae]|logue)"
    r"|chair\w*|head|lead|fellow|dean|expert|analyst|student|member|secretary|president[ae]|ceo|cto|mayor|partner",
    re.IGNORECASE,
)
_KOREAN_POSITION = re.compile(
    r"(?:대표|교수|장|위원|연구원|활동가|기자|작가|감독|간사|이사|선생|박사|매니저|디렉터|네이터|큐레이터"
    r"|기획자|담당자?|실무자|주무관|사무관|의원|운영자|강사|연구자|변호사|의사|농부|조합원|팀원)$"
)
_LONGEST_AFFILIATION = 150
_NEAR_MARGIN = 60
BULLET = re.compile(r"^\s*(?:[-–•·*○●▪■‣]\s+|(?:\d{1,2}|[a-h])[.)]\s+)")
_NAME_ENDS = re.compile(r"\s*[,(:/]|\s[-–—]\s")
_ORGANIZATION = re.compile(
    r"\b(?:foundation|ass?ocia[ct]\w*|universi\w*|institut\w*|network|council|ministry|minist[eè]r\w*|f[eé]d[eé]ra\w*"
    r"|co-?op\w*|coopérat\w*|union|unión|funda\w*|fonda\w*|red|réseau|municipali\w*|ayuntamiento|ajuntament|mairie"
    r"|ngo|ong|collective|collectif|colectivo|center|centre|centro|trust|society|company|lab|office)\b"
    r"|(?:재단|협회|대학교|시청|조합|센터|연구소|연구원)$",
    re.IGNORECASE,
)
_LEGAL_FORM = re.compile(
    r", (?:CRL|S\.?L|S\.?A|Ltda?|Inc|LLC|GmbH|e\.?\s?V|asbl|AISBL|SCOP|SCIC|Co|Coop|eG)\.?$"
)
_KOREAN_NAME = re.compile(r"[가-힣]{3,4}|[가-힣]{2,6}\s[가-힣]{2,6}")
_PARTICLES = re.compile("de|del|l[ao]s?|d[ao]s?|di|du|des|van|von|der|den|bin|ibn|al|el|y|e")
_NAME_AND_COUNTRY = re.compile(r"([^(/,]+)\(([^()]*)\)(.*)", re.DOTALL)
_NAME_AND_ORGANIZATION = re.compile(r"[^(),/]+\s/\s[^(),/]+")
_COUNTRY_BEHIND = re.compile(r"(?:^|,\s*|/\s*|\()([^,/()]+)\)?$")
_DIVIDES = "/,;:–—-"


def moderators(paragraphs: Sequence[Paragraph]) -> Iterator[DraftPerson]:
    """``Name, Position / Organization (address)``; country in brackets behind the name. Several people stand
    on lines of their own, or apart by semicolons; other lines tell more about them."""
    people: list[DraftPerson] = []
    for paragraph in _unbroken(paragraphs):
        for line in lines_of(paragraph.source):
            first, *others = _PEOPLE_APART.split(BULLET.sub("", line))
            _add_or_tell(first, paragraph, people)
            people += (person for each in others for person in person_in_a_line(each, paragraph.place))
    addresses = [
        found[1] for each in paragraphs for found in ADDRESS.finditer(narrow(rich(each.source).text))
    ]
    if len(people) == 1 and len(addresses) == 1:
        people = [replace(people[0], email=addresses[0].rstrip("."))]
    yield from people


def _unbroken(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """The lines, those put together that were broken at the margin."""
    whole: Paragraph | None = None
    for paragraph in paragraphs:
        last = whole.source.rstrip().rsplit("\n", 1)[-1] if whole else ""
        end = whole.place.column + len(last) if whole and last else 0
        is_broken = end > _NEAR_MARGIN and last[-1].isalpha() and not BULLET.match(paragraph.source)
        if whole and is_broken and not ADDRESS.match(paragraph.source.strip()):
            whole = replace(whole, source=f"{whole.source.rstrip()} {paragraph.source.strip()}")
            continue
        if whole:
            yield whole
        whole = paragraph
    if whole:
        yield whole


def _add_or_tell(text: str, paragraph: Paragraph, people: list[DraftPerson]) -> None:
    """Put the person whom a text names behind the others, or tell more of the last one."""
    is_organization = bool(_ORGANIZATION.search(_NAME_ENDS.split(text)[0]))
    if is_organization and not people:
        return
    if not people or (begins_with_a_name(text, paragraph.source) and not is_organization):
        people += person_in_a_line(text, paragraph.place)
    elif not people[-1].organization and not ADDRESS.fullmatch(text):
        people[-1] = told_more(people[-1], text)


def told_more(person: DraftPerson, text: str) -> DraftPerson:
    """The person with the position, organization and country that a further line tells; what is no such line
    tells nothing."""
    if len(text) > _LONGEST_AFFILIATION:
        return person
    known = f"{person.position}, " if person.position else ""
    more = next(person_in_a_line(f"{person.name}, {known}{text}", person.place), person)
    return replace(
        person,
        position=more.position,
        organization=more.organization,
        country=person.country or more.country,
        email=person.email or more.email,
    )


def country_apart(organization: str) -> tuple[str, str]:
    """``Organization (Country)`` in its two parts, the second "" where there is none."""
    found = re.fullmatch(r"(.+?)\s*\(([^()]+)\)", organization)
    return (found[1], found[2]) if found and country_code(found[2]) else (organization, "")


def lines_of(source: str) -> Iterator[str]:
    """The lines of a text as a reader sees them, with plain signs."""
    return (narrow(line.text) for line in rich_lines(source))


def person_in_a_line(text: str, place: Place) -> Iterator[DraftPerson]:
    """``Name (Country), Position / Organization (address)`` as a moderator; none without a name."""
    address = ADDRESS.search(text)
    bare = re.sub(r"\)\.$", ")", plain(without_addresses(text)).strip(" ,/-–—<>"))
    name, country, rest = name_and_country(_MAIL_WORD.sub("", bare))
    if not country_code(country) and _is_korean(name) and looks_like_a_name(country):
        country = ""  # it is the name again, in Latin letters
    name, position = _without_korean_position(name)
    rest = f"{rest} {position}".strip()
    rest = f"/ {rest}" if _NAME_AND_ORGANIZATION.fullmatch(bare) else rest
    position, organization = _position_and_organization(
        rest if country_code(country) else f"{country} {rest}".lstrip()
    )
    if name:
        yield DraftPerson(
            name=name,
            role="moderator",
            place=place,
            label="Moderator",
            organization=organization,
            position=position,
            country=country if country_code(country) else "",
            email=address[1] if address else "",
        )


def without_addresses(text: str) -> str:
    """The text without e-mail addresses and the brackets around them."""
    return _ADDRESS_IN_BRACKETS.sub("", text)


def name_and_country(text: str) -> tuple[str, str, str]:
    """``Name (Country) / rest`` in its three parts; without a country, the name ends at a comma or ``/``."""
    text = without_degrees(text)
    if (found := _NAME_AND_COUNTRY.match(text)) and "," in found[2]:
        *others, last = [part.strip() for part in found[2].split(",") if part.strip()] or [""]
        if country_code(last):
            return bare_name(found[1].strip()), last, f"/ {', '.join(others)} {found[3].strip()}".strip()
    if found := _NAME_AND_COUNTRY.match(text):
        return bare_name(found[1].strip()), found[2].strip(), found[3].strip().lstrip(_DIVIDES).strip()
    parts = re.split(r"\s+/\s+|\s*,\s+|\s+[-–—]\s+|\n", text.strip(), maxsplit=1)
    rest = parts[1].strip() if len(parts) > 1 else ""
    if (found := _COUNTRY_BEHIND.search(rest)) and country_code(found[1]):
        return bare_name(parts[0]), found[1], rest[: found.start()].rstrip(" ,/")
    return bare_name(parts[0]), "", rest


def looks_like_a_person(text: str) -> bool:
    """Whether a text begins with a name: there is a title before it, or a country in brackets behind."""
    found = _NAME_AND_COUNTRY.match(narrow(text))
    return bool(found and country_code(found[2])) or bare_name(text) != text


def _is_korean(text: str) -> bool:
    return bool(re.search("[가-힣]", text))


def without_position(name: str) -> str:
    """``국다온 대표`` without the position."""
    return _without_korean_position(name)[0]


def _without_korean_position(name: str) -> tuple[str, str]:
    """``국다온 대표`` as name and position; "" for none."""
    head, _, last = name.rpartition(" ")
    is_position = _is_korean(head) and len(head) > 1 and _KOREAN_POSITION.search(last)
    return (head, last) if is_position else (name, "")


def begins_with_a_name(text: str, source: str) -> bool:
    """Whether a line names a person: by a title, a country in brackets, bold, or as an entry of a list."""
    is_marked = bool(BULLET.match(narrow(source))) or bool(rich(source).lead)
    return looks_like_a_person(text) or (is_marked and looks_like_a_name(_NAME_ENDS.split(text)[0]))


def looks_like_a_name(text: str) -> bool:
    """Whether a text may be a person's name: two to six words with capitals, or a Korean one."""
    if _KOREAN_NAME.fullmatch(text.strip()):
        return True
    words = bare_name(text).split()
    capitals = [word[:1].isupper() for word in words]
    return (
        2 <= len(words) <= 6
        and capitals[0]
        and capitals[-1]
        and all(capital or _PARTICLES.fullmatch(word) for word, capital in zip(words, capitals, strict=True))
        and not any(sign.isdigit() for sign in text)
    )


def _position_and_organization(text: str) -> tuple[str, str]:
    """``Position / Organization`` or with a comma; in Korean the position is the last word.
    Behind a divider alone stands the organization."""
    words = text.strip(" ,/").split()
    is_korean = len(words) > 1 and _is_korean(words[-1]) and bool(_KOREAN_POSITION.search(words[-1]))
    if text.startswith("/") and not is_korean:
        return "", " ".join(words)
    text = text.strip(" ,/")
    if _LEGAL_FORM.search(text) and text.count(", ") == 1:
        return "", text
    for divider in (" / ", ", ", "/"):
        if divider in text:
            position, organization = (part.strip(" ,/") for part in text.split(divider, 1))
            is_turned = _is_position(organization) and not _is_position(position)
            return (organization, position) if is_turned else (position, organization)
    if is_korean:
        return words[-1], " ".join(words[:-1])
    return (text, "") if _is_position(text) else ("", text)


def _is_position(text: str) -> bool:
    """Whether what stands alone behind a name is what the person does, and not where."""
    words = re.findall(r"[^\W\d_]+", text)
    if not words or words[0].islower():
        return True
    if _ORGANIZATION.match(text):
        return False
    if _is_korean(text):
        return len(text) < 4 or bool(_KOREAN_POSITION.search(text))
    return any(_POSITION.fullmatch(word) for word in (words[0], words[-1]))
