"""Wishes at a real gateway: what becomes of them there, and what the moderator is told."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from moderator.client.commands import GatewayClient
from moderator.client.texts import clock_time
from moderator.client.tokens import FixedToken
from moderator.desktop.orders.intents import ActionName, DisconnectOrder, Intent
from moderator.desktop.orders.notices import Notice
from moderator.desktop.orders.orders import Orders
from moderator.domain.events import DeadlineExtended, DisconnectRequested, MessageRequested
from moderator.domain.ids import RoomId, RoomKey
from moderator.domain.rooms import Deadline
from moderator.domain.settings import MINUTE_MS
from moderator.gateway.scopes import SCOPES
from moderator.http import HttpClient
from tests.client.scripted_gateway import Act, answer, broken, problem, scripted
from tests.fakes.builders import KEY, SOURCE, joined, left, published
from tests.fakes.desktop import NOW, a_room, an_appointment
from tests.fakes.gateway import joined_in
from tests.fakes.orders import VISIT, Desk

EXTEND = Intent(action="extend", room=KEY)
PROBLEM_LATE = "the platform has not confirmed it yet: the deadline will show when it does"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Two people in a visit that ends in five minutes."""
    async with Desk(tmp_path, VISIT, missing=("stop_stream",)) as desk:
        began = desk.now - 55 * MINUTE_MS + 300  # the first warning is about to come
        await desk.tell(joined("c1", began, user="bill", name="Bill"), joined("c2", began, user="lee", name="Dr Lee"))
        await desk.tell(published("c1", "mic", began, kind="microphone"))
        await desk.until(lambda: _deadline(desk, "room-1") and len(desk.room.here()) == 2)
        yield desk


async def one(orders: Orders, intent: Intent) -> Notice:
    return await orders.carry_out([intent])


# --- more time -----------------------------------------------------------------------------------------------------


async def test_time_is_added_and_taken_back(desk: Desk) -> None:
    orders, before = desk.orders(), desk.deadline
    done = await one(orders, EXTEND)
    ends_at = before.ends_at + 5 * MINUTE_MS
    assert (done.tone, done.text) == ("done", f"room-1: +5 min, ends {clock_time(ends_at)}.")
    assert (desk.deadline.ends_at, desk.deadline.version, done.action) == (ends_at, before.version + 1, "Undo")
    undone = await orders.carry_out(done.intents)
    assert (undone.tone, undone.text) == ("done", f"room-1: \u22125 min, ends {clock_time(before.ends_at)}.")
    assert (desk.deadline.ends_at, desk.deadline.extended_ms, undone.action) == (before.ends_at, 0, "")
    assert undone.key == done.key


async def test_what_takes_something_back_means_that_meeting_only(desk: Desk) -> None:
    seen, orders = desk.room, desk.orders()
    await one(orders, EXTEND)
    later = desk.orders("maya", lambda _: replace(seen, instance="another"))
    for done in (await one(orders, EXTEND), await one(orders, Intent(action="lock", room=KEY))):
        assert [intent.instance for intent in done.undo] == [seen.instance]
        before = desk.deadline
        refused = await later.carry_out(done.undo)
        assert (refused.tone, refused.text) == ("problem", "This room is no longer there.")
        assert (desk.deadline, desk.room.locked is not None) == (before, True)


async def test_nothing_is_kept_of_rooms_whose_end_nobody_moves_and_of_what_the_picture_has() -> None:
    """Over a day of thousands of rooms that would add up."""
    told = answer(200, {"deadline": {"ends_at": NOW, "version": 2, "kept_by": "gateway", "warn_ms": []}, "seq": 1})
    rooms = {room.key: room for room in (a_room(f"room-{n}") for n in range(20))}
    async with scripted(told) as gateway, HttpClient() as http:
        orders = Orders(GatewayClient(gateway.url, FixedToken("t"), http), rooms.get, lambda: NOW)
        for key, room in list(rooms.items()):
            assert (await one(orders, Intent(action="extend", room=key))).tone == "done"
            assert len(orders._versions) == 1
            assert room.deadline
            rooms[key] = replace(room, deadline=replace(room.deadline, version=2))
        assert len(orders._turns) == 0


