"""A record of the audit in words: for its row, for the pane beside it, and as text to be passed on. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import msgspec

from moderator.client.sentences import sentence
from moderator.client.texts import platform_name, safe
from moderator.desktop.reviews.moments import day_and_time
from moderator.desktop.reviews.rows_model import MUTED, PLAIN, Column, Sign
from moderator.domain.events import Event
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room
from moderator.feed.codec import encode_event

if TYPE_CHECKING:
    from moderator.client.audit import Audited

FindRoom = Callable[[RoomKey], Room | None]
"""The room as it is now, for the names of who is in it."""
_OUTCOMES: Final[dict[str, tuple[str, Sign]]] = {
    "done": ("done", Sign("check", "muted")),
    "failed": ("failed", Sign("circle-alert", "critical")),
    "refused": ("refused", Sign("circle-x", "warn")),
    "denied": ("denied", Sign("ban", "warn")),
    "requested": ("not settled", Sign("hourglass", "info")),
    "reported": ("reported", Sign("radio", "muted")),
    "noted": ("noted", Sign("info", "muted")),
}
"""By outcome: a word for it, and how it is shown."""

_IDS: Final = ("participant", "user", "person", "moderator", "subject", "origin")
"""Members that a sentence may begin with."""


def outcome_word(outcome: str) -> str:
    """What came of it, in a word or two."""
    return _OUTCOMES.get(outcome, (outcome, PLAIN))[0]


def what(record: Audited, find_room: FindRoom) -> str:
    """The sentence of the record."""
    event = record.event
    room = find_room(event.key) if event.key is not None else None
    text = sentence(event, room if room is not None and room.instance == event.instance else None, record.person)
    return text if _begins_with_id(text, event) else text[:1].upper() + text[1:]


def _begins_with_id(text: str, event: Event) -> bool:
    """An id with another first letter would be another id."""
    ids = (event.actor.id, *(getattr(event.data, name, "") for name in _IDS))
    return any(isinstance(id_, str) and id_ and text.startswith(safe(id_)) for id_ in ids)


def who(record: Audited) -> str:
    """Who did it: a moderator's name, a platform's, or which part of the system."""
    actor = record.event.actor
    if actor.kind == "provider":
        return platform_name(actor.id)
    return safe(actor.name or (actor.id if actor.kind == "moderator" else "") or actor.kind)


def where(record: Audited) -> str:
    """The room's name; empty where it is about none."""
    return safe(record.room_name or record.event.room or "")


def columns(find_room: FindRoom) -> tuple[Column[Audited], ...]:
    """The table, from left to right."""
    return (
        Column(title="Recorded", width=176, text=lambda one: day_and_time(one.event.recorded_at), sign=lambda _: MUTED),
        Column(title="What happened", text=lambda one: what(one, find_room)),
        Column(title="Who", width=120, text=who),
        Column(title="Room", width=140, text=where),
        Column(
            title="Outcome",
            width=124,
            text=lambda one: outcome_word(one.outcome),
            sign=lambda one: _OUTCOMES.get(one.outcome, ("", PLAIN))[1],
        ),
    )


def details(record: Audited) -> list[tuple[str, str]]:
    """Everything the record says beside its sentence: a name and a value each. Safe to show."""
    event = record.event
    actor = " ".join(part for part in (event.actor.kind, event.actor.id, f"({event.actor.name})") if part != "()")
    said = [
        ("Record", f"{event.seq}"),
        ("Recorded", day_and_time(event.recorded_at)),
        ("Happened", day_and_time(event.at) + (", reported late" if event.late else "")),
        ("Kind", event.kind),
        ("Outcome", outcome_word(record.outcome)),
        ("Why", record.why),
        ("Who", actor),
        ("Source", event.source or ""),
        ("Room", " · ".join(part for part in (record.room_name, event.room or "") if part)),
        ("Instance", event.instance or ""),
        ("Id", event.id),
    ]
    return [(name, safe(value)) for name, value in said if value]


def members(record: Audited) -> str:
    """The members of the record's data as they are stored, indented."""
    wire = msgspec.json.decode(encode_event(record.event))
    lines = msgspec.json.format(msgspec.json.encode(wire["data"]), indent=2).decode().splitlines()
    return "\n".join(map(safe, lines))


def as_text(record: Audited, find_room: FindRoom) -> str:
    """The whole record, for a message or a ticket."""
    lines = [f"{name}: {value}" for name, value in details(record)]
    return "\n".join([what(record, find_room), *lines, f"Data: {members(record)}"]) + "\n"
