"""Everything that was decided about one instance of a room, and how a decision that loses its slot is told."""

from typing import Final

from msgspec import Struct

from moderator.domain.rooms import Deadline, Failure, Lock, Pending, Person, Violation, Warning

EXTENSION: Final = "extension"
REMOVING: Final = frozenset({"disconnect", "room_end"})
"""Commands after which people are gone."""


class Refused(Exception):
    """A decision lost its slot. `code` is stable, the message is for people."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code
        self.why = why


class Removal(Struct, frozen=True, gc=False):
    """Somebody ordered a participant out; it counts until the order failed."""

    command: str
    participant: str


class Decided(Struct, frozen=True, gc=False, kw_only=True):
    """Everything that was decided about one instance of a room."""

    deadline: Deadline | None = None
    deadline_version: int = 0
    """Goes on counting after the deadline was cleared."""
    warnings: tuple[Warning, ...] = ()
    owner: Person | None = None
    violations: tuple[Violation, ...] = ()
    violations_cleared: int = 0
    allowed: tuple[str, ...] = ()
    """Persons who may stay although a policy objects."""
    told: tuple[str, ...] = ()
    """What the people in the room were told of by themselves."""
    locked: Lock | None = None
    pending: tuple[Pending, ...] = ()
    removals: tuple[Removal, ...] = ()
    disconnects: dict[str, int] = {}
    """How often each participant was ordered out, and under "" the whole room, whatever became of it."""
    failures: tuple[Failure, ...] = ()
    """The last failure of each command and target, until it succeeds."""


def expect_next(decided: Decided, version: int) -> None:
    """Raise Refused unless this is the next version of the deadline, and free.

    What is being moved on the platform holds the slot until that has confirmed it, or not.
    """
    if any(found.command == EXTENSION for found in decided.pending):
        raise Refused("conflict", "somebody else is moving the deadline just now")
    if version != decided.deadline_version + 1:
        raise Refused("conflict", f"the deadline is already at version {decided.deadline_version}")