async def test_seconds_of_ones_own_choice(desk: Desk) -> None:
    before = desk.deadline.ends_at
    await one(desk.orders(), Intent(action="extend", room=KEY, seconds=420))
    assert desk.deadline.ends_at == before + 420_000


async def test_who_was_quicker_is_said_and_adding_anyway_is_offered(desk: Desk) -> None:
    seen = desk.room
    await one(desk.orders("Anna"), EXTEND)
    ends_at = desk.deadline.ends_at
    late = await one(desk.orders("maya", lambda _: seen), EXTEND)
    assert (late.tone, late.action, late.asks) == ("info", "Add 5 min more", True)
    assert late.text == "room-1: Anna added 5 min just now. Add 5 min more?"
    assert desk.deadline.ends_at == ends_at
    assert (await desk.orders("maya").carry_out(late.intents)).tone == "done"
    assert desk.deadline.ends_at == ends_at + 5 * MINUTE_MS


@pytest.mark.parametrize(("name", "said"), [("Ana\n", "Ana\ufffd changed"), ("", "m-1 changed")])
async def test_who_was_quicker_is_called_by_name_where_there_is_one(name: str, said: str) -> None:
    act = problem(409, "conflict", "Too late", deadline={"ends_at": 0}, changed_by="m-1", changed_by_name=name)
    async with scripted(act) as gateway, HttpClient() as http:
        orders = Orders(GatewayClient(gateway.url, FixedToken("t"), http), lambda _: a_room(), lambda: NOW)
        assert said in (await one(orders, Intent(action="extend", room=a_room().key))).text


async def test_taking_back_what_somebody_else_changed_since_asks_first(desk: Desk) -> None:
    done = await one(desk.orders(), EXTEND)
    seen = desk.room
    await one(desk.orders("Anna"), EXTEND)
    late = await desk.orders("maya", lambda _: seen).carry_out(done.intents)
    assert (late.tone, late.action) == ("info", "Take off anyway")
    assert [replace(one, version=0) for one in late.intents] == list(done.intents)
    assert desk.deadline.extended_ms == 10 * MINUTE_MS


@pytest.mark.parametrize(
    ("code", "seconds", "said"),
    [
        ("room_ended", 0, "Could not extend cardio-14: the room has ended."),
        ("room_ended", -300, "Could not set the end of cardio-14: the room has ended."),
        ("repeated", 300, "Could not extend cardio-14: the room has ended."),
    ],
)
async def test_only_an_end_that_moved_is_a_question(code: str, seconds: int, said: str) -> None:
    """Nobody changed the end of a room that is over, so nothing is asked again."""
    refused = await told_of(
        problem(409, code, "the room has ended"), Intent(action="extend", room=a_room().key, seconds=seconds)
    )
    assert (refused.tone, refused.text, refused.action, refused.again) == ("problem", said, "", ())


async def test_two_quick_keys_add_twice_before_the_feed_tells_of_the_first(desk: Desk) -> None:
    before, seen = desk.deadline.ends_at, desk.room
    maya = desk.orders("maya", lambda _: seen)
    notices = await asyncio.gather(one(maya, EXTEND), one(maya, EXTEND))
    assert [notice.tone for notice in notices] == ["done", "done"]
    assert desk.deadline.ends_at == before + 10 * MINUTE_MS


async def test_what_may_have_been_taken_is_not_added_twice(desk: Desk) -> None:
    """The answer was lost: trying again means the same version of the deadline, and is told that it moved."""
    before, again = desk.deadline, replace(EXTEND, seconds=300, version=desk.deadline.version)
    await one(desk.orders(), EXTEND)
    told = await one(desk.orders(), again)
    assert (told.tone, desk.deadline.ends_at) == ("info", before.ends_at + 5 * MINUTE_MS)


