"""The words of a session sheet, in English, Spanish, French and Korean."""

import re
import tomllib
import unicodedata
from itertools import chain
from pathlib import Path

from gsef_notify.readers.notation import narrow

_AND = r" (?:/|&|y|e|et|and|및|와|과) "
_OF = (
    r" (?:de la|de los|de las|de este|de esta|de cette|de l['’]|del|de|du|des|of the|of|to the|to"
    r"|for|para|pour|a la|al|a|au) ?"
)
# Labels that are put together of known words, each with what it names.
_PATTERNS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("title", rf"(?:[a-z]+ )?title|(?:title|name|titulo|nombre|titre|intitule|nom){_OF}[a-z]+"),
        ("title", r"(?:[가-힣]+ )?(?:제목|명칭|명)|(?!.*설명)[가-힣]{1,6}명"),
        ("guiding questions", rf"(?:questions|preguntas){_OF}[a-z]+"),
        ("date", rf"(?:date|day|fecha|dia|jour|날짜|일시|일자|when|quand|cuando)s?{_AND}[a-z가-힣 ]{{2,20}}"),
        ("time", rf"(?:time|hora|horario|heure|horaire|시간){_AND}[a-z가-힣 ]{{2,20}}"),
        ("join", rf"(?:enlace|lien|link|liga|acceso|acces){_OF}(?:la |el )?[a-z]+(?: [a-z]+)?"),
        (
            "join",
            r"(?:enlace|lien|link|liga|acceso)(?: [a-z]+){1,2}|(?:connexion|conexion|connection) [a-z]+",
        ),
        ("join", r"(?:[가-힣]+ )?(?:링크|주소)"),
        ("moderator", r"co-?(?:moderat|moderad|animat|facilit)[a-z]*"),
        ("audience", r"(?:dirigido|destinado|orientado)s? a|destine a|(?:publico|public) [a-z]+"),
        ("audience", r"(?:[가-힣]+ )?대상"),
        ("moderator", rf"(?:moderator|moderador|moderadora|moderateur|moderatrice)s?{_AND}[a-z]+"),
        ("speakers", rf"(?:speakers|ponentes|panelistas|intervenants|intervenantes){_AND}[a-z]+"),
        ("program", rf"(?:program|programme|programa|agenda|deroule|deroulement){_OF}[a-z]+"),
        ("program", r"[가-힣]+ (?:프로그램|일정|순서)"),
        ("objectives", rf"(?:objetivos?|objectifs?|objectives?|goals?){_OF}[a-z]+|[가-힣]+ (?:목표|목적)"),
        ("language", rf"(?:languages?|idiomas?|langues?|lengua){_OF}[a-z]+|[가-힣]+ 언어"),
    )
)
_FRENCH = {
    "titre de la session", "titre", "langue", "date / duree", "intervenants", "intervenantes", "moderateur",
    "moderatrice", "public cible", "public vise", "date et heure", "titre de l'atelier", "intitule",
}  # fmt: skip
_ARTICLE = re.compile(r"^(?:(?:the|el|la|los|las|le|les|our)\s+|l['’]\s*)")
_EVERYBODY = re.compile(
    r"(?:all|everyone|everybody|panel|todos|todas|tous|toutes|전체|모두|전원)"
    r"(?: (?:the |los |las |les )?(?:speakers?|panelists?|participants?|ponentes|panelistas|participantes"
    r"|intervenante?s|발표자|참가자|참석자))?"
)
_ENDINGS = re.compile(r"[¿?¡!]|\((?:s|es|e)\)| / (?:a|o|as|os|e|es|ne|trice|rice|euse)\b")
_KIND_OF_PAPER = re.compile(
    r"\b(?:sheet|form|info|information|template|ficha|formulario|fiche|formulaire|plantilla)\b|안내|계획서|양식|정보|개요"
)
_SPEAKER = re.compile(
    r"speakers?|presenters?|panelists?|presentations?|talks?|inputs?|keynotes?|lectures?|ponentes?|ponencias?|panelistas?|expositor[ae]?s?"
    r"|exposicion(?:es)?|presentacion(?:es)?|intervenante?s?|interventions?|orateurs?|oratrices?|conferenciere?s?|exposes?"
    r"|발표자?|연사|발제자?"
)
_TALK = re.compile(r"^(?:presentations?|talks?|inputs?|keynotes?|lectures?|ponencias?|expose|발표)\b(?!자)")
_NUMBER_IN_BRACKETS = re.compile(r"^\((\d{1,2})\)\s*")
_LONGEST_NUMBERED = 30
_HEADERS = {
    "name": ("name", "nombre", "nom", "이름", "성명", "speaker", "ponente", "intervenant", "발표자", "연사",
             "who", "a cargo", "quien", "qui", "responsable", "responsible", "담당"),
    "organization": ("organi", "institu", "affiliation", "entidad", "structure", "소속", "기관", "단체"),
    "presentation": (
        "presentation", "presentacion", "ponencia", "titulo", "title", "titre", "topic", "tema", "sujet",
        "descripcion", "description", "talk", "communication",
        "intervention", "intervencion", "input", "expose", "charla", "발표", "주제", "제목",
    ),
    "country": ("country", "pais", "pays", "국가", "나라"),
    "position": ("position", "role", "cargo", "funcion", "fonction", "poste", "직위", "직책", "직함"),
    "email": ("e-mail", "email", "mail", "correo", "courriel", "이메일", "메일"),
    "label": ("no", "n°", "nº", "#", "번호"),
}  # fmt: skip
_WITH = ("with", "by", "con", "avec", "par", "person", "persona", "personne", "사람")
_TIME_HEADERS = (
    "time",
    "start",
    "from",
    "inicio",
    "debut",
    "시작",
    "hour",
    "schedule",
    "hora",
    "heure",
    "시간",
    "시각",
)
_CONTENT_HEADERS = (
    "content", "topic", "activity", "item", "segment", "what", "contenido", "actividad", "tema", "contenu",
    "activite", "sujet", "sequence", "내용", "순서", "주제", "프로그램",
)  # fmt: skip
_TOTALS = ("total", "en total", "au total", "합계", "총")
_WORDED = {
    1: "first primer primero primera premier premiere 첫 첫번째 하나",
    2: "second segundo segunda deuxieme seconde 두 둘째",
    3: "third tercer tercero tercera troisieme 세 셋째",
    4: "fourth cuarto cuarta quatrieme 네 넷째",
    5: "fifth quinto quinta cinquieme 다섯",
    6: "sixth sexto sexta sixieme 여섯",
    7: "seventh septimo septima septieme 일곱",
    8: "eighth octavo octava huitieme 여덟",
    9: "ninth noveno novena neuvieme 아홉",
    10: "tenth decimo decima dixieme 열",
}
_COUNTED = {
    1: "one uno un a",
    2: "two dos deux b",
    3: "three tres trois c",
    4: "four cuatro quatre d",
    5: "five cinco cinq e",
    6: "six seis f",
    7: "seven siete sept g",
    8: "eight ocho huit h",
}
_COUNTS = {word: number for number, words in _COUNTED.items() for word in words.split()}
_NUMBERS = {word: number for number, words in _WORDED.items() for word in words.split()}
_COUNT_BEHIND = re.compile(rf"^(?:{_SPEAKER.pattern}) ({'|'.join(_COUNTS)})$")
_MOST_SPEAKERS = 30


