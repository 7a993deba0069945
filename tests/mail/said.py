"""What a mail says about times, read out of its subject, text or HTML by words of our own: no code of the
program that wrote it is used, and of babel the names of months and weekdays alone."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from babel.dates import get_day_names, get_month_names

ZONES: Mapping[str, tuple[str, str, str, str]] = {
    "Asia/Seoul": ("Seoul", "Seúl", "Séoul", "서울"),
    "America/Santiago": ("Santiago", "Santiago de Chile", "Santiago", "산티아고"),
    "Africa/Kampala": ("Kampala", "Kampala", "Kampala", "캄팔라"),
    "America/Toronto": ("Toronto", "Toronto", "Toronto", "토론토"),
    "Asia/Phnom_Penh": ("Phnom Penh", "Phnom Penh", "Phnom Penh", "프놈펜"),
    "Europe/Lisbon": ("Lisbon", "Lisboa", "Lisbonne", "리스본"),
    "Africa/Cairo": ("Cairo", "El Cairo", "Le Caire", "카이로"),
    "Africa/Casablanca": ("Casablanca", "Casablanca", "Casablanca", "카사블랑카"),
    "Asia/Gaza": ("Gaza", "Gaza", "Gaza", "가자"),
    "Australia/Lord_Howe": ("Lord Howe", "Lord Howe", "Lord Howe", "로드 하우"),
    "Asia/Kathmandu": ("Kathmandu", "Kathmandu", "Kathmandu", "Kathmandu"),
    "Pacific/Chatham": ("Chatham", "Chatham", "Chatham", "채텀"),
    "Pacific/Apia": ("Apia", "Apia", "Apia", "아피아"),
    "America/St_Johns": ("St Johns", "San Juan de Terranova", "Saint-Jean de Terre-Neuve", "세인트존스"),
}
LANGUAGES = ("en", "es", "fr", "ko")
TIME = r"(?<!\d)(?:[01]\d|2[0-3]):[0-5]\d(?!\d)"


@dataclass(frozen=True)
class Language:
    """The words of one language. ``left`` has a pattern for each way to say how long it is until then, with
    numbers as groups; ``length`` is hours and minutes; ``begun`` says that it has begun."""

    tag: str
    whose: str
    day: str
    other_day: str
    short_day: str
    left: Mapping[str, str]
    length: str
    begun: str
    there: str
    cue: str
    told: str
    forward: str
    back: str
    headings: str


@dataclass(frozen=True)
class Day:
    """A day as it is named; ``year`` is None where it is left out."""

    weekday: int
    day: int
    month: int
    year: int | None


@dataclass(frozen=True)
class Times:
    """From ``start`` to ``end`` (None where it is not said) of what has that title, by the clock of a zone
    (None where it is not named), on that day, that far from UTC in minutes."""

    title: str
    start: str
    end: str | None = None
    zone: str | None = None
    offset: int | None = None
    day: Day | None = None


@dataclass(frozen=True)
class Left:
    """How long it is until then: ``now``, ``today``, ``tomorrow``, ``days`` or ``minutes``, that many."""

    kind: str
    number: int = 0


@dataclass(frozen=True)
class ClockChange:
    """A change of the clock of a zone, ahead of the slot, by that many minutes."""

    day: Day
    zone: str
    minutes: int


@dataclass
class Said:
    """All that one text says of times. ``taken_back`` are those that it says were wrong, ``cues`` the times
    of people, ``there`` when to be there, ``outgoing`` when which rules are due, ``today`` the day and the
    clock of the mail itself; ``unread`` is what nobody could make sense of."""

    times: list[Times] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    taken_back: list[Times] = field(default_factory=list)
    cues: list[tuple[str, str]] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    zones: list[str] = field(default_factory=list)
    changes: list[ClockChange] = field(default_factory=list)
    outgoing: list[tuple[str, str]] = field(default_factory=list)
    today: list[Times] = field(default_factory=list)
    has_begun: bool = False
    unread: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many times, days and zones are in it."""
        ends = sum(each.end is not None for each in self.times)
        lengths = (len(self.times), len(self.left), len(self.taken_back), len(self.cues), len(self.there))
        others = (len(self.zones), len(self.changes), len(self.outgoing), len(self.today))
        return ends + sum(lengths) + sum(others)


def _one_of(words: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True)) + ")"


def _names(tag: str, width: str) -> tuple[str, str]:
    days = get_day_names(width, locale=tag).values()  # type: ignore[arg-type]
    months = get_month_names(width, locale=tag).values()  # type: ignore[arg-type]
    return _one_of(map(str, days)), _one_of(map(str, months))


