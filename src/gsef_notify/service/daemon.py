"""The service: pages and feeds, the watch over the program files, and the sending, in one process, or those
of them that are its role."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy import Engine
from starlette.types import ASGIApp
from watchfiles import Change, awatch

from gsef_notify.clock import RunningClock
from gsef_notify.program.problems import Problem, told
from gsef_notify.readers import ProgramFiles, is_program
from gsef_notify.service import server
from gsef_notify.service.amend import lapsed
from gsef_notify.service.dispatch import Office, claim_next, deliver, next_step
from gsef_notify.service.errands import Errand
from gsef_notify.service.line import Line, Successor
from gsef_notify.service.loop import Loop
from gsef_notify.service.publish import Newest, Policy, catch_up, publish_files, tidied
from gsef_notify.service.role import Role
from gsef_notify.store.database import reading

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 60
NOTICE_SECONDS = 1
TIDY_SECONDS = 600
SUCCESSION_SECONDS = 5
DRAIN_SECONDS = 30


@dataclass(frozen=True)
class Premises:
    """What the service watches and goes by: ``files`` are where the program is written.

    ``resting`` is told the next instant at which a delivery is due whenever there is none at present.
    """

    files: ProgramFiles
    policy: Policy
    clock: RunningClock
    resting: Callable[[datetime | None], None]


class Daemon:
    """Everything that runs until a signal ends it."""

    def __init__(
        self, office: Office, premises: Premises, errands: Sequence[Errand] = (), role: Role = Role.ALL
    ) -> None:
        self.role = role
        self._office = office
        self._premises = premises
        self._errands = errands
        self._publishing = asyncio.Lock()
        self._successor = Successor(office.engine, office.owner)
        self._sending = Loop(
            "sending",
            take=lambda: claim_next(office),
            do=lambda delivery: deliver(office, delivery),
            rest=self._arm,
            width=lambda: office.transport.room().width,
        )
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def now(self) -> datetime:
        """The instant by the clock that the service goes by."""
        return self._office.clock.now()

    @property
    def trouble(self) -> dict[str, str]:
        """What keeps a loop from its work, by the loop's name; empty when all is well."""
        room = self._office.transport.room()
        trouble = self._sending.trouble or ("" if room.width else room.trouble)
        return {"sending": trouble} if trouble else {}

    @property
    def remarks(self) -> dict[str, str]:
        """What does not work at present and can be done without, by its name; empty when all is well."""
        room = self._office.transport.room()
        relay = {"mail": room.trouble} if room.width and room.trouble else {}
        return relay | {errand.name: errand.trouble for errand in self._errands if errand.trouble}

    def run(self, app: ASGIApp, listener: socket.socket) -> None:
        """Serve until SIGTERM or SIGINT, then finish what is being sent. A second signal ends at once."""
        config = server.config(app)
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            runner.run(self._serve(server.Server(config), listener))

    async def _serve(self, http: server.Server, listener: socket.socket) -> None:
        stopped = asyncio.Event()
        _on_signals(lambda: self._stop(http, stopped))
        self._every(NOTICE_SECONDS, self._notice)
        tasks = [asyncio.create_task(duty) for duty in self._duties(stopped)] if self.role.works else []
        self._scheduler.start()
        line = self._line()
        line.open()
        try:
            await http.serve(sockets=[listener])
        finally:
            self._stop(http, stopped)
            await _drained(*tasks)
            self._scheduler.shutdown(wait=False)
            await self._office.transport.close()
            await asyncio.to_thread(line.close)

    def _duties(self, stopped: asyncio.Event) -> list[Coroutine[None, None, None]]:
        """What a service does that works."""
        self._every(SWEEP_SECONDS, self._sending.wake)
        self._every(TIDY_SECONDS, self._tidy)
        self._every(SUCCESSION_SECONDS, self._take_over)
        for errand in self._errands:
            self._scheduler.add_job(errand.run)
            self._every(errand.seconds, errand.run)
        return [self._sending.run(), self._watch(stopped)]

    def _every(self, seconds: int, work: Callable[[], object]) -> None:
        self._scheduler.add_job(work, IntervalTrigger(seconds=seconds))

    def _line(self) -> Line:
        loop = asyncio.get_running_loop()

        def heard() -> None:
            loop.call_soon_threadsafe(self._heard)

        return Line(self._office.engine, self._office.owner, heard)

    def _heard(self) -> None:
        """Another service says that there is something to do."""
        self._sending.wake()
        self._scheduler.add_job(self._notice, id="heard", replace_existing=True)

    def _stop(self, http: server.Server, stopped: asyncio.Event) -> None:
        http.should_exit = True
        self._sending.stop()
        stopped.set()

    async def _take_over(self) -> None:
        if taken := await asyncio.to_thread(self._successor.look, self.now()):
            logger.warning(
                "%d deliveries were being sent by a service that is gone: they go out again", taken
            )
            self._sending.wake()

    async def _arm(self) -> None:
        wake = await asyncio.to_thread(next_step, self._office)
        self._premises.resting(wake)
        if wake is not None:
            at = self._premises.clock.machine_time(wake)
            self._scheduler.add_job(self._sending.wake, DateTrigger(at), id="due", replace_existing=True)

    async def _watch(self, stopped: asyncio.Event) -> None:
        folders = {path if path.is_dir() else path.parent for path in self._premises.files.paths}
        async for _ in awatch(*folders, watch_filter=_is_program, stop_event=stopped, recursive=False):
            await self._one_at_a_time(self._publish)
            self._sending.wake()

    async def _notice(self) -> None:
        """Follow a revision that another process has published."""
        if self._publishing.locked():
            return
        known = _revision(self._office.newest)
        await self._one_at_a_time(self._follow)
        if _revision(self._office.newest) != known:
            self._sending.wake()

    def _follow(self) -> None:
        with reading(self._office.engine) as connection:
            catch_up(connection, self._office.newest)

    async def _tidy(self) -> None:
        await self._one_at_a_time(self._drop_what_is_over)

    async def _one_at_a_time(self, work: Callable[[], None]) -> None:
        async with self._publishing:
            try:
                await asyncio.to_thread(work)
            except Exception:
                logger.exception("publishing: the last good program stays")

    def _drop_what_is_over(self) -> None:
        office, premises = self._office, self._premises
        publication = tidied(office.engine, office.newest, premises.policy, office.clock.now())
        if publication is not None:
            office.newest.replace(publication)

    def _publish(self) -> None:
        office, premises = self._office, self._premises
        now = office.clock.now()
        outcome = publish_files(office.engine, premises.files, premises.policy, now)
        report(outcome.problems)
        report_lapses(office.engine, now)
        if outcome.publication is None:
            logger.error("the program files have errors: the last good program stays")
            return
        office.newest.replace(outcome.publication)
        if outcome.is_new:
            logger.info("published revision %d", outcome.publication.revision)


def report(problems: Sequence[Problem]) -> None:
    """Log the findings about the program files."""
    for level, severity in ((logging.ERROR, "error"), (logging.WARNING, "warning")):
        for line in told(problem for problem in problems if problem.severity == severity):
            logger.log(level, "%s", line)


def report_lapses(engine: Engine, now: datetime) -> None:
    """Log which amendments the program files leave nothing to amend."""
    for line in lapsed(engine, now):
        logger.warning("%s", line)


def _revision(newest: Newest) -> int:
    publication = newest.latest()
    return publication.revision if publication else 0


def _on_signals(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    seen: list[signal.Signals] = []

    def handle(received: signal.Signals) -> None:
        if seen:
            os._exit(128 + received)
        seen.append(received)
        logger.info("%s: finishing what is being sent", received.name)
        stop()

    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, handle, each)


def _is_program(_: Change, path: str) -> bool:
    """Whether a changed file can be a program; the database may lie in the same folder, and changes often."""
    return is_program(Path(path))


async def _drained(*tasks: "asyncio.Task[None]") -> None:
    if not tasks:
        return
    _, unfinished = await asyncio.wait(tasks, timeout=DRAIN_SECONDS)
    for task in unfinished:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
