"""What was cancelled is told for as long as is set, and then no more, without anybody's doing."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from gsef_notify.errors import SettingsError
from gsef_notify.program.model import Program
from gsef_notify.service.publish import Newest, Policy, publish, tidied
from gsef_notify.settings import Settings
from tests.service.conftest import START

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("kept", [timedelta(0), timedelta(days=7)])
def test_what_is_over_leaves_the_feeds_by_itself(engine: Engine, program: Program, kept: timedelta) -> None:
    newest, over = Newest(), program.sessions[0].end + kept
    policy = Policy(rules=(), kept=kept)
    publish(engine, program, policy, START)
    newest.replace(publish(engine, Program(), policy, START)[0])
    assert tidied(engine, newest, policy, over - timedelta(seconds=1)) is None
    publication = tidied(engine, newest, policy, over)
    assert publication is not None
    assert (publication.revision, publication.removed) == (3, {})
    newest.replace(publication)
    assert tidied(engine, newest, policy, over) is None


def test_how_long_is_a_setting() -> None:
    assert Settings().kept == timedelta(days=30)
    assert Settings(cancelled_kept="1 week 2 days").kept == timedelta(days=9)
    with pytest.raises(SettingsError, match="cancelled_kept: 'long' is no length of time"):
        _ = Settings(cancelled_kept="long").kept