async def test_more_than_the_type_allows_is_refused(desk: Desk) -> None:
    refused = await one(desk.orders(), Intent(action="extend", room=KEY, seconds=31 * 60))
    assert refused.tone == "problem"
    assert refused.text == "Could not extend room-1: at most 1800 more seconds are allowed for this room."
    assert desk.deadline.extended_ms == 0


async def test_a_room_without_a_deadline_is_not_extended(tmp_path: Path) -> None:
    async with Desk(tmp_path) as desk:
        await desk.tell(joined("c1", desk.now))
        await desk.until(lambda: desk.known("room-1"))
        refused = await one(desk.orders(), EXTEND)
    assert (refused.tone, refused.text) == ("problem", "Could not extend room-1: it has no deadline.")


async def test_a_room_without_a_deadline_is_given_one(tmp_path: Path) -> None:
    async with Desk(tmp_path) as desk:
        await desk.tell(joined("c1", desk.now))
        await desk.until(lambda: desk.known("room-1"))
        ends_at = desk.now + 30 * MINUTE_MS
        done = await one(desk.orders(), replace(EXTEND, ends_at=ends_at))
        assert (done.tone, done.text, done.action) == ("done", f"room-1 ends {clock_time(ends_at)}.", "")
        assert desk.deadline.ends_at == ends_at
        again = await one(desk.orders(), replace(EXTEND, ends_at=ends_at + MINUTE_MS))
    assert again.text.startswith("Could not set the end of room-1: the room has a deadline")


async def test_an_end_that_the_platform_keeps_is_set_and_moved_as_it_says(tmp_path: Path) -> None:
    async with Desk(tmp_path, keeps_ends=True) as desk:
        await desk.tell(joined("c1", desk.now))
        await desk.until(lambda: desk.known("room-1"))
        ends_at = desk.now + 30 * MINUTE_MS
        done = await one(desk.orders(), replace(EXTEND, ends_at=ends_at))
        assert (done.tone, done.text) == ("done", f"room-1 ends {clock_time(desk.deadline.ends_at)}.")
        assert (desk.deadline.kept_by, desk.deadline.reported_ends_at) == ("provider", ends_at)
        more = await one(desk.orders(), EXTEND)
        assert (more.tone, more.action, desk.provider.ends_at) == ("done", "Undo", ends_at + 5 * MINUTE_MS)
        desk.provider.answers = desk.provider.ends_at
        refused = await one(desk.orders(), EXTEND)
    assert refused.tone == "problem"
    assert refused.text.startswith("Could not extend room-1: The platform accepted it, but left the end")


async def told_of(act: Act, *intents: Intent) -> Notice:
    """What a moderator is told when the gateway answers so."""
    async with scripted(act) as gateway, HttpClient() as http:
        return await Orders(
            GatewayClient(gateway.url, FixedToken("t"), http), lambda _: a_room(), lambda: NOW
        ).carry_out(intents)


async def test_what_a_platform_has_not_confirmed_is_neither_done_nor_tried_again() -> None:
    late = problem(504, "not_confirmed", PROBLEM_LATE)
    extend = Intent(action="extend", room=a_room().key)
    notice = await told_of(late, extend)
    assert (notice.tone, notice.action) == ("info", "")
    assert notice.text == f"cardio-14: {PROBLEM_LATE}."
    both = await told_of(late, extend, replace(extend, room=a_room("other").key))
    assert (both.tone, both.action, both.text) == ("info", "", "Done for 0 of 2 rooms.")