def folded(text: str) -> str:
    """A text without accents, capitals and bold marks, its white space collapsed, for comparing."""
    spread = unicodedata.normalize("NFD", text.replace("*", "").casefold())
    bare = unicodedata.normalize("NFC", "".join(c for c in spread if c not in _ACCENTS))
    return " ".join(re.sub(r"\s*/\s*", " / ", bare).split())


def section(label: str) -> str | None:
    """The section that a label names, None for any other text."""
    plain_signs = folded(narrow(label))
    text = _without_number(plain_signs)
    fitting = (kind for kind, pattern in _PATTERNS if pattern.fullmatch(text))
    return _BY_LABEL.get(text) or next(fitting, None)


def _without_number(text: str) -> str:
    """A label without the number before it, the brackets behind, question marks and "(s)" or "/a"."""
    text = _ENDINGS.sub("", text)
    return re.sub(r"^(?:\d{1,2}|[ivx]{1,4}|[a-h])\s*[.)]\s+|\s*\(.*\)$", "", text).strip()


def is_kind_of_paper(text: str) -> bool:
    """Whether a line names the sheet itself: ``Session sheet``, ``Ficha de la mesa``."""
    return bool(_KIND_OF_PAPER.search(folded(text)))


def names_the_moderator(text: str) -> bool:
    """Whether a text is ``the moderator``, ``la modératrice`` or ``사회자``."""
    return section(_ARTICLE.sub("", folded(text).strip(" .,;:"))) == "moderator"


