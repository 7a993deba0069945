"""The words of a session sheet, in English, Spanish, French and Korean."""

import re
import unicodedata

from gsef_notify.readers.notation import narrow

# What each section of a sheet is called. Accents, capitals, numbers before and brackets behind do not matter.
_SECTIONS = {
    "title": (
        "session title, title, title of the session, session name, workshop title, session, "
        "título de la sesión, título del taller, título, nombre de la sesión, titre de la session, "
        "titre de l'atelier, titre, intitulé de la session, intitulé, 세션 제목, 세션명, 제목, "
        "워크숍 제목, 주제, sesión, séance, titre de la séance, name of the session, name of session, "
        "name of the workshop, nom de la session, "
        "nom de l’atelier, titre de l’atelier, nombre del taller, 세션 이름, 행사명, 워크숍명"
    ),
    "date": (
        "date / duration, date / time, date and time, date & time, date, day, when, fecha / duración, "
        "fecha / hora, fecha y hora, fecha y duración, fecha, cuándo, date / durée, date / heure, "
        "date et heure, date et durée, quand, día, jour, 일시, 날짜 / 시간, 날짜 및 시간, 날짜, 일자, "
        "날짜 / 소요 시간, 일시 / 소요시간, 일시 / 소요 시간, 일시 및 시간, 언제"
    ),
    "time": "time, duration, hora, horario, duración, heure, horaire, durée, 시간, 소요 시간",
    "room": "room, sala, salle, 장소, 회의실",
    "track": "track, theme, eje temático, eje, axe thématique, axe, 분과",
    "language": (
        "language, languages, idioma, idiomas, lengua, langue, langues, 언어, 사용 언어, 진행 언어, "
        "language of the session, idioma de la sesión, idioma de trabajo, langue de travail, 진행언어, "
        "사용언어"
    ),
    "audience": (
        "target audience, audience, who should attend, for whom, público objetivo, "
        "público destinatario, público meta, público, dirigido a, destinatarios, public cible, "
        "public visé, public, publics, destinataires, 대상, 참가 대상, 참여 대상, 참석 대상, "
        "who should come, who is it for, intended for, a quién va dirigido, a quién va dirigida, "
        "dirigida a, para quién, pour qui, 참가자"
    ),
    "description": (
        "session objectives / descriptions, session objectives / description, description, "
        "session description, objetivos / descripción de la sesión, objetivos / descripción, "
        "descripción, descripción de la sesión, objectifs / description de la session, "
        "objectifs / description, description de la session, 세션 목표 / 설명, 목표 / 설명, 세션 설명, "
        "설명"
    ),
    "background": (
        "background, context, why this session, de qué trata, présentation, "
        "antecedentes, contexto, contexte, arrière-plan, 배경, 취지, 개요, "
        "배경 및 취지, justificación, introducción, introduction, rationale, 소개, 세션 소개"
    ),
    "objectives": (
        "objectives, objective, session objectives, what we hope to reach, goals, objetivos, objetivo, "
        "objetivos de la sesión, objectifs, objectif, objectifs de la session, 목표, 목적, 세션 목표, "
        "aims, aim, propósitos, propósito, buts"
    ),
    "main question": (
        "main question, key question, central question, pregunta principal, pregunta central, "
        "pregunta clave, question principale, question centrale, 주요 질문, 핵심 질문, 중심 질문"
    ),
    "guiding questions": (
        "guiding questions, guiding question, questions, preguntas orientadoras, preguntas guía, "
        "preguntas de orientación, preguntas, questions directrices, questions d'orientation, "
        "questions guides, questions d’orientation, 안내 질문, 세부 질문, 토론 질문, 질문, "
        "questions de départ, questions to think about beforehand, "
        "questions to discuss, questions for discussion, discussion questions, "
        "preguntas para el debate, questions pour le débat"
    ),
    "join": (
        "where to join, how to join, join, join link, link to join, link, meeting link, zoom link, "
        "zoom, connection link, connection, enlace, enlace de conexión, enlace de acceso, "
        "enlace para conectarse, enlace a la reunión, dónde conectarse, conexión, "
        "lien, lien de connexion, lien de la réunion, "
        "lien pour se connecter, connexion, où se connecter, 참여 링크, 접속 링크, 접속 주소, 링크, "
        "참가 링크, 줌 링크, 회의 링크, join here, join us here, how to connect, connect, access, "
        "acceso, accès, 참여 방법, 접속"
    ),
    "people": (
        "moderator and speakers, moderators and speakers, people, participants, moderador y ponentes, "
        "moderadora y ponentes, moderación y ponentes, modérateur et intervenants, "
        "modératrice et intervenants, modératrice et intervenantes, 진행자 및 발표자, 좌장 및 발표자, "
        "사회자 및 발표자"
    ),
    "moderator": (
        "moderator, moderators, moderated by, chair, chaired by, facilitator, host, moderador, "
        "moderadora, moderadores, moderación, modera, facilitador, facilitadora, modérateur, "
        "modératrice, modération, modérateurs, animateur, animatrice, animation, 진행자, 사회자, 좌장, "
        "사회, 진행, 모더레이터, moderator of the session, session moderator, modera la sesión, "
        "co-animation, co-moderation, co-moderators, comoderación, comoderan, 공동 진행, 공동 사회"
    ),
    "speakers": (
        "speakers, speaker, panelists, panel, presenters, list of speakers, ponentes, panelistas, "
        "expositores, oradores, lista de ponentes, intervenants, intervenantes, "
        "intervenants et intervenantes, orateurs, panélistes, 발표자, 연사, 발제자, 패널, 발표자 명단, "
        "연사 소개, 발표자 소개, our speakers, the speakers, participating speakers, 참여자, "
        "패널 소개, guests, our guests, invitados, invitadas, invités, invitées"
    ),
    "program": (
        "program, programme, agenda, schedule, running order, timetable, programa, orden del día, "
        "cronograma, horario del programa, déroulé, déroulement, ordre du jour, 프로그램, 진행 순서, "
        "식순, 일정, order of events, 세부 프로그램, 세부 일정, session program, programme de la session, "
        "programa de la sesión, program of the session, 시간표, 순서, orden de la sesión, "
        "order of the session, déroulé de la séance, desarrollo, desarrollo de la sesión"
    ),
}

