"""What becomes of a command: tried again, confirmed, failed with a sentence; once, also across a restart."""

from pathlib import Path

import pytest

from moderator.domain.events import (
    DisconnectConfirmed,
    DisconnectFailed,
    DisconnectRequested,
    MessageFailed,
    MuteConfirmed,
)
from moderator.domain.kinds import Outcome
from moderator.domain.settings import MINUTE_MS, RoomType
from moderator.gateway.commands import lines
from moderator.gateway.platforms.circuit import FAILURES
from moderator.providers.errors import (
    Forbidden,
    Garbled,
    Gone,
    NotSupported,
    ProviderError,
    RateLimited,
    Rejected,
    Unavailable,
)
from moderator.providers.provider import ListedRoom, ListedStream
from tests.fakes.builders import DAY, ROOM, a_decision, an_entry, joined, kicked, left, published
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import GatewayInProcess, participant_path, room_path
from tests.fakes.provider import Effect, a_listed_person

FULL = RoomType(name="visit", max_people=1, mode="enforce")
HOUR = RoomType(name="visit", duration_ms=60 * MINUTE_MS, mode="enforce")


async def disconnect(gateway: GatewayInProcess, participant: str) -> None:
    answer = await gateway.order("POST", f"{participant_path(participant)}/disconnect", {"reason": "conduct"})
    assert answer.status_code == 202, answer.text


async def two_people(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined("c1", DAY, user="u1"), joined("c2", DAY + 1, user="u2"))


async def outcomes(gateway: GatewayInProcess) -> list[tuple[str, str]]:
    """Kind and code of everything that was settled, in order."""
    found = await gateway.logged(Outcome)
    return [(event.kind, event.data.code) for event in found if isinstance(event.data, Outcome)]


async def the_failure(gateway: GatewayInProcess) -> DisconnectFailed:
    (event,) = await gateway.logged(DisconnectFailed)
    assert isinstance(event.data, DisconnectFailed)
    return event.data


