"""Why somebody may not come back, since when, for how long, and who said so. Pure: no Qt, no clock."""

from moderator.client.texts import clock_time, safe
from moderator.desktop import times
from moderator.desktop.reasons import reason_words
from moderator.domain.events import Event
from moderator.domain.rewinding import moment_of
from moderator.domain.rooms import Block
from moderator.language import tr


def blocked_words(block: Block, decided: Event | None, now_ms: int) -> str:
    """`Conduct · 13:41 by Maya · for good`; `decided`: the decision behind it, where it is known."""
    why = reason_words(block.reason) if block.reason else ""
    return " · ".join(part for part in (why, _since_and_by(block, decided, now_ms), _until(block, now_ms)) if part)


def _since_and_by(block: Block, decided: Event | None, now_ms: int) -> str:
    by = safe((decided.actor.name if decided else "") or block.by)
    if decided is None:
        return tr("by {name}").format(name=by) if by else ""
    return tr("{time} by {name}").format(time=_moment(moment_of(decided), now_ms), name=by)


def _until(block: Block, now_ms: int) -> str:
    return tr("for good") if block.until is None else tr("until {time}").format(time=_moment(block.until, now_ms))


def _moment(at: int, now_ms: int) -> str:
    """The time of day, with the date where it is of another day."""
    time, day = clock_time(at, with_seconds=False), times.day_words(at, now_ms)
    return time if day == tr("today") else tr("{day} {time}").format(day=day, time=time)
