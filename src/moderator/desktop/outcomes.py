"""What came of a wish, as a notice: from the gateway's answers and refusals. Pure; `orders` asks the gateway."""

from collections.abc import Sequence

from msgspec.structs import replace

from moderator.client.commands import Disconnecting
from moderator.client.errors import Busy, Conflict, GatewayError, GatewayUnreachable
from moderator.client.texts import clock_time, safe
from moderator.desktop.intents import DisconnectOrder, Intent
from moderator.desktop.notices import Notice, failure_sentence

NEXT_BOOKING = "next_booking"
"""The gateway's code for a new end that is later than the beginning of the room's next appointment."""
NOT_CONFIRMED = "not_confirmed"
"""The gateway's code for a platform that did not answer in time: it may still do what was asked."""


# --- one person ----------------------------------------------------------------------------------------------------


def any_asked(answers: Sequence[Disconnecting]) -> bool:
    """Whether the platform was asked to end at least one connection."""
    return any(answer.outcome == "requested" for answer in answers)


def disconnected(
    order: DisconnectOrder, answers: Sequence[Disconnecting], failed: Sequence[GatewayError], *, blocked: bool
) -> str:
    """What became of each connection of a person, in a sentence or two."""
    name, count = safe(order.name), len(order.participants)
    if failed and not answers:
        return failure_sentence(f"disconnect {name}", str(failed[0]))
    outcome = "is being disconnected" if any_asked(answers) else "had left already"
    afterwards = " and is kept out" if blocked else ", but can come back" if order.block else ""
    partly = f" {failure_sentence(f'end {len(failed)} of {count} connections', str(failed[0]))}" if failed else ""
    return f"{name} {outcome}{afterwards}.{partly}"


# --- the end of a room ---------------------------------------------------------------------------------------------


def not_extended(name: str, intent: Intent, error: GatewayError) -> Notice:
    """It may have been taken all the same, so what is tried again means the same version: it cannot be added twice."""
    key = f"extend {intent.room}"
    if error.code == NOT_CONFIRMED:
        return Notice(tone="info", text=f"{name}: {str(error).rstrip('.')}.", key=key)
    what = f"set the end of {name}" if intent.ends_at else f"extend {name}"
    again = isinstance(error, GatewayUnreachable | Busy)
    return Notice(
        tone="problem",
        text=failure_sentence(what, str(error)),
        action="Try again" if again else "",
        intents=(intent,) if again else (),
        key=key,
    )


def overtaken(name: str, intent: Intent, error: Conflict) -> Notice:
    """Somebody was quicker: say what holds now, and leave it to the person whether to add more."""
    deadline = error.members.get("deadline")
    ends_at = deadline.get("ends_at") if isinstance(deadline, dict) else None
    if not isinstance(ends_at, int):
        return Notice(tone="problem", text=failure_sentence(f"extend {name}", str(error)))
    by = error.members.get("changed_by_name") or error.members.get("changed_by") or "Somebody"
    return Notice(
        tone="info",
        text=f"{safe(str(by))} changed {name} just before: it ends {clock_time(ends_at)} now.",
        action="Add anyway" if intent.seconds >= 0 else "Take off anyway",
        intents=(intent,),
        key=f"extend {intent.room}",
    )


def booked(name: str, intent: Intent, error: Conflict) -> Notice:
    """The room's next appointment begins before the new end, as the gateway knows and the picture did not: ask."""
    starts_at = error.members.get("starts_at")
    begins = f" at {clock_time(starts_at, with_seconds=False)}" if isinstance(starts_at, int) else ""
    other = safe(str(error.members.get("name") or "another appointment"))
    return Notice(
        tone="info",
        text=f"{name} was not extended: {other} begins in this room{begins}.",
        action="Extend into it",
        intents=(replace(intent, into_next=True),),
        key=f"extend {intent.room}",
    )


# --- many at once --------------------------------------------------------------------------------------------------


def together(intents: Sequence[Intent], notices: Sequence[Notice]) -> Notice:
    """Partial failure stays visible, and only what failed is tried again; what somebody else changed is left alone."""
    results = list(zip(intents, notices, strict=True))
    failed = [(intent, notice) for intent, notice in results if notice.tone == "problem"]
    late = [(intent, notice) for intent, notice in results if notice.tone == "info" and notice.action]
    unsure = [(intent, notice) for intent, notice in results if notice.tone == "info" and not notice.action]
    if not failed and not late and not unsure:
        return _all_done(intents, notices)
    still_open = failed or late
    done = len(results) - len(failed) - len(late) - len(unsure)
    first = (still_open or unsure)[0][1].text
    changed = f" {len(late)} that somebody else just changed were left alone." if failed and late else ""
    waiting = f" {len(unsure)} not confirmed yet." if unsure and still_open else ""
    return Notice(
        tone="problem" if failed else "info",
        text=f"Done for {done} of {len(results)} {_noun(intents)}. {first}{changed}{waiting}",
        action="Retry failed" if failed else "Add anyway" if late else "",
        intents=tuple(one for intent, notice in still_open for one in notice.intents or (intent,)),
        key="many",
    )


def _all_done(intents: Sequence[Intent], notices: Sequence[Notice]) -> Notice:
    undo = tuple(intent for notice in notices for intent in notice.intents)
    same = {notice.text for notice in notices}
    if len(same) == 1:  # the devices of one person
        return Notice(tone="done", text=same.pop(), action=notices[0].action, intents=undo)
    text = f"Done for {len(notices)} {_noun(intents)}."
    return Notice(tone="done", text=text, action="Undo all" if undo else "", intents=undo, key="many")


def _noun(intents: Sequence[Intent]) -> str:
    """What the wishes differ in."""
    return "rooms" if len({intent.room for intent in intents}) > 1 else "devices"
