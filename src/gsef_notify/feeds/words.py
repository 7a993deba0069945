"""What the texts of events say in the languages of the forum. Pure."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from babel import Locale
from babel.dates import format_date

from gsef_notify import zones


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


_WORDS = {
    words.tag: words
    for words in (
        Words("en", "Join: {}", "This has been cancelled.", "Part of: {}", "Online", "{} time",
              "EEE dd MMM yyyy", "{:+d} day"),
        Words("es", "Enlace: {}", "Se ha cancelado.", "Parte de: {}", "En línea", "hora de {}",
              "EEE d MMM yyyy", "{:+d} día"),
        Words("fr", "Lien : {}", "Ceci est annulé.", "Fait partie de : {}", "En ligne", "heure de {}",
              "EEE d MMM yyyy", "{:+d} jour"),
        Words("ko", "참여: {}", "취소되었습니다.", "세션: {}", "온라인", "{} 시간",
              "yyyy년 M월 d일 (EEE)", "{:+d}일"),
    )
}  # fmt: skip
LANGUAGES = tuple(_WORDS)


def words_of(tag: str) -> Words:
    """The words of a language, by its BCP 47 tag; English for those that are not spoken here."""
    return _WORDS.get(tag.partition("-")[0].lower(), _WORDS["en"])


def time_line(words: Words, name: str, start: datetime, end: datetime) -> str:
    """``Fri 08 Oct 2021, 06:21-06:31 Santiago time (UTC-03:00)``: two instants by the clock of a zone."""
    begin, finish = zones.local(start, name), zones.local(end, name)
    day = format_date(begin.date(), words.day, locale=words.tag)
    return f"{day}, {begin:%H:%M}-{finish:%H:%M} {clock(words, name, start)}"


def place_line(words: Words, name: str, start: datetime, end: datetime, shown: str) -> str:
    """``18:21-18:31 Seoul``, with the days by which it lies apart from the date in zone ``shown``."""
    begin, finish = zones.local(start, name), zones.local(end, name)
    days = (begin.date() - zones.local(start, shown).date()).days
    apart = f" ({words.later.format(days)})" if days else ""
    return f"{begin:%H:%M}-{finish:%H:%M} {city(words, name, start)}{apart}"


def clock(words: Words, name: str, moment: datetime) -> str:
    """Whose clock it is: ``hora de Santiago (UTC-03:00)``, ``UTC+01:00`` for a zone without a city."""
    where, offset = city(words, name, moment), zones.offset_label_at(moment, name)
    return offset if where == offset else f"{words.clock.format(where)} ({offset})"


def city(words: Words, name: str, moment: datetime) -> str:
    """The city of a zone as the language calls it; the offset at that instant for a zone without one."""
    where = zones.place(name, moment)
    return _cities(words.tag).get(name, where) if where == zones.city(name) else where


@cache
def _cities(tag: str) -> dict[str, str]:
    if tag == "en":
        return {}
    known = Locale(tag).time_zones
    return {str(name): str(known[name]["city"]) for name in known if "city" in known[name]}
