"""What the parts of the room's pane read from: the store, or the same rooms as they were at an earlier moment."""

from collections.abc import Mapping
from typing import Protocol

from moderator.client.me import Me
from moderator.desktop.orders.intents import Intent
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Person, Room


class Picture(Protocol):
    """The part of `LiveStore` that shows one room."""

    @property
    def me(self) -> Me | None: ...
    @property
    def on_duty(self) -> Mapping[str, Person]: ...
    def room(self, key: RoomKey) -> Room | None: ...
    def now_ms(self) -> int: ...
    def staleness(self, room: Room) -> str: ...
    def why_not(self, intent: Intent) -> str: ...
