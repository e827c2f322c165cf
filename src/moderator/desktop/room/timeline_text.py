"""The timeline as text, for a message or a report: whoever reads it was not there. Pure: no Qt."""

from collections.abc import Iterable

from moderator.client.texts import local_time, safe
from moderator.desktop.room.summary_texts import announced_words
from moderator.desktop.room.timeline_rows import TimelineRow
from moderator.domain.rooms import Room
from moderator.language import tr


def timeline_text(room: Room, rows: Iterable[TimelineRow]) -> str:
    """The whole timeline, oldest first: times with the day where it changes, and the zone they are in."""
    lines, day = _heading(room), ""
    for row in reversed(list(rows)):
        if (date := _date(row.at)) != day:
            day = date
            lines += ["", date]
        text = tr("{sentence} (reported late)").format(sentence=row.text) if row.late else row.text
        lines.append(f"{row.time}  {text}")
    return "\n".join(lines) + "\n"


def _heading(room: Room) -> list[str]:
    source, id_ = safe(room.source), safe(room.room)
    lines = [f"{safe(room.name or room.room)} ({source}/{id_})"]
    if room.type:
        lines.append(tr("Room type: {type}").format(type=safe(room.type)))
    if announced := announced_words(room):
        lines.append(announced[:1].upper() + announced[1:])
    return lines


def _date(at: int) -> str:
    """`2026-11-21, CET (UTC+01:00)`: the same for readers everywhere."""
    local = local_time(at)
    if local is None:
        return "?"
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%d}, {local.tzname()} (UTC{offset[:3]}:{offset[3:]})"