@pytest.mark.parametrize("action", ["extend", "lock"])
async def test_only_what_did_not_get_through_is_worth_another_try(action: ActionName) -> None:
    wish = Intent(action=action, room=a_room().key, seconds=-300 if action == "extend" else 0)
    sent = replace(wish, version=1) if action == "extend" else wish
    assert (await told_of(broken(), wish)).again == (sent,)
    assert (await told_of(problem(503, "busy", "later"), wish, replace(wish, room=a_room("b").key))).again[0] == sent
    assert (await told_of(problem(504, "not_confirmed", PROBLEM_LATE), wish)).again == ()
    assert (await told_of(problem(404, "not_found", "no such room"), wish)).again == ()


async def test_what_a_platform_refused_is_said_in_its_words() -> None:
    notice = await told_of(problem(502, "provider_unavailable", "Stream does not answer"), EXTEND)
    assert (notice.tone, notice.action) == ("problem", "")
    assert notice.text == "Could not extend cardio-14: Stream does not answer."


# --- people --------------------------------------------------------------------------------------------------------


def order(*participants: str, user: str = "bill", block: bool | int = True) -> DisconnectOrder:
    return DisconnectOrder(
        room=KEY, participants=participants or ("c1",), user=user, name="Bill", reason="conduct", block=block
    )


async def test_somebody_is_sent_out_kept_out_and_let_in_again(desk: Desk) -> None:
    orders = desk.orders()
    done = await orders.disconnect(order())
    assert (done.tone, done.text, done.action) == ("done", "Bill is being disconnected and is kept out.", "Re-admit")
    await desk.until(lambda: "c1" not in [one.id for one in desk.room.here()])
    assert [block.user for block in desk.room.blocks] == ["bill"]
    pardon = await orders.carry_out(done.intents)
    assert (pardon.tone, pardon.text) == ("done", "Bill may come back to room-1.")
    assert desk.room.blocks == ()


async def test_every_connection_of_a_person_is_ended(desk: Desk) -> None:
    await desk.tell(joined("c3", desk.now, user="bill", name="Bill"))
    await desk.until(lambda: len(desk.room.here()) == 3)
    done = await desk.orders().disconnect(order("c1", "c3", block=False))
    assert (done.text, done.action) == ("Bill is being disconnected.", "")
    await desk.until(lambda: [one.id for one in desk.room.here()] == ["c2"])
    assert desk.room.blocks == ()


async def test_one_connection_that_cannot_be_ended_spares_no_other() -> None:
    """The block stands, so it can be taken back; what failed is said."""
    taken = answer(202, {"outcome": "requested", "rejoin": "blocked_by_gateway", "seq": 1})
    refused = problem(409, "conflict", "not this one")
    async with scripted(taken, refused, taken) as gateway, HttpClient() as http:
        orders = Orders(GatewayClient(gateway.url, FixedToken("t"), http), lambda _: a_room(), lambda: NOW)
        notice = await orders.disconnect(order("c1", "c2", "c3"))
    assert len(gateway.requests) == 3
    assert (notice.tone, notice.action) == ("problem", "Re-admit")
    assert notice.text == "Bill is being disconnected and is kept out. Could not end 1 of 3 connections: not this one."


async def test_who_cannot_be_told_from_others_is_not_said_to_be_kept_out(desk: Desk) -> None:
    await desk.tell(joined("c4", desk.now))
    await desk.until(lambda: len(desk.room.here()) == 3)
    done = await desk.orders().disconnect(order("c4", user=""))
    assert (done.tone, done.text, done.action) == ("done", "Bill is being disconnected, but can come back.", "")
    assert desk.room.blocks == ()


@pytest.mark.parametrize(
    ("block", "tone", "text", "action"),
    [
        (False, "info", "Bill had left already.", ""),
        (600, "done", "Bill had left already and is kept out.", "Re-admit"),
    ],
)
async def test_who_left_meanwhile_can_still_be_kept_out(
    desk: Desk, block: bool | int, tone: str, text: str, action: str
) -> None:
    orders = desk.orders()
    await orders.disconnect(order(block=False))
    await desk.until(lambda: len(desk.room.here()) == 1)
    notice = await orders.disconnect(order(block=block))
    assert (notice.tone, notice.text, notice.action) == (tone, text, action)
    assert [found.user for found in desk.room.blocks] == (["bill"] if block else [])


