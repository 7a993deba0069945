"""A person in a line of a session sheet: ``Name (Country), Position / Organization (address)``."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gsef_notify.countries import country_code
from gsef_notify.program.draft import DraftPerson
from gsef_notify.program.names import bare_name, without_degrees
from gsef_notify.program.problems import Place
from gsef_notify.readers.notation import narrow
from gsef_notify.readers.sheets.affiliations import (
    is_korean,
    is_organization,
    position_and_organization,
    without_korean_position,
)
from gsef_notify.readers.sheets.blocks import Paragraph
from gsef_notify.readers.text import plain, rich, rich_lines

# Between people stand a semicolon, a comma where all have brackets, or an "and"
# between brackets or before a title.
PEOPLE_APART = re.compile(
    r";|(?<=\))\s*,\s*(?=(?:[^,()/]+\([^,()@]+\)\s*(?:,|$))+$)"
    r"|(?<=\))\s*,?\s*(?:and|y|et|&|및|와|과)\s+"
    r"|\s+(?:and|y|et|&|[-–—])\s+(?=(?:Mr|Mrs|Ms|Dr|Prof|Mme|Sr|Sra|Dra)\b)"
)
_MAIL_WORD = re.compile(
    r"[,;\s]*\b(?:e-?mail|mail|correo(?: electrónico)?|courriel|이메일|메일)\s*:\s*$", re.IGNORECASE
)
_BARE_ADDRESS = r"<?([^\s()<>,;\[\]]{1,64}@[^\s()<>,;\[\]]{0,254}[^\s()<>,;\[\].])>?"
ADDRESS = re.compile(_BARE_ADDRESS)
_ADDRESS_IN_BRACKETS = re.compile(rf"\(\s*{_BARE_ADDRESS}\s*\)|{_BARE_ADDRESS}")
PRESENTATION = re.compile(
    r"(?:presentation|talk|title|topic|communication|exposé|charla|ponencia|presentación|título|tema|présentation|intervention|titre|sujet|발표|주제)"
    r"\s*:\s*(.+)$",
    re.IGNORECASE,
)
_LONGEST_AFFILIATION = 150
_PRONOUNS = re.compile(r"\s*\((?:she|he|they|ella?|ell[ae]s?|il|elle|iel)(?:\s*/\s*\w+)+\)", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?:(?<=\w{5})|(?<=\)))\.$")  # no end of an abbreviation like Ltda.
_NEAR_MARGIN = 60
BULLET = re.compile(r"^\s*(?:[-–•·*○●▪■‣]\s+|(?:\d{1,2}|[a-h])[.)]\s+)")
_NAME_ENDS = re.compile(r"\s*[,(:/]|\s[-–—]\s")
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
            first, *others = PEOPLE_APART.split(BULLET.sub("", line))
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
        is_complete = ADDRESS.search(last) or ADDRESS.match(paragraph.source.strip())
        if whole and is_broken and not is_complete:
            whole = replace(whole, source=f"{whole.source.rstrip()} {paragraph.source.strip()}")
            continue
        if whole:
            yield whole
        whole = paragraph
    if whole:
        yield whole


def _add_or_tell(text: str, paragraph: Paragraph, people: list[DraftPerson]) -> None:
    """Put the person whom a text names behind the others, or tell more of the last one."""
    is_someone = not is_organization(_NAME_ENDS.split(text)[0])
    is_next = bool(people and people[-1].organization) and _is_name_and_more(text)
    if is_someone and (not people or is_next or begins_with_a_name(text, paragraph.source)):
        people += person_in_a_line(text, paragraph.place)
    elif people and not people[-1].organization and not ADDRESS.fullmatch(text):
        people[-1] = told_more(people[-1], text)


def _is_name_and_more(text: str) -> bool:
    name, _, more = text.partition(", ")
    return bool(more) and looks_like_a_name(name)


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


def lines_of(source: str) -> Iterator[str]:
    """The lines of a text as a reader sees them, with plain signs."""
    return (narrow(line.text) for line in rich_lines(source))


def person_in_a_line(text: str, place: Place) -> Iterator[DraftPerson]:
    """``Name (Country), Position / Organization (address)`` as a moderator; none without a name."""
    text = _PRONOUNS.sub("", text)
    address = ADDRESS.search(text)
    bare = re.sub(r"(?<=[\s,;)])\.$", "", plain(without_addresses(text))).strip(" ,/-–—<>")
    name, country, rest = name_and_country(_MAIL_WORD.sub("", bare))
    if not country_code(country) and is_korean(name) and looks_like_a_name(country):
        country = ""  # it is the name again, in Latin letters
    name, position = without_korean_position(name)
    rest = f"{rest} {position}".strip()
    rest = f"/ {rest}" if _NAME_AND_ORGANIZATION.fullmatch(bare) else rest
    rest = rest if country_code(country) else f"{country} {rest}".lstrip()
    position, organization = position_and_organization(_SENTENCE_END.sub("", rest))
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
