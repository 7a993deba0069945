"""What a person does and where, as it stands behind the name: ``Director / Union (Country)``."""

import re

from gsef_notify.countries import country_code

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


def position_and_organization(text: str) -> tuple[str, str]:
    """``Position / Organization`` or with a comma; in Korean the position is the last word.
    Behind a divider alone stands the organization."""
    words = text.strip(" ,/").split()
    has_position = len(words) > 1 and bool(_KOREAN_POSITION.search(words[-1]))
    if text.startswith("/") and not has_position:
        return "", " ".join(words)
    text = text.strip(" ,/")
    if _LEGAL_FORM.search(text) and text.count(", ") == 1:
        return "", text
    for divider in (" / ", ", ", "/"):
        if divider in text:
            position, organization = (part.strip(" ,/") for part in text.split(divider, 1))
            is_turned = _is_turned(position, organization)
            return (organization, position) if is_turned else (position, organization)
    if has_position:
        return words[-1], " ".join(words[:-1])
    return (text, "") if _is_position(text) else ("", text)


def _is_turned(first: str, second: str) -> bool:
    """Whether the organization stands first, as in ``Comedor Las Tres Esquinas, cocinera``."""
    has_name = sum(word[:1].isupper() for word in first.split()) > 1
    return _is_position(second) and (not _is_position(first) or (has_name and second[:1].islower()))


def _is_position(text: str) -> bool:
    """Whether what stands alone behind a name is what the person does, and not where."""
    words = re.findall(r"[^\W\d_]+", text)
    if not words or words[0].islower():
        return True
    if _ORGANIZATION.match(text):
        return False
    if is_korean(text):
        return len(text) < 4 or bool(_KOREAN_POSITION.search(text))
    return any(_POSITION.fullmatch(word) for word in (words[0], words[-1]))


def without_korean_position(name: str) -> tuple[str, str]:
    """``국다온 대표`` as name and position; "" for none."""
    head, _, last = name.rpartition(" ")
    is_position = is_korean(head) and len(head) > 1 and _KOREAN_POSITION.search(last)
    return (head, last) if is_position else (name, "")


def country_apart(organization: str) -> tuple[str, str]:
    """``Organization (Country)`` in its two parts, the second "" where there is none."""
    found = re.fullmatch(r"(.+?)\s*\(([^()]+)\)", organization)
    return (found[1], found[2]) if found and country_code(found[2]) else (organization, "")


def is_korean(text: str) -> bool:
    return bool(re.search("[가-힣]", text))


def is_organization(text: str) -> bool:
    """Whether a text that might be a name holds a word for an organization."""
    return bool(_ORGANIZATION.search(text))