async def test_a_person_nobody_knows_cannot_be_sent_out(desk: Desk) -> None:
    notice = await desk.orders().disconnect(order("nobody"))
    assert notice.tone == "problem"
    assert notice.text.startswith("Could not disconnect Bill: ")
    assert await desk.logged(DisconnectRequested) == []


async def test_who_is_not_blocked_cannot_be_pardoned(desk: Desk) -> None:
    notice = await one(desk.orders(), Intent(action="readmit", room=KEY, user="lee"))
    assert (notice.tone, notice.text[:23]) == ("problem", "Could not re-admit Dr L")


async def test_a_microphone_is_silenced(desk: Desk) -> None:
    notice = await one(desk.orders(), Intent(action="mute", room=KEY, participant="c1"))
    assert (notice.tone, notice.text) == ("done", "Bill is being muted.")
    await desk.until(lambda: desk.provider.called("mute") == ["c1"])
    silent = await one(desk.orders(), Intent(action="mute", room=KEY, participant="c2"))
    assert silent.text == "Could not mute Dr Lee: this participant publishes no microphone."


async def test_a_microphone_is_taken_away_and_given_back(desk: Desk) -> None:
    orders = desk.orders()
    taken = await one(orders, Intent(action="revoke", room=KEY, participant="c2"))
    assert (taken.tone, taken.text, taken.action) == ("done", "Dr Lee is losing the microphone.", "Give back")
    await desk.until(lambda: desk.provider.called("revoke") == ["c2"])
    given = await orders.carry_out(taken.intents)
    assert (given.tone, given.text, given.action) == ("done", "Dr Lee is getting the microphone back.", "")
    await desk.until(lambda: desk.provider.called("restore") == ["c2"])


async def test_two_devices_of_one_person_are_told_as_one(desk: Desk) -> None:
    await desk.tell(joined("c3", desk.now, user="bill", name="Bill"))
    await desk.until(lambda: len(desk.room.here()) == 3)
    both = [Intent(action="revoke", room=KEY, participant=id_) for id_ in ("c1", "c3")]
    taken = await desk.orders().carry_out(both)
    assert (taken.tone, taken.text, taken.action) == ("done", "Bill is losing the microphone.", "Give back")
    assert [(one.action, one.participant) for one in taken.intents] == [("restore", "c1"), ("restore", "c3")]


async def test_a_microphone_that_could_not_be_taken_away() -> None:
    refused = problem(409, "not_supported", "Vonage can mute only once")
    bill = Intent(action="revoke", room=a_room().key, participant="bill")
    notice = await told_of(refused, bill)
    assert (notice.tone, notice.action) == ("problem", "")
    assert notice.text == "Could not take the microphone of Bill Buffalo away: Vonage can mute only once."
    partly = await told_of(refused, bill, replace(bill, participant="lee"))
    assert partly.text == "Done for 0 of 2 devices."
    assert partly.results[0].text.startswith("Could not take the microphone of ")


async def test_what_the_platform_cannot_do_is_said_in_its_words(desk: Desk) -> None:
    notice = await one(desk.orders(), Intent(action="stop_stream", room=KEY, stream="mic"))
    assert notice.text == "Could not stop the stream: there is no stop_stream here."


async def test_somebody_may_stay(desk: Desk) -> None:
    notice = await one(desk.orders(), Intent(action="allow", room=KEY, participant="c2"))
    assert (notice.tone, notice.text, desk.room.allowed) == ("done", "Dr Lee may stay.", ("lee",))


# --- rooms ---------------------------------------------------------------------------------------------------------


