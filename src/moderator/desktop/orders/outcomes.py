"""What came of a wish, as a notice: from the gateway's answers and refusals. Pure; `orders` asks the gateway."""

from collections.abc import Sequence

from msgspec.structs import replace

from moderator.client.commands import Disconnecting
from moderator.client.errors import Busy, Conflict, GatewayError, GatewayUnreachable
from moderator.client.texts import clock_time, safe
from moderator.desktop.durations import amount
from moderator.desktop.orders.intents import DisconnectOrder, Intent
from moderator.desktop.orders.notices import Notice, failure_sentence
from moderator.domain.rooms import Deadline, Room
from moderator.language import ntr, tr

MOVED = "conflict"
"""The gateway's code for a deadline that is another by now."""
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
) -> Notice:
    """What became of each connection of a person, in a sentence or two, and how it is taken back."""
    undo = (Intent(action="readmit", room=order.room, user=order.user),) if blocked else ()
    return Notice(
        tone="problem" if failed else "done" if blocked or any_asked(answers) else "info",
        text=_disconnected_words(order, answers, failed, blocked=blocked),
        action=tr("Re-admit") if undo else "",
        intents=undo,
        undo=undo,
        key=f"disconnect {order.room} {order.user}",
    )


def _disconnected_words(
    order: DisconnectOrder, answers: Sequence[Disconnecting], failed: Sequence[GatewayError], *, blocked: bool
) -> str:
    name, count = safe(order.name), len(order.participants)
    if failed and not answers:
        return failure_sentence(tr("Could not disconnect {name}: {why}."), str(failed[0]), name=name)
    if any_asked(answers):
        words = tr("{name} is being disconnected.")
        if blocked:
            words = tr("{name} is being disconnected and is kept out.")
        elif order.block:
            words = tr("{name} is being disconnected, but can come back.")
    else:
        words = tr("{name} had left already.")
        if blocked:
            words = tr("{name} had left already and is kept out.")
        elif order.block:
            words = tr("{name} had left already, but can come back.")
    done = words.format(name=name)
    if not failed:
        return done
    partly = ntr(
        "Could not end {failed} of {count} connection: {why}.",
        "Could not end {failed} of {count} connections: {why}.",
        count,
    )
    return f"{done} {failure_sentence(partly, str(failed[0]), failed=len(failed), count=count)}"


# --- the end of a room ---------------------------------------------------------------------------------------------


def extended(room: Room, seconds: int, deadline: Deadline) -> Notice:
    """The new end, and how it is taken back in the same meeting."""
    back = Intent(action="extend", room=room.key, instance=room.instance, seconds=-seconds)
    undo = (back,) if seconds > 0 else ()
    words = tr("{room}: {amount}, ends {time}.")
    return Notice(
        tone="done",
        text=words.format(room=safe(room.name), amount=amount(seconds, signed=True), time=clock_time(deadline.ends_at)),
        action=tr("Undo") if undo else "",
        intents=undo,
        undo=undo,
        key=f"extend {room.key}",
    )


def end_set(name: str, intent: Intent, deadline: Deadline) -> Notice:
    """The end of a room that had none."""
    text = tr("{room} ends {time}.").format(room=name, time=clock_time(deadline.ends_at))
    return Notice(tone="done", text=text, key=f"extend {intent.room}")


def not_extended(name: str, intent: Intent, error: GatewayError) -> Notice:
    """It may have been taken all the same, so what is tried again means the same version: it cannot be added twice."""
    key = f"extend {intent.room}"
    if error.code == NOT_CONFIRMED:
        return Notice(tone="info", text=failure_sentence(tr("{room}: {why}."), str(error), room=name), key=key)
    is_more = not intent.ends_at and intent.seconds >= 0
    words = tr("Could not extend {room}: {why}.") if is_more else tr("Could not set the end of {room}: {why}.")
    again = tried_again(intent, error)
    return Notice(
        tone="problem",
        text=failure_sentence(words, str(error), room=name),
        action=tr("Try again") if again else "",
        intents=again,
        again=again,
        key=key,
    )


def tried_again(intent: Intent, error: GatewayError) -> tuple[Intent, ...]:
    """What is worth another try, exactly as it was sent: what did not get through, or was put off. Not what the gateway
    refused, nor what the platform may still do."""
    return (intent,) if isinstance(error, GatewayUnreachable | Busy) else ()


def booked(name: str, intent: Intent, error: Conflict) -> Notice:
    """The room's next appointment begins before the new end, as the gateway knows and the picture did not: ask."""
    starts_at = error.members.get("starts_at")
    words = tr("{room} was not extended: another appointment begins in it.")
    if other := safe(str(error.members.get("name") or "")):
        words = tr("{room} was not extended: {appointment} begins in this room.")
        if isinstance(starts_at, int):
            words = tr("{room} was not extended: {appointment} begins in this room at {time}.")
    time = clock_time(starts_at, with_seconds=False) if isinstance(starts_at, int) else ""
    meant = (replace(intent, into_next=True),)
    return Notice(
        tone="info",
        text=words.format(room=name, appointment=other, time=time),
        action=tr("Extend into it"),
        intents=meant,
        again=meant,
        asks=True,
        key=f"extend {intent.room}",
    )
