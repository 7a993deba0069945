"""Mails in the language of their reader."""

import inspect
import io
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po

from gsef_notify.errors import SettingsError
from gsef_notify.feeds.words import LANGUAGES
from gsef_notify.mail import speech as speech_module
from gsef_notify.mail.compose import Letter, compose
from gsef_notify.mail.speech import CATALOGS, speech, tag_of
from gsef_notify.mail.templates import Templates
from gsef_notify.settings import bundled
from tests.mail.conftest import ON_AIR

FOLDER = bundled("templates") / "mail"
TEMPLATES = Templates(FOLDER)
TRANSLATED = [tag for tag in LANGUAGES if tag != "en"]


def catalog(tag: str) -> Catalog:
    with (FOLDER / CATALOGS / f"{tag}.po").open("rb") as file:
        return read_po(file, locale=tag, abort_invalid=True)


def said_in_code() -> set[str]:
    source = io.BytesIO(inspect.getsource(speech_module).encode())
    found = extract_python(source, {"gettext": None, "ngettext": (1, 2)}, (), {})
    return {message if isinstance(message, str) else message[0] for _, _, message, _ in found}


@pytest.mark.parametrize("tag", TRANSLATED)
def test_every_sentence_is_translated_and_nothing_else(tag: str) -> None:
    messages = [message for message in catalog(tag) if message.id]
    ids = {message.id if isinstance(message.id, str) else message.id[0] for message in messages}
    assert ids == {*TEMPLATES.sentences(), *said_in_code()}
    for message in messages:
        forms = (message.string,) if isinstance(message.string, str) else message.string or ()
        first = message.id if isinstance(message.id, str) else message.id[0]
        assert not message.fuzzy
        for form in forms:
            assert set(re.findall(r"%\(\w+\)s", form)) == set(re.findall(r"%\(\w+\)s", first))


@pytest.mark.parametrize(
    ("language", "subject", "lines"),
    [
        ("es-CL", "En 10 minutos: su turno es a las 06:21 (hora de Santiago de Chile) - ",
         ["Hola, Eric Leyton Inostroza:", "Su turno es en 10 minutos:", "viernes 8 de octubre de 2021",
          "06:21-06:31 hora de Santiago de Chile (UTC-03:00)", "= 18:21-18:31 hora de Seúl (UTC+09:00)",
          "DÓNDE ENTRAR"]),
        ("fr", "Dans 10 minutes : c’est à vous à 06:21 (heure de Santiago) - ",
         ["Bonjour Eric Leyton Inostroza,", "C’est à vous dans 10 minutes :", "vendredi 8 octobre 2021",
          "06:21-06:31 heure de Santiago (UTC-03:00)", "= 18:21-18:31 heure de Séoul (UTC+09:00)",
          "OÙ SE CONNECTER"]),
        ("ko", "10분 후: 발표 차례 06:21 (산티아고 시간) - ",
         ["Eric Leyton Inostroza 님께,", "10분 후 발표하실 차례입니다:", "2021년 10월 8일 금요일",
          "06:21-06:31 산티아고 시간 (UTC-03:00)", "= 18:21-18:31 서울 시간 (UTC+09:00)", "참여 방법"]),
        ("km", "In 10 minutes: you are on at 06:21 (Santiago time) - ",
         ["Dear Eric Leyton Inostroza,", "You are on in 10 minutes:", "Friday 8 October 2021",
          "06:21-06:31 Santiago time (UTC-03:00)", "= 18:21-18:31 Seoul time (UTC+09:00)", "WHERE TO JOIN"]),
    ],
)  # fmt: skip
def test_a_speaker_reads_their_time_in_their_language(
    letter: Letter, language: str, subject: str, lines: list[str]
) -> None:
    mail = replace(letter, recipient=replace(letter.recipient, language=language))
    message = compose(mail, TEMPLATES)
    assert message.subject.startswith(subject)
    text = [line.strip() for line in message.text.splitlines()]
    assert [line for line in lines if line not in text] == []
    assert f'<html lang="{tag_of(language)}">' in message.html
    assert message.language == tag_of(language)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(0), ["now", "ahora", "maintenant", "지금"]),
        (timedelta(minutes=1), ["in 1 minute", "en 1 minuto", "dans 1 minute", "1분 후"]),
        (timedelta(minutes=70), ["in 1 hour 10 minutes", "en 1 hora 10 minutos", "dans 1 heure 10 minutes",
                                 "1시간 10분 후"]),
        (timedelta(hours=3), ["today", "hoy", "aujourd’hui", "오늘"]),
        (timedelta(days=1), ["tomorrow", "mañana", "demain", "내일"]),
        (timedelta(days=7), ["in 7 days", "dentro de 7 días", "dans 7 jours", "7일 후"]),
    ],
)  # fmt: skip
def test_the_time_left_is_told_in_each_language(before: timedelta, words: list[str]) -> None:
    said = [TEMPLATES.speech(tag).left(ON_AIR - before, ON_AIR, "America/Santiago") for tag in LANGUAGES]
    assert said == words


def test_a_broken_catalog_is_named(tmp_path: Path) -> None:
    (tmp_path / CATALOGS).mkdir()
    file = tmp_path / CATALOGS / "es.po"
    file.write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"es\.po: .* - mend the catalog"):
        speech([tmp_path], "es")


def test_without_a_catalog_mails_are_in_english(tmp_path: Path) -> None:
    assert speech([tmp_path], "fr").left(ON_AIR, ON_AIR, "UTC") == "now"


def test_an_organizer_replaces_single_templates_and_sentences(letter: Letter, tmp_path: Path) -> None:
    (tmp_path / "speaker-segment").mkdir()
    (tmp_path / "speaker-segment" / "subject.txt").write_text("{{ _('Get ready') }}, {{ name }}", "utf-8")
    (tmp_path / CATALOGS).mkdir()
    own = 'msgid "Get ready"\nmsgstr "Prepárese"\n\nmsgid "Where to join"\nmsgstr "La sala"\n'
    (tmp_path / CATALOGS / "es.po").write_text(own, encoding="utf-8")
    mail = replace(letter, recipient=replace(letter.recipient, language="es"))
    message = compose(mail, Templates(tmp_path, FOLDER))
    assert message.subject == "Prepárese, Eric Leyton Inostroza"
    assert "LA SALA" in message.text
    assert "A QUIÉN PREGUNTAR" in message.text