async def test_warnings_are_acknowledged_together_or_one_by_one(desk: Desk) -> None:
    await desk.until(lambda: desk.room.warnings)
    orders, (warning,) = desk.orders(), desk.room.warnings
    assert (await one(orders, Intent(action="acknowledge", room=KEY))).text == "room-1: seen."
    assert desk.room.warnings[0].acknowledged_by is not None
    nothing = await one(orders, Intent(action="acknowledge", room=KEY))
    assert (nothing.tone, nothing.text) == ("info", "Nothing is to be acknowledged.")
    again = await one(desk.orders("Anna"), Intent(action="acknowledge", room=KEY, warning=warning.id))
    assert again.tone == "done"
    unknown = await one(orders, Intent(action="acknowledge", room=KEY, warning="9-1"))
    assert unknown.text.startswith("Could not acknowledge room-1: ")


async def test_a_room_is_looked_after_and_let_go(desk: Desk) -> None:
    assert (await one(desk.orders(), Intent(action="claim", room=KEY))).text == "You look after room-1."
    assert desk.room.owner is not None
    assert (await one(desk.orders(), Intent(action="release", room=KEY))).text == "Nobody looks after room-1 now."
    assert desk.room.owner is None


async def test_a_room_is_ended(desk: Desk) -> None:
    notice = await one(desk.orders(), Intent(action="end", room=KEY, reason="technical"))
    assert (notice.tone, notice.text) == ("done", "Ending room-1.")
    await desk.until(lambda: desk.room.here() == ())


async def test_a_message_is_sent_or_it_is_said_why_not(desk: Desk) -> None:
    hello = Intent(action="message", room=KEY, text="Hello")
    sent = await one(desk.orders(), hello)
    assert (sent.tone, sent.text) == ("done", "Message sent to room-1.")
    imagined = desk.orders("maya", lambda _: a_room("nowhere"))
    failed = await one(imagined, replace(hello, room=a_room("nowhere").key))
    assert (failed.tone, failed.text[:27]) == ("problem", "Could not write to nowhere:")
    assert [event.room for event in await desk.logged(MessageRequested)] == [KEY.room]


async def test_automatic_disconnects_are_held_and_go_on(desk: Desk) -> None:
    orders = desk.orders()
    assert (await one(orders, Intent(action="hold"))).text == "Automatic disconnects are paused."
    assert desk.gateway.ledger.state.hold is not None
    assert (await one(orders, Intent(action="resume"))).text == "Automatic disconnects go on."
    assert desk.gateway.ledger.state.hold is None


# --- many at once --------------------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def many(folder: Path, count: int) -> AsyncIterator[tuple[Desk, list[Intent]]]:
    """Rooms that run, and the wish to extend each."""
    async with Desk(folder, VISIT) as desk:
        for number in range(count):
            await desk.tell(joined_in(f"room-{number}", "p", desk.now))
        await desk.until(lambda: all(_deadline(desk, f"room-{number}") for number in range(count)))
        keys = [RoomKey(SOURCE, RoomId(f"room-{number}")) for number in range(count)]
        yield desk, [Intent(action="extend", room=key) for key in keys]


def _deadline(desk: Desk, room: str) -> Deadline | None:
    found = desk.known(room)
    return found.deadline if found else None


