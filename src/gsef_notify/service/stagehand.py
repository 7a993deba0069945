"""What happens in a rehearsal is done as it would be beside the running service."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from gsef_notify.errors import SettingsError
from gsef_notify.program.amendments import AmendmentRefused
from gsef_notify.program.problems import told
from gsef_notify.readers import ProgramFiles
from gsef_notify.readers.source import Assumptions
from gsef_notify.service.amend import Amendments, Effect
from gsef_notify.service.incidents import Cancel, Edit, Incident, Late, Reinstate
from gsef_notify.service.publish import publish_files
from gsef_notify.store.database import transaction
from gsef_notify.store.waiting import waiting_notices


@dataclass(frozen=True)
class Happening:
    """What happened at an instant, and what came of it; ``problems`` are what was wrong with the files."""

    at: datetime
    what: str
    effect: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stagehand:
    """Lets things happen, as of the clock of the amendments."""

    amendments: Amendments
    assumptions: Assumptions

    def perform(self, incident: Incident) -> Happening:
        """Let it happen now. Raises AmendmentRefused for an amendment that makes no sense at this time."""
        if isinstance(incident, Edit):
            return self._publish(incident)
        try:
            effect = self._amend(incident)
        except AmendmentRefused as error:
            at = f"{incident.at:%Y-%m-%d %H:%M} UTC"
            raise AmendmentRefused(f"at {at}, {incident}: {error}") from None
        return Happening(incident.at, str(incident), _outcome(effect.revision, len(effect.told)))

    def _amend(self, incident: Late | Cancel | Reinstate) -> Effect:
        match incident:
            case Late():
                return self.amendments.late(incident.session, incident.minutes, incident.segment)
            case Cancel():
                return self.amendments.cancel(incident.session, incident.segment)
            case Reinstate():
                return self.amendments.reinstate(incident.session, incident.segment)

    def _publish(self, edit: Edit) -> Happening:
        engine, now = self.amendments.engine, self.amendments.clock.now()
        known = self._notices()
        files = ProgramFiles((edit.path,), self.assumptions)
        outcome = publish_files(engine, files, self.amendments.policy, now)
        if outcome.publication is None:
            effect = "not published: it has errors, and the last good program stays"
            return Happening(edit.at, str(edit), effect, tuple(told(outcome.problems)))
        if not outcome.is_new:
            return Happening(edit.at, str(edit), "nothing has changed")
        effect = _outcome(outcome.publication.revision, len(self._notices() - known))
        return Happening(edit.at, str(edit), effect)

    def _notices(self) -> set[int]:
        with transaction(self.amendments.engine) as connection:
            return {notice.id for notice in waiting_notices(connection)}


def check_files(incidents: Iterable[Incident]) -> None:
    """Whether the files are there that the program will be edited to. Raises SettingsError."""
    for each in incidents:
        if isinstance(each, Edit) and not each.path.exists():
            raise SettingsError(f"--edit {each.path}: there is no such file - name a program file or folder")


def _outcome(revision: int, told_number: int) -> str:
    people = {0: "nobody has to be told", 1: "1 person is to be told"}
    return f"revision {revision}; {people.get(told_number, f'{told_number} people are to be told')}"
