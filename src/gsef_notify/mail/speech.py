"""How mails speak the languages of the forum: gettext catalogs, and dates by CLDR."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from gettext import NullTranslations
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.support import Translations

from gsef_notify import zones
from gsef_notify.errors import SettingsError
from gsef_notify.feeds.words import Words, city_of, clock_of, words_of

CATALOGS = "_languages"
_ABOUT_TO_BEGIN = timedelta(hours=2)


@dataclass(frozen=True)
class Dates:
    """Patterns of CLDR: a day in full, in short, and beside another of the same year."""

    day: str
    short: str
    other: str


_DATES = {
    "en": Dates("EEEE d MMMM yyyy", "EEE d MMM", "EEEE d MMMM"),
    "es": Dates("EEEE d 'de' MMMM 'de' yyyy", "EEE d MMM", "EEEE d 'de' MMMM"),
    "fr": Dates("EEEE d MMMM yyyy", "EEE d MMM", "EEEE d MMMM"),
    "ko": Dates("yyyy년 M월 d일 EEEE", "M월 d일 (EEE)", "M월 d일 EEEE"),
}


@dataclass(frozen=True)
class Speech:
    """A language: ``translations`` are those of the templates and of this module."""

    tag: str
    translations: NullTranslations

    @property
    def words(self) -> Words:
        """The words that calendars use too."""
        return words_of(self.tag)

    def day(self, local: datetime) -> str:
        """``Friday 8 October 2021``."""
        return self._date(local, _DATES[self.tag].day)

    def short_day(self, local: datetime) -> str:
        """``Fri 8 Oct``."""
        return self._date(local, _DATES[self.tag].short)

    def other_day(self, local: datetime) -> str:
        """``Friday 8 October``."""
        return self._date(local, _DATES[self.tag].other)

    def place(self, name: str, moment: datetime) -> str:
        """The city of a zone; the offset at that instant for a zone without one."""
        return city_of(self.words, name, zones.utc_offset(moment, name))

    def whose(self, name: str, moment: datetime) -> str:
        """``Santiago time``; the offset for a zone without a city."""
        place = self.place(name, moment)
        return self.words.clock.format(place) if zones.has_city(name) else place

    def clock(self, name: str, moment: datetime) -> str:
        """``Santiago time (UTC-03:00)``."""
        return clock_of(self.words, name, zones.utc_offset(moment, name))

    def country(self, code: str) -> str:
        """A country by its ISO 3166-1 alpha-2 code."""
        return str(Locale(self.tag).territories.get(code, code))

    def left(self, now: datetime, start: datetime, timezone: str) -> str:
        """How long it is until ``start``, in words that are true at ``now``: "in 10 minutes", "tomorrow"."""
        remaining, days = start - now, _midnights(now, start, timezone)
        gettext, ngettext = self.translations.gettext, self.translations.ngettext
        if remaining <= timedelta(0):
            return gettext("now")
        if remaining < _ABOUT_TO_BEGIN:
            return gettext("in %(length)s") % {"length": self.length(remaining)}
        if days == 0:
            return gettext("today")
        if days == 1:
            return gettext("tomorrow")
        return ngettext("in %(number)s day", "in %(number)s days", days) % {"number": days}

    def length(self, length: timedelta) -> str:
        """``1 hour 30 minutes``, in whole minutes, at least one."""
        ngettext = self.translations.ngettext
        hours, minutes = divmod(max(round(length / timedelta(minutes=1)), 1), 60)
        counted = (
            (hours, ngettext("%(number)s hour", "%(number)s hours", hours)),
            (minutes, ngettext("%(number)s minute", "%(number)s minutes", minutes)),
        )
        return " ".join(words % {"number": number} for number, words in counted if number)

    def _date(self, local: datetime, pattern: str) -> str:
        return format_date(local.date(), pattern, locale=self.tag)


def is_near(now: datetime, start: datetime, timezone: str) -> bool:
    """Whether the day of ``start`` need not be named beside the words of Speech.left."""
    return start - now < _ABOUT_TO_BEGIN or _midnights(now, start, timezone) <= 1


def tag_of(language: str) -> str:
    """The language that mails speak to somebody of that BCP 47 tag; English where it is none of ours."""
    return words_of(language).tag


def speech(folders: Sequence[Path], tag: str) -> Speech:
    """A language by the catalogs in folders of mail templates, of which the first has precedence; in English
    where none translates a sentence. Raises SettingsError for a catalog that is broken."""
    found: NullTranslations = NullTranslations()
    for folder in reversed(folders):
        file = folder / CATALOGS / f"{tag}.po"
        if file.is_file():
            later = _translations(file, tag)
            later.add_fallback(found)
            found = later
    return Speech(tag, found)


def _translations(file: Path, tag: str) -> Translations:
    compiled = io.BytesIO()
    try:
        with file.open("rb") as source:
            write_mo(compiled, read_po(source, locale=tag, abort_invalid=True))
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        raise SettingsError(f"{file}: {error} - mend the catalog") from None
    compiled.seek(0)
    return Translations(compiled)


def _midnights(now: datetime, start: datetime, timezone: str) -> int:
    return (zones.local(start, timezone).date() - zones.local(now, timezone).date()).days
