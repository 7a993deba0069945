"""The representations that have been asked for of one edition, each made once."""

import asyncio
from collections import OrderedDict
from datetime import datetime

from gsef_notify.feeds.events import Site
from gsef_notify.feeds.feed import Edition, refresh_at
from gsef_notify.program.changes import Publication
from gsef_notify.web.representation import Kind, Representation
from gsef_notify.web.sources import House
from gsef_notify.web.wanted import Wanted

ROOM_BYTES = 64 * 2**20
Fields = tuple[tuple[str, str], ...]


class Shelf:
    """What there is of a publication as it is fed at the instant ``now``; what was asked for longest ago
    makes place when it takes more than ``room`` bytes."""

    def __init__(self, site: Site, publication: Publication, now: datetime, room: int = ROOM_BYTES) -> None:
        refresh = refresh_at(publication.program, now)
        self._edition = Edition(site, publication, refresh.interval)
        self._modified = max(publication.accepted_at, refresh.since or publication.accepted_at)
        self._until = refresh.until
        self._made: OrderedDict[str, Representation] = OrderedDict()
        self._free = room
        self._making = asyncio.Lock()

    def holds(self, publication: Publication, now: datetime) -> bool:
        """Whether this is how the publication is fed at that instant."""
        return self._edition.publication is publication and (self._until is None or now < self._until)

    def at_hand(self, wanted: Wanted) -> Representation | None:
        """What has been made already."""
        known = self._made.get(wanted.key)
        if known is not None:
            self._made.move_to_end(wanted.key)
        return known

    async def take(self, wanted: Wanted, fields: Fields) -> Representation:
        """What is wanted, with these fields in its answers. Raises NothingSelected."""
        async with self._making:
            known = self.at_hand(wanted)
            return known or self._keep(wanted, await asyncio.to_thread(self._make, wanted, fields))

    def _make(self, wanted: Wanted, fields: Fields) -> Representation:
        kind = Kind(wanted.media_type, wanted.file_name, fields)
        return Representation(wanted.render(self._edition), self._modified, kind)

    def _keep(self, wanted: Wanted, made: Representation) -> Representation:
        self._made[wanted.key] = made
        self._free -= made.size
        while self._free < 0 and len(self._made) > 1:
            self._free += self._made.popitem(last=False)[1].size
        return made


class NewestShelf:
    """The shelf of the newest publication; the one before is dropped with all that is on it."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._shelf: Shelf | None = None

    def shelf(self) -> Shelf | None:
        """The shelf to take from now, None before the first publication."""
        publication, now = self._house.source.latest(), self._house.now()
        if publication is None:
            return None
        if self._shelf is None or not self._shelf.holds(publication, now):
            self._shelf = Shelf(self._house.site, publication, now)
        return self._shelf
