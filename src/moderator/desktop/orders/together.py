"""What came of several wishes at once: one notice, with what became of each where not all worked out. Pure."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from moderator.desktop.orders.intents import Intent
from moderator.desktop.orders.notices import Notice, Result
from moderator.language import ntr, tr

KEY: Final = "many"
"""Of the notices about several: a later one takes an earlier one's place."""


class _Sorted(Struct, frozen=True):
    """The wishes with what came of them."""

    failed: list[tuple[Intent, Notice]]
    late: list[tuple[Intent, Notice]]
    """Somebody else was quicker, or something else has to be asked first."""
    unsure: list[tuple[Intent, Notice]]
    """The platform has not confirmed them."""
    done: list[tuple[Intent, Notice]]


def together(intents: Sequence[Intent], notices: Sequence[Notice]) -> Notice:
    """Partial failure stays visible, and only what failed is tried again; what somebody else changed is left alone."""
    found = _sorted(intents, notices)
    if len(found.done) == len(notices):
        return _all_done(intents, notices)
    still_open = found.failed or found.late
    action = tr("Retry failed") if found.failed else tr("Add anyway") if found.late else ""
    listed = (*found.failed, *found.late, *found.unsure, *found.done)
    return Notice(
        tone="problem" if found.failed else "info",
        text=_how_many_of(intents, len(found.done)),
        action=action,
        intents=tuple(one for intent, notice in still_open for one in notice.intents or (intent,)),
        undo=tuple(one for _, notice in found.done for one in notice.undo),
        again=tuple(one for notice in notices for one in notice.again),
        results=tuple(Result(notice.tone, notice.text) for _, notice in listed),
        key=KEY,
    )


def _sorted(intents: Sequence[Intent], notices: Sequence[Notice]) -> _Sorted:
    pairs = list(zip(intents, notices, strict=True))
    return _Sorted(
        failed=[one for one in pairs if one[1].tone == "problem"],
        late=[one for one in pairs if one[1].tone == "info" and one[1].action],
        unsure=[one for one in pairs if one[1].tone == "info" and not one[1].action],
        done=[one for one in pairs if one[1].tone == "done"],
    )


def _all_done(intents: Sequence[Intent], notices: Sequence[Notice]) -> Notice:
    undo = tuple(intent for notice in notices for intent in notice.undo)
    same = {notice.text for notice in notices}
    if len(same) == 1:  # the devices of one person
        return Notice(tone="done", text=same.pop(), action=notices[0].action, intents=undo, undo=undo)
    count = len(notices)
    words = ntr("Done for {count} device.", "Done for {count} devices.", count)
    if _are_rooms(intents):
        words = ntr("Done for {count} room.", "Done for {count} rooms.", count)
    action = tr("Undo all") if undo else ""
    return Notice(tone="done", text=words.format(count=count), action=action, intents=undo, undo=undo, key=KEY)


def _how_many_of(intents: Sequence[Intent], done: int) -> str:
    count = len(intents)
    words = ntr("Done for {done} of {count} device.", "Done for {done} of {count} devices.", count)
    if _are_rooms(intents):
        words = ntr("Done for {done} of {count} room.", "Done for {done} of {count} rooms.", count)
    return words.format(done=done, count=count)


def _are_rooms(intents: Sequence[Intent]) -> bool:
    """What the wishes differ in: rooms, or the devices of one person."""
    return len({intent.room for intent in intents}) > 1
