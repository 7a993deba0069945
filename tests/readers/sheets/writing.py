"""A session as a sheet in one of four languages, the way an organizer there would type it."""

from dataclasses import dataclass
from datetime import datetime

from gsef_notify import zones
from gsef_notify.program.model import Person, Segment, Session

MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "es": [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
}
LABELS = {
    "en": ("Session title", "Date / Duration", "Language", "Where to join", "Target audience", "Background",
           "Objectives", "Main question", "Guiding questions", "Moderator", "Speakers", "Program"),
    "es": ("Título de la sesión", "Fecha / Duración", "Idioma", "Enlace", "Público objetivo", "Antecedentes",
           "Objetivos", "Pregunta principal", "Preguntas orientadoras", "Moderadora", "Ponentes", "Programa"),
    "fr": ("Titre de la session", "Date / Durée", "Langue", "Lien de connexion", "Public cible", "Contexte",
           "Objectifs", "Question principale", "Questions directrices", "Modératrice", "Intervenants",
           "Programme"),
    "ko": ("세션 제목", "일시", "언어", "참여 링크", "참가 대상", "배경", "목표", "핵심 질문", "토론 질문",
           "진행자", "발표자", "프로그램"),
}  # fmt: skip
SPEAKER = {"en": "Speaker", "es": "Ponente", "fr": "Intervenante", "ko": "발표자"}
ORDINAL = {"en": "{}th speaker presentation: ", "es": "{}.º ponente: ", "fr": "{}e intervenante : ",
           "ko": "발표 {}: "}  # fmt: skip
HEADERS = {
    "en": ("Organization", "Name (Country)", "Presentation Description"),
    "es": ("Organización", "Nombre (País)", "Descripción de la presentación"),
    "fr": ("Organisation", "Nom (Pays)", "Présentation"),
    "ko": ("소속", "이름 (국가)", "발표 내용"),
}
HONORIFIC = {"en": "Ms. ", "es": "Sra. ", "fr": "Mme ", "ko": ""}


@dataclass(frozen=True)
class Style:
    """A hand: language, table sign, the sign between two times, and the form of one."""

    language: str
    column: str  # "|" or a tab
    between: str
    clock: str  # a strftime form


def sheet(session: Session, further_zones: tuple[str, ...], style: Style) -> str:
    """The whole sheet."""
    values = dict(zip(_KEYS, LABELS[style.language], strict=True))
    stated = [_stated(session, zone, style) for zone in (session.timezone, *further_zones)]
    lines = [
        "# A forum",
        f"**{values['title']}:** {session.title}",
        f"{values['date']}: {_date(session, style.language)} ({' / '.join(stated)})",
        f"- {values['language']}: {session.language}",
        f"{values['join']}: {session.join_url}" if session.join_url else "",
        f"{values['audience']}: {session.audience}" if session.audience else "",
        values["background"],
        session.background,
        values["objectives"],
        *session.objectives,
        *(f"{values['moderator']}: {_moderator(person)}" for person in session.with_role("moderator")),
        values["speakers"],
        *_table([("", *HEADERS[style.language]), *_speakers(session, style)], style),
        values["program"],
        *_table([_segment(session, segment, style) for segment in session.segments], style),
    ]
    return "\n".join(line for line in lines if line) + "\n"


_KEYS = ("title", "date", "language", "join", "audience", "background", "objectives", "main", "guiding",
         "moderator", "speakers", "program")  # fmt: skip


def _date(session: Session, language: str) -> str:
    day = zones.local(session.start, session.timezone)
    match language:
        case "en":
            return f"{MONTHS['en'][day.month - 1]} {day.day}, {day.year}"
        case "es":
            return f"{day.day} de {MONTHS['es'][day.month - 1]} de {day.year}"
        case "fr":
            return f"{day.day} {MONTHS['fr'][day.month - 1]} {day.year}"
        case _:
            return f"{day.year}년 {day.month}월 {day.day}일"


def _stated(session: Session, zone: str, style: Style) -> str:
    return f"{_range(session.start, session.end, zone, style)} {zone}"


def _range(start: datetime, end: datetime, zone: str, style: Style) -> str:
    begin, finish = (f"{zones.local(moment, zone):{style.clock}}" for moment in (start, end))
    return f"{begin}{style.between}{finish}"


def _moderator(person: Person) -> str:
    parts = (person.position, person.organization)
    return f"{person.name}, {' / '.join(parts)}" if all(parts) else person.name


def _speakers(session: Session, style: Style) -> list[tuple[str, ...]]:
    return [
        (
            f"{SPEAKER[style.language]} {number}",
            person.organization,
            f"{HONORIFIC[style.language]}{person.name} ({person.country}) / {person.position}",
            person.presentation.title if person.presentation else "",
        )
        for number, person in enumerate(session.with_role("speaker"), 1)
    ]


def _segment(session: Session, segment: Segment, style: Style) -> tuple[str, ...]:
    people = session.people_of(segment)
    number = next((n for n, p in enumerate(session.with_role("speaker"), 1) if p in people), 0)
    ordinal = ORDINAL[style.language].format(number) if number else ""
    names = f" - {HONORIFIC[style.language]}{people[0].name}" if people else ""
    return _range(segment.start, segment.end, session.timezone, style), f"{ordinal}{segment.title}{names}"


def _table(rows: list[tuple[str, ...]], style: Style) -> list[str]:
    if style.column == "|":
        return [f"| {' | '.join(row)} |" for row in rows]
    return ["\t".join(row) for row in rows]
