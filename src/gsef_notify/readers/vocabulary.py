"""The words of a session sheet, in English, Spanish, French and Korean."""

import re
import unicodedata

# What each section of a sheet is called. Accents and capitals do not matter.
_SECTIONS = {
    "title": "session title, title, título de la sesión, título, titre de la session, titre, 세션 제목, 제목",
    "date": "date / duration, date and time, date, fecha / duración, fecha y hora, fecha, date / durée, "
    "date et heure, 일시, 날짜 / 시간, 날짜",
    "time": "time, duration, hora, horario, duración, heure, horaire, durée, 시간",
    "room": "room, sala, salle, 장소, 회의실",
    "track": "track, theme, eje temático, tema, axe thématique, thème, 주제, 분과",
    "language": "language, idioma, lengua, langue, 언어",
    "audience": "target audience, audience, público objetivo, público, public cible, public, 대상, 참가 대상",
    "description": "session objectives/ descriptions, session objectives / descriptions, "
    "session objectives/descriptions, objetivos / descripción de la sesión, "
    "objectifs / description de la session, 세션 목표 / 설명",
    "background": "background, antecedentes, contexto, contexte, 배경",
    "objectives": "objectives, objetivos, objectifs, 목표, 목적",
    "main question": "main question, pregunta principal, question principale, 주요 질문",
    "guiding questions": "guiding questions, preguntas orientadoras, preguntas guía, "
    "questions directrices, questions d'orientation, 안내 질문, 세부 질문",
    "join": "where to join, join, enlace, dónde conectarse, lien, lien de connexion, 참여 링크, 접속 링크",
    "people": "moderator and speakers, moderador y ponentes, moderadora y ponentes, "
    "modérateur et intervenants, "
    "modératrice et intervenants, 진행자 및 발표자",
    "moderator": "moderator, moderador, moderadora, modérateur, modératrice, 진행자, 사회자, 좌장",
    "speakers": "speakers, ponentes, panelistas, intervenants, intervenantes, 발표자, 연사",
    "program": "program, programme, agenda, programa, 프로그램",
}
_SPEAKER = r"speaker|ponente|panelista|intervenante?|발표자|연사"
_HEADERS = {
    "organization": ("organi", "institucion", "소속", "기관"),
    "name": ("name", "nombre", "nom", "이름", "성명"),
    "presentation": ("presentation", "presentacion", "descripcion", "description", "발표"),
}
_TIME_HEADERS = {"time", "hour", "schedule", "hora", "horario", "heure", "horaire", "시간"}
_KOREAN_ORDINALS = ("첫", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉", "열")
_ORDINAL = re.compile(
    rf"^(?:(?P<number>\d{{1,3}})\s*(?:st|nd|rd|th|er|re|e|eme|ère|ème|º|ª|\.\s*[ºª]|\.)?\s+(?:{_SPEAKER})"
    rf"|(?P<korean>첫|두|세|네|다섯|여섯|일곱|여덟|아홉|열)\s*번째\s*(?:발표자?|연사)?"
    rf"|(?:{_SPEAKER})\s*(?P<after>\d{{1,3}})(?!\d))"
    r"[^:]{0,40}?\s*[:\-–]\s*(?P<rest>.+)$",
    re.IGNORECASE,
)


def folded(text: str) -> str:
    """A text without accents, capitals and bold marks, its white space collapsed, for comparing."""
    spread = unicodedata.normalize("NFD", text.replace("*", "").casefold())
    return unicodedata.normalize("NFC", " ".join("".join(c for c in spread if c not in _ACCENTS).split()))


def section(label: str) -> str | None:
    """The section that a label names, None for any other text."""
    return _BY_LABEL.get(folded(label))


def column(header: str) -> str | None:
    """What a column of the speakers' table holds, by its header; None where that is none."""
    text = folded(header)
    return next((kind for kind, beginnings in _HEADERS.items() if text.startswith(beginnings)), None)


def is_time_header(text: str) -> bool:
    """Whether a field heads the column of times."""
    return folded(text) in _TIME_HEADERS


def speaker_number(label: str) -> int | None:
    """The number in ``Speaker 2`` or ``Ponente 2``."""
    found = re.search(r"(?<!\d)\d{1,3}(?!\d)", label)
    return int(found[0]) if found else None


def numbered_content(content: str) -> tuple[int, str] | None:
    """``2nd speaker presentation: Title`` is (2, ``Title``); None for what names no speaker by number."""
    found = _ORDINAL.match(content)
    if found is None:
        return None
    number = found["number"] or found["after"]
    return (int(number) if number else _KOREAN_ORDINALS.index(found["korean"]) + 1), found["rest"]


_ACCENTS = frozenset(map(chr, range(0x300, 0x370)))
_BY_LABEL = {folded(label): kind for kind, labels in _SECTIONS.items() for label in labels.split(", ")}