def _days(tag: str, full: str, other: str, short: str) -> dict[str, str]:
    wide, brief = _names(tag, "wide"), _names(tag, "abbreviated")
    number, year = r"\d{1,2}", r"\d{4}"
    parts = {"W": wide[0], "M": wide[1], "w": brief[0], "m": brief[1], "D": number, "Y": year}
    patterns = {"day": full, "other_day": other, "short_day": short}
    return {
        name: re.sub(r"\{(\w)\}", lambda found: parts[found[1]], pattern)
        for name, pattern in patterns.items()
    }


_LANGUAGES = {
    language.tag: language
    for language in (
        Language(
            "en",
            whose="{} time",
            **_days("en", "{W} {D} {M} {Y}", "{W} {D} {M}", "{w} {D} {m}"),
            left={
                "now": r"\bnow\b",
                "today": r"\btoday\b",
                "tomorrow": r"\btomorrow\b",
                "days": r"\bin (\d+) days?\b",
            },
            length=r"\bin (?:(\d+) hours?\b)? ?(?:(\d+) minutes?\b)?",
            begun="(?:has begun|You are on now)",
            there=r"(?:Open the link below today: .{0,60}?)?be there from {} on",
            cue="{} hand over to (.+)",
            told="We told you {time} on {day}(?:; please forget that. This holds now:)?",
            forward=r"on {day} the clocks in {place} go forward by {length}",
            back=r"on {day} the clocks in {place} go back by {length}",
            headings="What goes out today",
        ),
        Language(
            "es",
            whose="hora de {}",
            **_days("es", "{W} {D} de {M} de {Y}", "{W} {D} de {M}", "{w} {D} {m}"),
            left={
                "now": r"\bahora\b",
                "today": r"\bhoy\b",
                "tomorrow": r"\bmañana\b",
                "days": r"\bdentro de (\d+) días?\b",
            },
            length=r"\ben (?:(\d+) horas?\b)? ?(?:(\d+) minutos?\b)?",
            begun="(?:ha empezado|Es su turno, desde|Es su turno ahora)",
            there=r"(?:Abra hoy el enlace de abajo: .{0,60}?)?(?:esté allí|esté presente) desde las {}",
            cue="{} dé la palabra a (.+)",
            told="Le habíamos dicho las {time} del {day}(?:; olvídelo, por favor. Ahora vale esto:)?",
            forward="el {day} los relojes de {place} se adelantan {length}",
            back="el {day} los relojes de {place} se atrasan {length}",
            headings="Lo que sale hoy|desde ayer por la mañana",
        ),
        Language(
            "fr",
            whose="heure de {}",
            **_days("fr", "{W} {D} {M} {Y}", "{W} {D} {M}", "{w} {D} {m}"),
            left={
                "now": r"\bmaintenant\b",
                "today": r"\baujourd’hui\b",
                "tomorrow": r"\bdemain\b",
                "days": r"\bdans (\d+) jours?\b",
            },
            length=r"\bdans (?:(\d+) heures?\b)? ?(?:(\d+) minutes?\b)?",
            begun="(?:a commencé|C’est à vous, depuis|C’est à vous maintenant)",
            there="(?:Ouvrez aujourd’hui le lien ci-dessous : .{0,60}?)?(?:soyez là|d’être présent) dès {}",
            cue="{} donnez la parole à (.+)",
            told="Nous vous avions (?:indiqué|annoncé) {time} le {day}"
            "(?: ; oubliez-le, s’il vous plaît. Voici ce qui vaut maintenant :)?",
            forward="le {day}, les horloges de {place} avancent de {length}",
            back="le {day}, les horloges de {place} reculent de {length}",
            headings="Ce qui part aujourd’hui",
        ),
        Language(
            "ko",
            whose="{} 시간",
            **_days("ko", "{Y}년 {M} {D}일 {W}", "{M} {D}일 {W}", r"{m} {D}일 \({w}\)"),
            left={"now": "지금", "today": "오늘", "tomorrow": "내일", "days": r"(\d+)일 후"},
            length=r"(?:(\d+)시간)? ?(?:(\d+)분)? 후",
            begun="(?:시작되었습니다|지금 발표하실 차례입니다)",
            there="(?:오늘 아래 링크를 열어 .{0,40}?)?{}부터 (?:대기|참석)해 주",
            cue="{} (.+) 님께 넘기기",
            told="(?:이전에 )?{day} {time}\\(으\\)로 (?:안내해 드렸으나|알려 드렸으나)",
            forward="{day}에 {place}의 시계가 {length} 앞당겨집니다",
            back="{day}에 {place}의 시계가 {length} 늦춰집니다",
            headings="오늘 발송되는 메일",
        ),
    )
}