async def test_a_disconnect_is_confirmed_when_the_platform_tells_of_it(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        await disconnect(gateway, "c1")
        assert gateway.provider.called("disconnect") == ["c1"]
        assert await outcomes(gateway) == [("disconnect_confirmed", "")]
        assert gateway.room.pending == ()


async def test_a_disconnect_that_only_the_list_shows_is_confirmed_by_it(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        gateway.provider.effect = "list"
        await disconnect(gateway, "c1")
        assert [one.command for one in gateway.room.pending] == ["disconnect"]
        await gateway.advance(3_100)
        (event,) = await gateway.logged(DisconnectConfirmed)
        assert isinstance(event.data, DisconnectConfirmed)
        assert event.data.why == "missing in the platform's list; the platform reported no leave"


async def test_a_list_that_is_incomplete_confirms_nothing(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        gateway.provider.effect, gateway.provider.complete = "list", False
        await disconnect(gateway, "c1")
        await gateway.advance(10_000)
        assert await outcomes(gateway) == []
        gateway.provider.complete = True
        await gateway.advance(20_000)
        assert await outcomes(gateway) == [("disconnect_confirmed", "")]


@pytest.mark.parametrize("error", [Unavailable("no connection"), Garbled("no JSON"), RateLimited("slowly")])
async def test_temporary_errors_are_tried_again(tmp_path: Path, error: ProviderError) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        gateway.provider.errors = [error, error]
        await disconnect(gateway, "c1")
        assert gateway.provider.called("disconnect") == ["c1"]
        await gateway.advance(3_000)
        assert gateway.provider.called("disconnect") == ["c1"] * 3
        assert await outcomes(gateway) == [("disconnect_confirmed", "")]


async def test_the_pause_that_a_platform_asks_for_is_kept(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        gateway.provider.errors = [RateLimited("slowly", 12)]
        await disconnect(gateway, "c1")
        await disconnect(gateway, "c2")
        await gateway.advance(11_900)
        assert gateway.provider.called("disconnect") == ["c1"], "everybody waits"
        await gateway.advance(200)
        assert sorted(gateway.provider.called("disconnect")) == ["c1", "c1", "c2"]


async def test_a_platform_that_stays_away_fails_the_command_after_half_a_minute(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        gateway.provider.errors = [Unavailable("The clinic's platform cannot be reached.")] * 50
        await disconnect(gateway, "c1")
        await gateway.advance(20_000)
        assert await outcomes(gateway) == []
        await gateway.advance(11_000)
        failure = await the_failure(gateway)
        assert (failure.code, failure.why) == ("provider_unavailable", "The clinic's platform cannot be reached.")
        assert 4 <= len(gateway.provider.called("disconnect")) <= 12


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Forbidden("The key of the clinic may not do this: the operator has to look."), "provider_forbidden"),
        (Rejected("The platform does not like this request."), "provider_rejected"),
        (NotSupported("This platform cannot do that."), "not_supported"),
    ],
)
async def test_lasting_errors_fail_at_once_with_their_sentence(tmp_path: Path, error: ProviderError, code: str) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        gateway.provider.errors = [error]
        await disconnect(gateway, "c1")
        failure = await the_failure(gateway)
        assert (failure.code, failure.why) == (code, str(error))
        assert gateway.room.participants[0].state == "here"


async def test_who_is_gone_already_is_confirmed(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        gateway.provider.errors = [Gone("there is no such participant")]
        gateway.provider.happened(left("c1", DAY + 2))
        await disconnect(gateway, "c1")
        await gateway.advance(3_100)
        assert await outcomes(gateway) == [("disconnect_confirmed", "")]


async def test_accepted_without_effect_is_tried_again_and_then_failed(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        gateway.provider.effect = "none"
        await disconnect(gateway, "c1")
        await gateway.advance(10_000)
        assert len(gateway.provider.called("disconnect")) >= 2
        assert await outcomes(gateway) == []
        await gateway.advance(25_000)
        assert "still in the room" in (await the_failure(gateway)).why


async def test_without_a_list_an_unseen_effect_is_a_failure(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, missing=["list"]) as gateway:
        await two_people(gateway)
        gateway.provider.effect = "none"
        await disconnect(gateway, "c1")
        await gateway.advance(3_100)
        assert (await the_failure(gateway)).code == "not_supported"


async def test_a_platform_that_never_answers_times_out(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, missing=["list"]) as gateway:
        await two_people(gateway)
        gateway.provider.hangs = True
        await disconnect(gateway, "c1")
        await gateway.advance(9_900)
        assert gateway.provider.called("disconnect") == ["c1"]
        await gateway.advance(35_000)
        failure = await the_failure(gateway)
        assert failure.why == "clinic did not answer within 10 s: try again"


async def test_a_list_that_never_comes_times_out_too(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        gateway.provider.effect = "none"
        await disconnect(gateway, "c1")
        gateway.provider.hangs = True
        await gateway.advance(60_000)
        assert await outcomes(gateway) == [("disconnect_failed", "provider_unavailable")]


async def test_a_restart_finishes_an_open_command_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moderator.gateway.app.CALLS_WITHIN_S", 0.01)
    clock = FakeClock()
    async with GatewayInProcess(tmp_path, clock=clock) as gateway:
        await two_people(gateway)
        gateway.provider.hangs = True
        await disconnect(gateway, "c1")
        assert await outcomes(gateway) == []
    for _ in range(2):
        async with GatewayInProcess(tmp_path, clock=clock, rooms=gateway.provider.rooms) as gateway:
            await gateway.advance(5_000)
            assert await outcomes(gateway) == [("disconnect_confirmed", "")]
    assert gateway.provider.called("disconnect") == [], "the last start had nothing left to do"


async def test_a_policy_s_command_without_a_reason_any_more_is_not_carried_out(tmp_path: Path) -> None:
    clock = FakeClock()
    async with GatewayInProcess(tmp_path, FULL, clock=clock) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))
        gateway.provider.errors = [Unavailable("not now")]
        await gateway.tell(joined("c2", DAY + 1, user="u2"))
        assert gateway.provider.called("disconnect") == ["c2"]
        await gateway.tell(left("c1", DAY + 2))
        await gateway.advance(10_000)
        assert gateway.provider.called("disconnect") == ["c2"]
        assert (await the_failure(gateway)).code == "not_wanted"
        assert [one.id for one in gateway.room.here()] == ["c2"]


async def test_time_added_saves_those_who_are_being_disconnected(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, HOUR) as gateway:
        await two_people(gateway)
        gateway.provider.errors = [Unavailable("not now")] * 2
        await gateway.advance(60 * MINUTE_MS + 10)
        assert len(gateway.provider.called("disconnect")) == 2
        await gateway.order("POST", f"{room_path()}/extend", {"seconds": 600})
        await gateway.advance(20_000)
        assert len(gateway.provider.called("disconnect")) == 2
        assert gateway.room.people == 2


async def test_a_command_for_an_earlier_instance_fails(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        await gateway.log.append(an_entry(a_decision(DisconnectRequested(participant="c1"), instance="17")))
        await gateway.clock.settle()
        assert await outcomes(gateway) == [("disconnect_failed", "room_ended")]
        assert gateway.provider.calls == []


async def test_a_command_that_was_settled_before_is_only_closed(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        command = kicked("c1")
        settled = a_decision(DisconnectConfirmed(command=command.id, participant="c1"))
        await gateway.log.append(an_entry(command, settled))
        await gateway.clock.settle()
        assert gateway.provider.calls == []
        assert await gateway.log.watched.command(0) is None


async def test_muting_names_the_microphones(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        for stream, kind in (("mic", "microphone"), ("cam", "camera")):
            await gateway.tell(published("c1", stream, DAY + 2, kind=kind))  # type: ignore[arg-type]
        await gateway.order("POST", f"{participant_path('c1')}/mute")
        assert [call.target.streams for call in gateway.provider.calls] == [("mic",)]
        await gateway.advance(3_100)  # this platform does not tell of it
        assert await outcomes(gateway) == [("mute_confirmed", "")]


@pytest.mark.parametrize(
    ("listed", "why", "streams"),
    [
        ((ListedStream("mic", "microphone", muted=True),), "", [("mic", True)]),
        ((), "", []),
        (
            (ListedStream("mic", "microphone", muted=False),),
            "accepted by the platform, which has not shown the effect",
            [("mic", None)],
        ),
    ],
)
async def test_silence_that_nobody_tells_of_is_read_off_the_list(
    tmp_path: Path, listed: tuple[ListedStream, ...], why: str, streams: list[tuple[str, bool | None]]
) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        await gateway.tell(published("c1", "mic", DAY + 2, kind="microphone"))
        people = (a_listed_person("c1", streams=listed), a_listed_person("c2"))
        gateway.provider.rooms = [ListedRoom(room=ROOM, participants=people)]
        await gateway.advance(100)
        await gateway.order("POST", f"{participant_path('c1')}/mute")
        await gateway.advance(3_100)
        (outcome,) = await gateway.logged(MuteConfirmed)
        assert isinstance(outcome.data, MuteConfirmed)
        assert outcome.data.why == why
        participant = gateway.room.participant("c1")
        assert participant is not None
        assert [(one.id, one.muted) for one in participant.streams] == streams


async def test_who_is_missing_from_a_room_that_is_not_listed_in_full_may_be_there(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        gateway.provider.effect = "none"
        gateway.provider.rooms = [ListedRoom(room=ROOM, participants=(a_listed_person("c2"),), complete=False)]
        await disconnect(gateway, "c1")
        await gateway.advance(40_000)
        assert await outcomes(gateway) == [("disconnect_failed", "provider_unavailable")]


async def test_silence_of_what_nobody_knows_of_is_not_claimed(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        gateway.provider.mutes_people = True
        await gateway.order("POST", f"{participant_path('c1')}/mute")
        (outcome,) = await gateway.logged(MuteConfirmed)
        assert isinstance(outcome.data, MuteConfirmed)
        assert outcome.data.why == "accepted by the platform, which does not report the effect"


@pytest.mark.parametrize("effect", ["webhook", "list"])
async def test_a_room_that_was_ended_goes_on_as_the_same_appointment(tmp_path: Path, effect: Effect) -> None:
    async with GatewayInProcess(tmp_path, HOUR) as gateway:
        await two_people(gateway)
        gateway.provider.effect = effect
        before = gateway.room
        await gateway.order("POST", f"{room_path()}/end", {"reason": "other"})
        await gateway.advance(4_000)
        assert (await outcomes(gateway), gateway.room.people) == ([("room_end_confirmed", "")], 0)
        await gateway.tell(joined("c3", gateway.clock.now_ms(), user="u1"))
        assert (gateway.room.instance, gateway.room.deadline) == (before.instance, before.deadline)


@pytest.mark.parametrize("mode", ["revoke", "restore"])
async def test_a_microphone_is_taken_away_and_given_back(tmp_path: Path, mode: str) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        await gateway.order("POST", f"{participant_path('c1')}/mute", {"mode": mode})
        assert [(call.name, call.target.participant) for call in gateway.provider.calls] == [(mode, "c1")]
        assert await outcomes(gateway) == [("mute_confirmed", "")], "also of who is not heard just now"


async def test_an_outcome_that_could_not_be_stored_is_stored_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with GatewayInProcess(tmp_path, missing=["list"]) as gateway:
        await two_people(gateway)
        gateway.provider.errors = [Unavailable("not now"), Forbidden("never")]
        await disconnect(gateway, "c1")
        gateway.log.fails = True
        await gateway.advance(3_000)
        assert "is tried again: The disk is full." in caplog.text
        gateway.log.fails = False
        await gateway.advance(3_000)
        assert await outcomes(gateway) == [("disconnect_failed", "provider_forbidden")]
        assert len(gateway.provider.calls) == 2


async def test_what_is_only_confirmed_by_a_list_is_not_ordered_again(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path, FULL) as gateway:
        gateway.provider.effect = "list"
        await two_people(gateway)
        await gateway.advance(60_000)
        assert gateway.provider.called("disconnect") == ["c2"]
        assert await outcomes(gateway) == [("disconnect_confirmed", "")]
        assert [one.id for one in gateway.room.here()] == ["c1"]


async def test_time_added_saves_those_who_still_wait_for_their_turn(tmp_path: Path) -> None:
    people = [joined(f"c{number}", DAY, user=f"u{number}") for number in range(12)]
    async with GatewayInProcess(tmp_path, HOUR, per_second=1) as gateway:
        await gateway.tell(*people)
        await gateway.advance(60 * MINUTE_MS + 500)
        disconnected = len(gateway.provider.called("disconnect"))
        assert 0 < disconnected < 12
        answer = await gateway.order("POST", f"{room_path()}/extend", {"seconds": 300})
        assert answer.status_code == 200, answer.text
        await gateway.advance(30_000)
        assert len(gateway.provider.called("disconnect")) == disconnected
        assert len(gateway.room.here()) == 12 - disconnected


async def test_nobody_is_touched_who_took_the_place_of_somebody_gone(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        gateway.provider.errors = [Unavailable("later")]
        await disconnect(gateway, "c1")
        await gateway.tell(left("c1", DAY + 5))
        await gateway.advance(2_000)
        assert len(gateway.provider.called("disconnect")) == 1, "the failed call only"
        (event,) = await gateway.logged(DisconnectConfirmed)
        assert isinstance(event.data, DisconnectConfirmed)
        assert event.data.why == "the participant had left before"


async def test_a_long_pause_fails_an_order_instead_of_keeping_it_for_later(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        gateway.provider.errors = [RateLimited("busy", 3_600.0)]
        await disconnect(gateway, "c1")
        await disconnect(gateway, "c2")
        await gateway.advance(1_000)
        assert [code for _, code in await outcomes(gateway)] == ["rate_limited", "rate_limited"]


async def test_what_is_too_much_for_a_platform_fails_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "AT_ONCE", 1)
    monkeypatch.setattr(lines, "MOST_WAITING", 2)
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        gateway.provider.hangs = True
        for number in range(5):
            await gateway.order("POST", f"{room_path()}/message", {"text": f"{number}"})
        failures = await gateway.logged(MessageFailed)
        assert [event.data.code for event in failures if isinstance(event.data, MessageFailed)] == ["too_many"] * 2
        assert len(gateway.provider.calls) == 1


async def test_a_message_is_not_tried_again_when_it_may_have_been_sent(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await two_people(gateway)
        gateway.provider.errors = [Unavailable("no answer")]
        await gateway.order("POST", f"{room_path()}/message", {"text": "hello"})
        await gateway.advance(30_000)
        assert [call.name for call in gateway.provider.calls] == ["send_message"]
        assert len(await gateway.logged(MessageFailed)) == 1


async def test_what_a_policy_removes_waits_until_the_platform_answers_and_a_moderator_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with GatewayInProcess(tmp_path, FULL) as gateway:
        circuit = gateway.gateway.sources["clinic"].circuit
        for _ in range(FAILURES):
            circuit.failed()
        with monkeypatch.context() as patch:
            patch.setattr(circuit, "wait_s", lambda: 60.0)
            await two_people(gateway)
            await disconnect(gateway, "c1")
            await gateway.advance(5 * MINUTE_MS)
            failure = await the_failure(gateway)
            assert (failure.participant, failure.code) == ("c1", "provider_unavailable")
            assert gateway.provider.calls == []
            assert [one.target for one in gateway.room.pending] == ["c2"]
        circuit.answered()
        await gateway.advance(1_000)
        assert gateway.provider.called("disconnect") == ["c2"]
        assert [one.id for one in gateway.room.here()] == ["c1"]
