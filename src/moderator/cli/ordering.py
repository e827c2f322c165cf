"""The commands that change something in a room, or pause the policies of all: find who is meant, order it, say what the
gateway answered."""

import asyncio
from argparse import Namespace
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
from msgspec import Struct

from moderator.cli.connection import connected
from moderator.cli.failures import Failure
from moderator.client.commands import Accepted, Extended, GatewayClient
from moderator.client.errors import Conflict, GatewayError, Invalid, NotFound
from moderator.client.selectors import NotSelected, select_participant, select_room
from moderator.client.texts import clock_time, minutes, next_time, safe
from moderator.clock import SystemClock
from moderator.domain.kinds import MuteMode
from moderator.domain.rooms import Participant, Room

Answered = tuple[Struct, str]
"""What the gateway answered, and the same as a sentence."""

NO_DEADLINE: Final = "the room has no deadline to move: set one with --until HH:MM"
_REJOIN: Final = {
    "blocked_by_provider": "the platform keeps this person out",
    "blocked_by_gateway": "the gateway disconnects this person again on return",
    "possible": "this person can come back",
}
_MUTING: Final[dict[MuteMode, str]] = {
    "mute": "is being muted",
    "revoke": "is losing the microphone; --restore gives it back",
    "restore": "is getting the microphone back",
}


def extend(arguments: Namespace) -> int:
    """Add time to the deadline as it is now, or set it to a time of day."""

    async def order(gateway: GatewayClient) -> Answered:
        room = await _room(gateway, arguments.room)
        ends_at = next_time(arguments.until, SystemClock().now_ms()) if arguments.until else None
        if room.deadline is None and ends_at is not None:
            done, change = await _ended(gateway, room, ends_at, arguments.into_next), "an end was set"
        else:
            seconds = _seconds(room, arguments.seconds, ends_at)
            done = await _extended(gateway, room, seconds, arguments.into_next)
            change = f"{'extended' if seconds > 0 else 'shortened'} by {minutes(abs(seconds) * 1000)}"
        return done, f"{room.name}: {change}, ends at {clock_time(done.deadline.ends_at)}"

    return _run(arguments, order)


def _seconds(room: Room, seconds: int, ends_at: int | None) -> int:
    """How far the deadline is to be moved. A room that ended is the gateway's to refuse."""
    if ends_at is None or room.deadline is None:
        if room.deadline is None and room.state != "ended":
            raise Failure(f"{room.name}: {NO_DEADLINE}")
        return seconds
    if not (moved := round((ends_at - room.deadline.ends_at) / 1000)):
        raise Failure(f"{room.name}: it ends at {clock_time(ends_at)} already")
    return moved


async def _ended(gateway: GatewayClient, room: Room, ends_at: int, into_next: bool) -> Extended:
    try:
        return await gateway.set_end(room.source, room.room, ends_at, into_next=into_next)
    except Conflict as error:
        raise _with_the_booking(error, room) from error


async def _extended(gateway: GatewayClient, room: Room, seconds: int, into_next: bool) -> Extended:
    version = room.deadline.version if room.deadline else room.deadline_version
    try:
        return await gateway.extend(room.source, room.room, seconds, version, into_next=into_next)
    except Invalid as error:
        raise _in_minutes(error, room) from error
    except Conflict as error:
        raise _with_the_booking(error, room) from error


def _with_the_booking(error: Conflict, room: Room) -> GatewayError | Failure:
    name, starts_at = error.members.get("name"), error.members.get("starts_at")
    if error.code != "next_booking" or not isinstance(starts_at, int):
        return error
    return Failure(
        f"{room.name}: it is booked for {name} from {clock_time(starts_at)}; --into-next extends all the same"
    )


def _in_minutes(error: Invalid, room: Room) -> GatewayError | Failure:
    allowance_ms = error.members.get("allowance_ms")
    if error.code != "over_allowance" or not isinstance(allowance_ms, int):
        return error
    most = f"at most {minutes(allowance_ms)} more can be added" if allowance_ms else "no more time can be added"
    return Failure(f"{room.name}: {most} (max_extension of its room type)")


def disconnect(arguments: Namespace) -> int:
    """Remove a participant, and keep the person out if asked to."""

    async def order(gateway: GatewayClient) -> Answered:
        room = await _room(gateway, arguments.room)
        who = select_participant(arguments.participant, room)
        done = await gateway.disconnect(room.source, room.room, who.id, arguments.reason, arguments.block)
        what = "is being disconnected" if done.outcome == "requested" else "was gone already"
        return done, f"{room.name}: {who.name or who.user or who.id} {what}; {_REJOIN[done.rejoin]}"

    return _run(arguments, order)


def lock(arguments: Namespace) -> int:
    """Let nobody in any more but who is there."""

    async def order(gateway: GatewayClient) -> Answered:
        room = await _room(gateway, arguments.room)
        return await gateway.lock(room.source, room.room), f"{room.name}: locked; who is there may come back"

    return _run(arguments, order)


def unlock(arguments: Namespace) -> int:
    """Let people in again."""

    async def order(gateway: GatewayClient) -> Answered:
        room = await _room(gateway, arguments.room)
        return await gateway.unlock(room.source, room.room), f"{room.name}: anybody may come in again"

    return _run(arguments, order)


