"""What the texts of events say in the languages of the forum. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from babel import Locale
from babel.dates import format_date

from gsef_notify import zones
from gsef_notify.wall_clock import WallClock


@dataclass(frozen=True)
class Words:
    """The labels of one language; those with ``{}`` have a place for a name. ``day`` is a pattern of CLDR."""

    tag: str
    join: str
    cancelled: str
    part_of: str
    online: str
    clock: str
    day: str
    later: str
    revoked: str
    revoked_hint: str


_WORDS = {
    words.tag: words
    for words in (
        Words("en", "Join: {}", "This has been cancelled.", "Part of: {}", "Online", "{} time",
              "EEE dd MMM yyyy", "{:+d} day",
              "This calendar link is no longer valid",
              "You can remove this calendar. For a new link, ask the organizers: {}"),
        Words("es", "Enlace: {}", "Se ha cancelado.", "Parte de: {}", "En línea", "hora de {}",
              "EEE d MMM yyyy", "{:+d} día",
              "Este enlace del calendario ya no es válido",
              "Puede quitar este calendario. Para un enlace nuevo, pregunte a los organizadores: {}"),
        Words("fr", "Lien : {}", "Ceci est annulé.", "Fait partie de : {}", "En ligne", "heure de {}",
              "EEE d MMM yyyy", "{:+d} jour",
              "Ce lien de calendrier n’est plus valable",
              "Vous pouvez retirer ce calendrier. Pour un nouveau lien, demandez aux organisateurs : {}"),
        Words("ko", "참여: {}", "취소되었습니다.", "세션: {}", "온라인", "{} 시간",
              "yyyy년 M월 d일 (EEE)", "{:+d}일",
              "이 캘린더 링크는 더 이상 유효하지 않습니다",
              "이 캘린더를 삭제하셔도 됩니다. 새 링크는 주최자에게 요청하세요: {}"),
    )
}  # fmt: skip
LANGUAGES = tuple(_WORDS)


def words_of(tag: str) -> Words:
    """The words of a language, by its BCP 47 tag; English for those that are not spoken here."""
    return _WORDS[spoken(tag) or "en"]


def spoken(tag: str) -> str | None:
    """The one of our languages that a BCP 47 tag means, None for those that are not spoken here."""
    language = tag.partition("-")[0].lower()
    return language if language in _WORDS else None


def around_hours(words: Words, name: str, day: date, offset: timedelta) -> tuple[str, str]:
    """``Fri 08 Oct 2021, `` and `` Santiago time (UTC-03:00)``: what stands before and after the hours by the
    clock of a zone, on a day when it is that far from UTC."""
    return f"{format_date(day, words.day, locale=words.tag)}, ", f" {clock_of(words, name, offset)}"


def place_line(words: Words, clock: WallClock, start: datetime, end: datetime) -> str:
    """``18:21-18:31 Seoul``: two instants by the clock of a city."""
    return f"{hours(clock, start, end)} {city_of(words, clock.name, clock.at(start).offset)}"


def days_apart(words: Words, days: int) -> str:
    """What follows the line of a place where it is that many days later than for the reader."""
    return f" ({words.later.format(days)})" if days else ""


def hours(clock: WallClock, start: datetime, end: datetime) -> str:
    """``18:21-18:31``."""
    return f"{clock.at(start).time}-{clock.at(end).time}"


def clock_of(words: Words, name: str, offset: timedelta) -> str:
    """Whose clock it is: ``hora de Santiago (UTC-03:00)``, ``UTC+01:00`` for a zone without a city."""
    where, label = city_of(words, name, offset), zones.offset_label(offset)
    return label if where == label else f"{words.clock.format(where)} ({label})"


def city_of(words: Words, name: str, offset: timedelta) -> str:
    """The city of a zone as the language calls it; the offset for a zone without one."""
    return (
        _cities(words.tag).get(name, zones.city(name)) if zones.has_city(name) else zones.offset_label(offset)
    )


@cache
def _cities(tag: str) -> dict[str, str]:
    if tag == "en":
        return {}
    known = Locale(tag).time_zones
    return {str(name): str(known[name]["city"]) for name in known if "city" in known[name]}
