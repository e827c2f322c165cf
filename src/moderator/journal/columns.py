"""Columns beside the body of an entry, by which it is found: whether they say what the body says. Pure.

No hash is over them, and people are erased by some of them, so whoever verifies a log compares them.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

import msgspec
from msgspec import Raw, Struct

from moderator.domain.personal import Members
from moderator.feed.codec import UNDECODABLE
from moderator.journal.personal import found_by


class EventHead(Struct):
    """What columns repeat of an event."""

    kind: str
    source: str | None = None
    room: str | None = None
    data: Raw = Raw(b"{}")
    personal: list[str] = []


class BodyHead(Struct):
    """What columns repeat of an entry."""

    id: str
    recorded_at: int
    events: list[EventHead]


class TextColumns(NamedTuple):
    """A personal text, and the columns that it is found by."""

    source: object
    room: object
    participant: object
    subject: object
    value: bytes | None
    """None where it was erased: then nothing tells any more who it was about."""


class Columns(NamedTuple):
    """An entry's row, and the rows of it in other tables."""

    id: object
    recorded_at: object
    rooms: AbstractSet[tuple[object, object]]
    texts: Sequence[TextColumns]


_members: Final = msgspec.json.Decoder(Members)


def odd_column(body: BodyHead, columns: Columns) -> str:
    """The first column that says something else than the body; empty when all agree."""
    if columns.id != body.id:
        return "entries.id"
    if columns.recorded_at != body.recorded_at:
        return "entries.recorded_at"
    if columns.rooms != {(event.source, event.room or "") for event in body.events if event.source is not None}:
        return "entry_rooms"
    owners = [event for event in body.events for _ in event.personal]
    for event, text in zip(owners, columns.texts, strict=False):  # that one is missing is said by its commitment
        if name := _odd_text(event, text):
            return f"texts.{name}"
    return ""


def _odd_text(event: EventHead, text: TextColumns) -> str:
    said: dict[str, str] = {"source": event.source or "", "room": event.room or ""}
    if text.value is not None:
        try:
            said["participant"], said["subject"] = found_by(_members.decode(event.data), _members.decode(text.value))
        except (*UNDECODABLE, KeyError, TypeError):
            return "value"
    return next((name for name, value in said.items() if getattr(text, name) != value), "")