def extended(desk: Desk, count: int) -> list[int]:
    found = [_deadline(desk, f"room-{number}") for number in range(count)]
    return [one.extended_ms // MINUTE_MS if one else -1 for one in found]


async def test_many_rooms_are_extended_and_taken_back(tmp_path: Path) -> None:
    async with many(tmp_path, 14) as (desk, intents):
        done = await desk.orders().carry_out(intents)
        assert (done.tone, done.text, done.action) == ("done", "Done for 14 rooms.", "Undo all")
        assert extended(desk, 14) == [5] * 14
        assert (await desk.orders().carry_out(done.intents)).text == "Done for 14 rooms."
        assert extended(desk, 14) == [0] * 14


async def test_what_could_not_be_taken_back_of_many_is_tried_again_with_another_connection(tmp_path: Path) -> None:
    async with many(tmp_path, 3) as (desk, intents):
        done = await desk.orders().carry_out(intents)
        away = desk.orders("maya", lambda key: None if key == intents[1].room else desk.gateway.ledger.room(key))
        partly = await away.carry_out(done.undo)
        assert (partly.tone, partly.action, partly.intents) == ("problem", "Retry failed", (done.undo[1],))
        assert (partly.text, extended(desk, 3)) == ("Done for 2 of 3 rooms.", [0, 5, 0])
        assert (await desk.orders().carry_out(partly.intents)).tone == "done"
        assert extended(desk, 3) == [0, 0, 0]


async def test_only_what_failed_is_tried_again(tmp_path: Path) -> None:
    async with many(tmp_path, 3) as (desk, intents):
        late = Intent(action="extend", room=RoomKey(SOURCE, RoomId("room-3")))
        partly = await desk.orders().carry_out([*intents, late])
        assert (partly.tone, partly.action, partly.intents) == ("problem", "Retry failed", (late,))
        assert partly.text == "Done for 3 of 4 rooms."
        assert [(one.tone, one.text[:14]) for one in partly.results] == [
            ("problem", "This room is n"),
            *(("done", f"room-{n}: +5 min") for n in range(3)),
        ]
        assert [one.room for one in partly.undo] == [one.room for one in intents]
        await desk.tell(joined_in("room-3", "p", desk.now))
        await desk.until(lambda: _deadline(desk, "room-3"))
        again = await desk.orders().carry_out(partly.intents)
        assert (again.tone, extended(desk, 4)) == ("done", [5, 5, 5, 5])


async def test_a_room_that_somebody_else_changed_does_not_count_as_done(tmp_path: Path) -> None:
    async with many(tmp_path, 3) as (desk, intents):
        seen = {intent.room: desk.gateway.ledger.room(intent.room) for intent in intents if intent.room}
        await one(desk.orders("Anna"), intents[1])
        maya = desk.orders("maya", seen.get)
        partly = await maya.carry_out(intents)
        assert (partly.tone, partly.action, partly.text) == ("info", "Add anyway", "Done for 2 of 3 rooms.")
        assert [one.room for one in partly.intents] == [intents[1].room]
        assert partly.results[0].text == "room-1: Anna added 5 min just now. Add 5 min more?"
        assert extended(desk, 3) == [5, 5, 5]
        gone = Intent(action="extend", room=RoomKey(SOURCE, RoomId("gone")))
        mixed = await maya.carry_out([intents[1], gone])
        assert (mixed.tone, mixed.action, mixed.intents) == ("problem", "Retry failed", (gone,))
        assert [one.tone for one in mixed.results] == ["problem", "info"]


# --- what cannot be done -------------------------------------------------------------------------------------------


async def test_a_room_that_is_not_there_any_more(desk: Desk) -> None:
    nowhere = Intent(action="extend", room=RoomKey(SOURCE, RoomId("nowhere")))
    assert (await one(desk.orders(), nowhere)).text == "This room is no longer there."
    imagined = await one(desk.orders("maya", lambda _: a_room("nowhere")), nowhere)
    assert (imagined.tone, imagined.text[:25]) == ("problem", "Could not extend nowhere:")


async def test_a_token_that_is_not_enough_says_so(desk: Desk) -> None:
    notice = await one(desk.orders(scopes=set(SCOPES) - {"rooms:extend"}), EXTEND)
    assert notice.tone == "problem"
    assert "rooms:extend" in notice.text
    assert await desk.logged(DeadlineExtended) == []


async def test_while_the_gateway_is_away_nothing_is_kept_for_later() -> None:
    tasks = asyncio.all_tasks()
    extend = Intent(action="extend", room=a_room().key)
    async with scripted(broken(), broken(), answer(200, {"seq": 1})) as gateway, HttpClient() as http:
        orders = Orders(GatewayClient(gateway.url, FixedToken("t"), http), lambda _: a_room(), lambda: NOW)
        notice = await one(orders, extend)
        assert notice.tone == "problem"
        assert notice.text.startswith(f"Could not extend cardio-14: {gateway.url.removeprefix('http://')} ")
        assert len({request.headers["idempotency-key"] for request in gateway.requests}) == 1
        assert len(gateway.requests) == 2
        assert (await one(orders, Intent(action="hold"))).tone == "done"
        assert [request.path for request in gateway.requests[2:]] == ["/v1/enforcement/hold"]
    assert asyncio.all_tasks() == tasks


async def test_names_that_others_chose_steer_nothing(desk: Desk) -> None:
    room = a_room("evil\u202ename")
    async with scripted(answer(200, {"seq": 1})) as gateway, HttpClient() as http:
        orders = Orders(GatewayClient(gateway.url, FixedToken("t"), http), lambda _: room, lambda: NOW)
        notice = await one(orders, Intent(action="claim", room=room.key))
    assert notice.text == "You look after evil\ufffdname."


# --- locks, duty, and what comes next in a room --------------------------------------------------------------------


async def test_a_room_is_locked_and_unlocked(desk: Desk) -> None:
    orders = desk.orders()
    locked = await one(orders, Intent(action="lock", room=KEY))
    assert (locked.tone, locked.text) == ("done", "room-1 is locked: nobody else comes in, unless you let them.")
    await desk.until(lambda: desk.room.locked)
    assert desk.room.locked
    assert desk.room.locked.people == ("bill", "lee")
    undone = await orders.carry_out(locked.intents)
    await desk.until(lambda: not desk.room.locked)
    assert (undone.tone, undone.text, undone.action) == ("done", "room-1 is open again.", "")


async def test_duty_begins_and_ends(desk: Desk) -> None:
    orders = desk.orders()
    assert (await one(orders, Intent(action="go_on_duty"))).text == "You are on duty."
    assert set(desk.gateway.ledger.state.on_duty) == {"maya"}
    assert (await one(orders, Intent(action="go_off_duty"))).text == "You are off duty."
    assert desk.gateway.ledger.state.on_duty == {}


async def test_a_booking_that_the_picture_does_not_show_is_asked_about() -> None:
    act = problem(409, "next_booking", "send into_next to extend all the same", name="appt\n18", starts_at=0)
    extend, end = Intent(action="extend", room=a_room().key), Intent(action="extend", room=a_room().key, ends_at=5)
    for wish in (extend, end):
        notice = await told_of(act, wish)
        assert notice.text == f"cardio-14 was not extended: appt\ufffd18 begins in this room at {clock_time(0)[:5]}."
        assert (notice.tone, notice.action) == ("info", "Extend into it")
        assert [one.into_next for one in notice.intents] == [True]


@pytest.mark.parametrize(("starts_in_s", "asked"), [(1_900, None), (1_700, True)], ids=["not yet", "it is in it"])
async def test_time_that_was_taken_from_the_next_appointment_is_not_asked_for_again(
    starts_in_s: int, asked: bool | None
) -> None:
    room = replace(a_room(left_s=1_800), next_appointment=an_appointment("appt-18", starts_in_s))
    async with scripted(problem(409, "conflict", "no")) as gateway, HttpClient() as http:
        orders = Orders(GatewayClient(gateway.url, FixedToken("t"), http), lambda _: room, lambda: NOW)
        await one(orders, Intent(action="extend", room=room.key))
    assert msgspec.json.decode(gateway.requests[0].body).get("into_next") == asked


async def test_who_was_removed_is_let_in_again(desk: Desk) -> None:
    await desk.tell(left("c1", desk.now))
    await desk.until(lambda: len(desk.room.here()) == 1)
    done = await one(desk.orders(), Intent(action="allow", room=KEY, participant="c1"))
    assert (done.tone, done.text) == ("done", "Bill may come in again.")
    await desk.until(lambda: desk.room.allowed == ("bill",))