def read(text: str, tag: str, titles: Iterable[str], people: Iterable[str]) -> Said:
    """What a text or HTML in that language says, about things of those titles and people of those names."""
    return _Reading(_LANGUAGES[tag], [*titles], [*people]).body(_collapsed(text))


def read_subject(text: str, tag: str, titles: Iterable[str], people: Iterable[str]) -> Said:
    """What a subject says, as ``read``."""
    return _Reading(_LANGUAGES[tag], [*titles], [*people]).subject(_collapsed(text))


def plain(page: str) -> str:
    """The words of an HTML page, with blanks where blocks meet."""
    page = re.sub(r"(?s)<(style|title)>.*?</\1>|<!doctype[^>]*>", " ", page)
    page = re.sub(r"</?(?:span|a|strong)\b[^>]*>", "", page)
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


def _collapsed(text: str) -> str:
    return " ".join(text.replace("–", "-").replace("\u202f", " ").replace("\xa0", " ").split())


class _Reading:
    """One text, out of which what is understood is taken piece by piece."""

    def __init__(self, language: Language, titles: list[str], people: list[str]) -> None:
        self.language = language
        index = LANGUAGES.index(language.tag)
        self.zone_of = {language.whose.format(names[index]): zone for zone, names in ZONES.items()}
        self.place_of = {names[index]: zone for zone, names in ZONES.items()}
        self.whose = f"(?:{_one_of(self.zone_of)}|UTC)"
        self.clock = rf"(?:{_one_of(self.zone_of)} \(UTC(?:[+-]\d\d:\d\d)?\)|UTC)"
        self.titles = _one_of(" ".join(title.split()) for title in titles)
        self.people = _one_of(people)
        self.said = Said()
        self.rest = ""

    def body(self, text: str) -> Said:
        self.rest = text
        opening = re.split(TIME, text, maxsplit=1)[0]
        self.said.has_begun = bool(re.search(self.language.begun, opening))
        self._clock_changes()
        self._taken_back()
        self._digest()
        self._clocks()
        self._sessions()
        self._there()
        self._lines()
        self._cues()
        self._zones()
        self._left(once=bool(self.said.times))
        self._unread()
        return self.said

    def subject(self, text: str) -> Said:
        self.rest = text
        self.said.has_begun = bool(re.search(self.language.begun, text))
        pattern = rf"(?:({self.language.short_day})(\W|\bat\b|\ba\b|\blas\b|à)*)?({TIME}) \(({self.whose})\)"
        for found in self._take(pattern + rf".*? - ({self.titles})"):
            self._add(found[5], found[3], None, found[4], self._day(found[1]))
        self._left(once=True)
        self._unread()
        return self.said

    def _take(self, pattern: str, flags: int = 0) -> Iterator["re.Match[str]"]:
        """Everything that has that shape, which is then gone."""
        found = list(re.finditer(pattern, self.rest, flags))
        self.rest = re.sub(pattern, " \x00 ", self.rest, flags=flags)
        return iter(found)

    def _add(
        self,
        title: str,
        start: str,
        end: str | None,
        clock: str | None,
        day: Day | None = None,
        said: Said | None = None,
    ) -> None:
        whose, _, label = (clock or "").partition(" (UTC")
        zone = "UTC" if whose == "UTC" else self.zone_of.get(whose)
        offset = _minutes(label.rstrip(")")) if "UTC" in (clock or "") else None
        (said or self.said).times.append(Times(title, start, end, zone, offset, day))

    def _clocks(self) -> None:
        day, span, other = self.language.day, rf"({TIME}) ?- ?({TIME})", self.language.other_day
        beside = rf" = {TIME}-{TIME} {self.clock}(?:, {other})?"
        pattern = rf"({day}) {span} ({self.clock})((?:{beside})*) ({self.titles})"
        for found in self._take(pattern):
            here = self._day(found[1])
            self._add(found[6], found[2], found[3], found[4], here)
            for each in re.finditer(rf"({TIME})-({TIME}) ({self.clock})(?:, ({other}))?", found[5]):
                self._add(found[6], each[1], each[2], each[3], self._day(each[4]) or here)

    def _digest(self) -> None:
        for found in self._take(rf"({self.language.day}), ({self.clock}) (?!= )"):
            here = Said()
            self._add("", "", None, found[2], self._day(found[1]), here)
            self.said.today += here.times
        for found in self._take(rf"({TIME}) [^,:]{{1,24}}, ([a-z]+-[a-z0-9-]+|cancelled|changed|reinstated)"):
            self.said.outgoing.append((found[1], found[2]))
        list(self._take(self.language.headings, re.IGNORECASE))
        for found in self._take(rf"({self.language.short_day}), ({TIME})"):
            self._add("", found[2], None, None, self._day(found[1]))

    def _sessions(self) -> None:
        pattern = rf"({self.titles}) (?:({self.language.day}), )?({TIME})-({TIME}) ({self.whose})"
        for found in self._take(pattern):
            self._add(found[1], found[3], found[4], found[5], self._day(found[2]))

    def _there(self) -> None:
        time = rf"({TIME})(?: \({self.whose}\))?"
        for found in self._take(self.language.there.replace("{}", time), re.IGNORECASE):
            self.said.there.append(found[1])

    def _lines(self) -> None:
        for found in self._take(rf"({TIME})-({TIME}) ({self.titles})"):
            self._add(found[3], found[1], found[2], None)

    def _cues(self) -> None:
        people = rf"({self.people}(?:, {self.people})*)"
        pattern = self.language.cue.replace("{}", f"({TIME})").replace("(.+)", people)
        for found in self._take(pattern):
            self.said.cues.append((found[1], found[2]))

    def _zones(self) -> None:
        for found in self._take(rf"\(({self.whose})\)"):
            self.said.zones.append(self.zone_of.get(found[1], "UTC"))

    def _taken_back(self) -> None:
        pattern = self.language.told.format(time=f"(?P<time>{TIME})", day=f"(?P<day>{self.language.day})")
        for found in self._take(pattern):
            self.said.taken_back.append(Times("", found["time"], day=self._day(found["day"])))

    def _clock_changes(self) -> None:
        places = _one_of(self.place_of)
        length = re.sub(r"\\b(?:in|en|dans) | 후", "", self.language.length)
        length = length.replace(r"(\d+)", r"(?P<h>\d+)", 1).replace(r"(\d+)", r"(?P<m>\d+)", 1)
        for sign, shape in ((1, self.language.forward), (-1, self.language.back)):
            day = f"(?P<day>{self.language.day})"
            for found in self._take(shape.format(day=day, place=f"(?P<place>{places})", length=length)):
                minutes = sign * (60 * int(found["h"] or 0) + int(found["m"] or 0))
                named = self._day(found["day"])
                assert named
                self.said.changes.append(ClockChange(named, self.place_of[found["place"]], minutes))

    def _left(self, *, once: bool) -> None:
        """Where something is told, how long it is until then stands before it."""
        opening, mark, later = self.rest.partition("\x00")
        self.rest = opening
        for kind, pattern in self.language.left.items():
            for found in self._take(pattern, re.IGNORECASE):
                self.said.left.append(Left(kind, int(found[1]) if found.re.groups else 0))
        for found in self._take(rf"(?=\S*\s?\d){self.language.length}", re.IGNORECASE):
            if found[1] or found[2]:
                self.said.left.append(Left("minutes", 60 * int(found[1] or 0) + int(found[2] or 0)))
        self.rest = self.rest + mark + later

    def _unread(self) -> None:
        names = [*_names(self.language.tag, "wide")] if self.language.tag != "ko" else [r"\w요일"]
        words = [TIME, r"UTC[+-]", *(rf"\b{each}\b" for each in names), *self.language.left.values()]
        for found in re.finditer("|".join(words), self.rest, re.IGNORECASE):
            self.said.unread.append(self.rest[max(0, found.start() - 40) : found.end() + 40])

    def _day(self, text: str | None) -> Day | None:
        if not text:
            return None
        for width in ("wide", "abbreviated"):
            days = get_day_names(width, locale=self.language.tag)
            months = get_month_names(width, locale=self.language.tag)
            weekday, month = _places(days, text), _places(months, text)
            if weekday and month:
                numbers = [int(each) for each in re.findall(r"(?<!\d)(\d{1,2})(?!\d|월)", text)]
                year = re.search(r"\d{4}", text)
                return Day(weekday[0], numbers[0], month[-1], int(year[0]) if year else None)
        return None


def _places(names: Mapping[int, str], text: str) -> list[int]:
    """The numbers of the names that stand in a text, in the order in which they do."""
    found = ((re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text), number) for number, name in names.items())
    return [number for _, number in sorted((match.start(), number) for match, number in found if match)]


def _minutes(label: str) -> int:
    if not label:
        return 0
    hours, minutes = label[1:].split(":")
    return (1 if label[0] == "+" else -1) * (60 * int(hours) + int(minutes))