def names_everybody(text: str) -> bool:
    """Whether a text is ``all speakers``, ``todos los ponentes`` or the like."""
    return bool(_EVERYBODY.fullmatch(folded(text).strip(" .,;:")))


def is_french(label: str) -> bool:
    """Whether a label is one of a French sheet, and of no other."""
    text = _without_number(folded(label))
    return text in _FRENCH or text.startswith(("titre", "langue", "intitule"))


def column(header: str) -> str | None:
    """What a column of the speakers' table holds, by its header; None where that is none."""
    text = folded(header)
    if text in _WITH:
        return "name"
    return next((kind for kind, beginnings in _HEADERS.items() if text.startswith(beginnings)), None)


def is_time_header(text: str) -> bool:
    """Whether a field heads the column of times."""
    return folded(text).startswith(_TIME_HEADERS) and not re.search(r"\d", text)


def is_content_header(text: str) -> bool:
    """Whether a field heads the column of what is on."""
    return folded(text).startswith(_CONTENT_HEADERS)


def is_total(text: str) -> bool:
    """Whether a field begins a row that adds up the times."""
    return folded(text).startswith(_TOTALS)


def speaker_number(label: str) -> int | None:
    """The number in ``Speaker 2``, ``Ponente 2``, ``Première intervenante`` or ``Presenter B``."""
    if found := re.search(r"(?<!\d)\d{1,3}(?!\d)", label):
        return int(found[0])
    numbered = numbered_content(label) if len(label) < _LONGEST_NUMBERED else None
    return numbered[0][0] if numbered and not numbered[1] else None


def labelled_speaker(text: str) -> tuple[str, str] | None:
    """``Speaker 2: Name`` or ``2.ª ponente. Name`` in its two parts, None for any other text."""
    text = _NUMBER_IN_BRACKETS.sub(r"\1) ", text)
    for end in re.finditer(r"\s*(?:[:)]|\.(?=\s))\s*", text[: _LONGEST_NUMBERED + 3]):
        label, rest = text[: end.start()].strip(), text[end.end() :].strip()
        is_label = ":" in end[0] or label.isdecimal() or _SPEAKER.search(folded(label))
        if is_label and rest and speaker_number(label) is not None:
            return label, rest
    return None


def names_a_speaker(text: str) -> bool:
    """Whether a line begins with ``Speaker 2:`` and says who that is."""
    labelled = labelled_speaker(text)
    return bool(labelled and _SPEAKER.search(folded(labelled[0])))


def is_of_a_talk(label: str) -> bool:
    """Whether a numbered label names what is presented, and not by whom."""
    return bool(_TALK.search(folded(label)))


def is_a_talk(text: str) -> bool:
    """Whether a text says no more than that somebody presents something."""
    return bool(_SPEAKER.fullmatch(folded(text)))


def numbered_content(content: str) -> tuple[tuple[int, ...], str] | None:
    """``2nd speaker presentation: Title`` is ((2,), ``Title``), ``Ponente 3`` ((3,), ""); None for what names
    no speaker by number."""
    head, rest = _head_and_rest(content)
    text = folded(head)
    if len(head) > 80 or not _SPEAKER.search(text):
        return None
    counted = _COUNT_BEHIND.search(text)
    numbers = (_COUNTS[counted[1]],) if counted else tuple(dict.fromkeys(_ordinals(text)))
    return (numbers, rest) if numbers else None


def _head_and_rest(content: str) -> tuple[str, str]:
    """The beginning up to the first colon or free-standing dash, and what follows."""
    found = re.search(r"\s*[:：]\s*|\s+[-–—]\s+", content)
    return (content[: found.start()], content[found.end() :]) if found else (content, "")


def _ordinals(text: str) -> list[int]:
    numbers = []
    for digits, word in re.findall(r"(?<![\d.])(\d{1,2})(?![\d:h])|([^\W\d_]+)", text):
        number = int(digits) if digits else _NUMBERS.get(word.removesuffix("번째"), 0)
        if 0 < number <= _MOST_SPEAKERS:
            numbers.append(number)
    return numbers


_ACCENTS = frozenset(map(chr, range(0x300, 0x370)))
_LABELS = tomllib.loads(Path(__file__).with_name("labels.toml").read_text(encoding="utf-8"))
_BY_LABEL = {
    folded(label): kind for kind, by_script in _LABELS.items() for label in chain(*by_script.values())
}
