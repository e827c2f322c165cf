"""What a moderator asks for, by key or by click, before anybody looks at whether it is possible. Widgets emit these;
`moderator.desktop.routing` decides what comes of them."""

from typing import Literal

from msgspec import Struct

from moderator.domain.ids import RoomKey
from moderator.domain.kinds import Reason

ActionName = Literal[
    "extend", "extend_custom", "disconnect", "readmit", "allow", "mute", "revoke", "restore", "stop_stream",
    "message", "end", "acknowledge", "claim", "release", "lock", "unlock", "hold", "resume",
    "go_on_duty", "go_off_duty", "select", "filter", "sessions",
]  # fmt: skip


class Intent(Struct, frozen=True, kw_only=True):
    """One wish, and what it is about: always ids, never rows."""

    action: ActionName
    room: RoomKey | None = None
    instance: str = ""
    """The only meeting in the room that is meant; empty for whichever is there. What takes something back has one."""
    participant: str = ""
    """The participant's id: one connection."""
    user: str = ""
    """For re-admitting: the blocked person."""
    warning: str = ""
    """For acknowledging; empty means every warning of the room."""
    stream: str = ""
    seconds: int = 0
    """For extending; 0 means the room's own step."""
    ends_at: int = 0
    """For extending a room that has no end: the moment it gets, in milliseconds since the epoch, UTC."""
    version: int = 0
    """For extending: of the deadline that is meant; 0 means the one that is known by then."""
    filter: str = ""
    """For filtering: which rooms the table is to show, a `moderator.desktop.tables.arrangement.FilterName`."""
    into_next: bool = False
    """For extending: it is known, and wanted, that the room's next appointment begins before the new end."""
    reason: Reason | None = None
    """For ending: why. Without one it has not been decided yet."""
    text: str = ""
    """For a message. Without one it has not been written yet."""


class DisconnectOrder(Struct, frozen=True, kw_only=True):
    """Remove a person: every connection of theirs that is in the room."""

    room: RoomKey
    participants: tuple[str, ...]
    user: str
    name: str
    reason: Reason
    block: bool | int
    """False, or keep the person out for that many seconds, or for good."""