_AND = r" (?:/|&|y|e|et|and|및|와|과) "
_OF = (
    r" (?:de la|de los|de las|de este|de esta|de cette|de l['’]|del|de|du|des|of the|of|for|para|pour|a la|al"
    r"|a|au) ?"
)
# Labels that are put together of known words, each with what it names.
_PATTERNS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("title", rf"(?:[a-z]+ )?title|(?:title|titulo|nombre|titre|intitule|nom){_OF}[a-z]+"),
        ("title", r"(?:[가-힣]+ )?(?:제목|명칭|명)"),
        ("date", rf"(?:date|fecha|dia|jour|날짜|일시|일자|when|quand|cuando)s?{_AND}[a-z가-힣 ]{{2,20}}"),
        ("time", rf"(?:time|hora|horario|heure|horaire|시간){_AND}[a-z가-힣 ]{{2,20}}"),
        ("join", rf"(?:enlace|lien|link|liga|acceso|acces){_OF}(?:la |el )?[a-z]+(?: [a-z]+)?"),
        ("join", r"(?:[가-힣]+ )?(?:링크|주소)"),
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
_KIND_OF_PAPER = re.compile(
    r"\b(?:sheet|form|info|information|template|ficha|formulario|fiche|formulaire|plantilla)\b|안내|계획서|양식|정보|개요"
)
_SPEAKER = re.compile(
    r"speakers?|presenters?|panelists?|presentations?|talks?|ponentes?|ponencias?|panelistas?|expositor[ae]?s?"
    r"|exposicion(?:es)?|presentacion(?:es)?|intervenante?s?|interventions?|orateurs?|oratrices?|exposes?"
    r"|발표자?|연사|발제자?"
)
_TALK = re.compile(r"^(?:presentations?|talks?|ponencias?|expose|발표)\b(?!자)")
_LETTERS = "abcdefgh"
_LETTERED = re.compile(rf"^(?:{_SPEAKER.pattern}) ([{_LETTERS}])$")
_NUMBER_IN_BRACKETS = re.compile(r"^\((\d{1,2})\)\s*")
_LONGEST_NUMBERED = 30
_HEADERS = {
    "name": ("name", "nombre", "nom", "이름", "성명", "speaker", "ponente", "intervenant", "발표자", "연사",
             "who", "a cargo", "quien", "담당"),
    "organization": ("organi", "institu", "affiliation", "entidad", "structure", "소속", "기관", "단체"),
    "presentation": (
        "presentation", "presentacion", "ponencia", "titulo", "title", "titre", "topic", "tema", "sujet",
        "descripcion", "description", "talk", "communication", "expose", "charla", "발표", "주제", "제목",
    ),
    "country": ("country", "pais", "pays", "국가", "나라"),
    "position": ("position", "role", "cargo", "funcion", "fonction", "poste", "직위", "직책", "직함"),
    "email": ("e-mail", "email", "mail", "correo", "courriel", "이메일", "메일"),
    "label": ("no", "n°", "nº", "#", "번호"),
}  # fmt: skip
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
_NUMBERS = {word: number for number, words in _WORDED.items() for word in words.split()}
_MOST_SPEAKERS = 30


def folded(text: str) -> str:
    """A text without accents, capitals and bold marks, its white space collapsed, for comparing."""
    spread = unicodedata.normalize("NFD", text.replace("*", "").casefold())
    bare = unicodedata.normalize("NFC", "".join(c for c in spread if c not in _ACCENTS))
    return " ".join(re.sub(r"\s*/\s*", " / ", bare).split())


def section(label: str) -> str | None:
    """The section that a label names, None for any other text."""
    plain_signs = folded(narrow(label))
    text = re.sub(r"^(?:\d{1,2}|[ivx]{1,4}|[a-h])\s*[.)]\s+|\s*\([^()]*\)$", "", plain_signs).strip()
    fitting = (kind for kind, pattern in _PATTERNS if pattern.fullmatch(text))
    return _BY_LABEL.get(text) or next(fitting, None)


def is_kind_of_paper(text: str) -> bool:
    """Whether a line names the sheet itself: ``Session sheet``, ``Ficha de la mesa``."""
    return bool(_KIND_OF_PAPER.search(folded(text)))


def is_french(label: str) -> bool:
    """Whether a label is one of a French sheet, and of no other."""
    text = folded(label)
    return text in _FRENCH or text.startswith(("titre", "langue", "intitule"))


def column(header: str) -> str | None:
    """What a column of the speakers' table holds, by its header; None where that is none."""
    text = folded(header)
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
    lettered = _LETTERED.search(text)
    numbers = (_LETTERS.index(lettered[1]) + 1,) if lettered else tuple(dict.fromkeys(_ordinals(text)))
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
_BY_LABEL = {folded(label): kind for kind, labels in _SECTIONS.items() for label in labels.split(", ")}