def allow(arguments: Namespace) -> int:
    """Let somebody stay, come back or come in whom a policy or a lock keeps out."""

    async def order(gateway: GatewayClient) -> Answered:
        room = await _room(gateway, arguments.room)
        if arguments.user:
            done = await gateway.let_in(room.source, room.room, arguments.participant)
            return done, f"{room.name}: {arguments.participant} may come in"
        who = _here_or_gone(arguments.participant, room)
        what = "may stay" if who.here else "may come back"
        return await gateway.allow(
            room.source, room.room, who.id
        ), f"{room.name}: {who.name or who.user or who.id} {what}"

    return _run(arguments, order)


def _here_or_gone(text: str, room: Room) -> Participant:
    """As `select_participant`, and else the one person of that user or name who left. Raises NotSelected."""
    try:
        return select_participant(text, room)
    except NotSelected:
        gone = [one for one in room.participants if text and text in {one.user, one.name}]
        if len({one.person for one in gone}) != 1:
            raise
        return gone[-1]


def readmit(arguments: Namespace) -> int:
    """Lift a block."""

    async def order(gateway: GatewayClient) -> Answered:
        room = await _room(gateway, arguments.room)
        done = await gateway.readmit(room.source, room.room, arguments.user)
        return done, f"{room.name}: {arguments.user} may come back{f'; but {done.detail}' if done.detail else ''}"

    return _run(arguments, order)


def mute(arguments: Namespace) -> int:
    """Silence a participant, take the microphone away, or give it back."""

    async def order(gateway: GatewayClient) -> Answered:
        room = await _room(gateway, arguments.room)
        who = select_participant(arguments.participant, room)
        done = await gateway.mute(room.source, room.room, who.id, arguments.mode)
        return done, f"{room.name}: {who.name or who.user or who.id} {_MUTING[arguments.mode]}"

    return _run(arguments, order)


def message(arguments: Namespace) -> int:
    """Tell everybody in a room."""

    async def order(gateway: GatewayClient) -> Answered:
        room = await _room(gateway, arguments.room)
        return await gateway.message(room.source, room.room, arguments.text), f"{room.name}: the message is being sent"

    return _run(arguments, order)


def end(arguments: Namespace) -> int:
    """End a room."""

    async def order(gateway: GatewayClient) -> Answered:
        room = await _room(gateway, arguments.room)
        return await gateway.end(room.source, room.room, arguments.reason), f"{room.name}: the room is being ended"

    return _run(arguments, order)


def claim(arguments: Namespace) -> int:
    """Look after a room."""

    async def order(gateway: GatewayClient) -> Answered:
        room = await _room(gateway, arguments.room)
        before = f"; {room.owner.name or room.owner.id} did before" if room.owner else ""
        return await gateway.claim(room.source, room.room), f"{room.name}: you look after it{before}"

    return _run(arguments, order)


def release(arguments: Namespace) -> int:
    """Look after a room no more."""

    async def order(gateway: GatewayClient) -> Answered:
        room = await _room(gateway, arguments.room)
        return await gateway.release(room.source, room.room), f"{room.name}: nobody looks after it now"

    return _run(arguments, order)


def acknowledge(arguments: Namespace) -> int:
    """Every warning of a room that nobody has acknowledged was seen."""

    async def order(gateway: GatewayClient) -> Answered:
        room = await _room(gateway, arguments.room)
        open_ = [one.id for one in room.warnings if one.acknowledged_by is None]
        if not open_:
            return Accepted(), f"{room.name}: no warning is waiting"
        done = [await gateway.acknowledge(room.source, room.room, id_) for id_ in open_]
        return done[-1], f"{room.name}: {len(done)} warning{'s' * (len(done) > 1)} acknowledged"

    return _run(arguments, order)


def hold(arguments: Namespace) -> int:
    """Pause every automatic disconnect."""

    async def order(gateway: GatewayClient) -> Answered:
        done = await gateway.hold(arguments.reason)
        return done, "no policy disconnects anybody until `moderator resume`"

    return _run(arguments, order)


def resume(arguments: Namespace) -> int:
    """Let policies disconnect again."""

    async def order(gateway: GatewayClient) -> Answered:
        return await gateway.resume(), "policies disconnect again"

    return _run(arguments, order)


def _run(arguments: Namespace, order: Callable[[GatewayClient], Awaitable[Answered]]) -> int:
    async def run() -> Answered:
        async with connected(arguments) as gateway:
            return await order(gateway)

    answer, said = asyncio.run(run())
    print(msgspec.json.encode(answer).decode() if arguments.json else safe(said))
    return 0


async def _room(gateway: GatewayClient, text: str) -> Room:
    """The room that is meant: of those in the list, or by its address one that ended longer ago."""
    try:
        return select_room(text, (await gateway.rooms()).rooms)
    except NotSelected as unknown:
        source, slash, room = text.partition("/")
        if not (source and slash and room):
            raise
        try:
            return await gateway.room(source, room)
        except NotFound:
            raise unknown from None
