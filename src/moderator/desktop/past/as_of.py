"""What the pane reads while it looks back: one room as it was, at the time it was then; else the store itself."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from moderator.client.me import Me
from moderator.client.texts import clock_time
from moderator.desktop.orders.intents import ActionName, Intent
from moderator.desktop.picture import Picture
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Person, Room
from moderator.language import tr

_ABOUT_NOW_OR_THEN: Final[frozenset[ActionName]] = frozenset({"sessions", "select"})
"""What changes nothing."""


class Then(Struct, frozen=True):
    """A room at an earlier moment."""

    room: Room
    at: int
    """Milliseconds since the epoch, UTC."""


class AsOf:
    """A `Picture` of another: the same, but for the one room that is looked back at."""

    def __init__(self, live: Picture) -> None:
        self._live = live
        self.then: Then | None = None
        """What is looked at; None: everything as it is now."""

    @property
    def me(self) -> Me | None:
        """Whose token this is."""
        return self._live.me

    @property
    def on_duty(self) -> Mapping[str, Person]:
        """Moderators by id, for their names."""
        return self._live.on_duty

    def room(self, key: RoomKey) -> Room | None:
        """The room as it was, or is."""
        if self.then is not None and self.then.room.key == key:
            return self.then.room
        return self._live.room(key)

    def now_ms(self) -> int:
        """What time it was, or is."""
        return self._live.now_ms() if self.then is None else self.then.at

    def staleness(self, room: Room) -> str:
        """The past is never out of date."""
        return self._live.staleness(room) if self.then is None else ""

    def why_not(self, intent: Intent) -> str:
        """Nothing can be done to the past."""
        if self.then is None or intent.action in _ABOUT_NOW_OR_THEN:
            return self._live.why_not(intent)
        return tr("You are looking at {time}.").format(time=clock_time(self.then.at))
