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
from moderator.language import marked, marked_in, tr, tr_in

if TYPE_CHECKING:
    from moderator.client.audit import Audited

FindRoom = Callable[[RoomKey], Room | None]
"""The room as it is now, for the names of who is in it."""
_OUTCOMES: Final[dict[str, tuple[str, Sign]]] = {
    "done": (marked("done"), Sign("check", "muted")),
    "failed": (marked("failed"), Sign("circle-alert", "critical")),
    "refused": (marked("refused"), Sign("circle-x", "warn")),
    "denied": (marked("denied"), Sign("ban", "warn")),
    "requested": (marked("not settled"), Sign("hourglass", "info")),
    "reported": (marked("reported"), Sign("radio", "muted")),
    "noted": (marked("noted"), Sign("info", "muted")),
}
"""By outcome: a word for it, and how it is shown."""

_IDS: Final = ("participant", "user", "person", "moderator", "subject", "origin")
"""Members that a sentence may begin with."""


def outcome_word(outcome: str) -> str:
    """What came of it, in a word or two."""
    words = _OUTCOMES.get(outcome)
    return tr(words[0]) if words else safe(outcome)


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
        Column(
            title=marked("Recorded"),
            width=176,
            text=lambda one: day_and_time(one.event.recorded_at),
            sign=lambda _: MUTED,
        ),
        Column(title=marked("What happened"), text=lambda one: what(one, find_room)),
        Column(title=marked_in("did it", "Who"), width=120, text=who),
        Column(title=marked("Room"), width=140, text=where),
        Column(
            title=marked("Outcome"),
            width=124,
            text=lambda one: outcome_word(one.outcome),
            sign=lambda one: _OUTCOMES.get(one.outcome, ("", PLAIN))[1],
        ),
    )


def details(record: Audited) -> list[tuple[str, str]]:
    """Everything the record says beside its sentence: a name and a value each. Safe to show."""
    event = record.event
    actor = " ".join(part for part in (event.actor.kind, event.actor.id, f"({event.actor.name})") if part != "()")
    happened = day_and_time(event.at)
    said = [
        (tr("Record"), str(event.seq)),
        (tr("Recorded"), day_and_time(event.recorded_at)),
        (tr("Happened"), tr("{time}, reported late").format(time=happened) if event.late else happened),
        (tr("Kind"), event.kind),
        (tr("Outcome"), outcome_word(record.outcome)),
        (tr("Why"), record.why),
        (tr_in("did it", "Who"), actor),
        (tr("Source"), event.source or ""),
        (tr("Room"), " · ".join(part for part in (record.room_name, event.room or "") if part)),
        (tr("Instance"), event.instance or ""),
        (tr("Id"), event.id),
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
    return "\n".join([what(record, find_room), *lines, tr("Data: {members}").format(members=members(record))]) + "\n"
