"""What the routes about duty answer. Gateway and client share the shape."""

from msgspec import Struct

from moderator.domain.rooms import Person


class OnDuty(Struct, frozen=True):
    """Who watches the rooms at `seq`."""

    seq: int
    on_duty: tuple[Person, ...]
