import itertools
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from moderator.domain.events import (
    ParticipantJoined,
    ParticipantLeft,
    ParticipantUpdated,
    ProviderEventUnknown,
    RoomEnded,
    SourceRestarted,
    StreamPublished,
    StreamUnpublished,
    StreamUpdated,
)
from moderator.domain.kinds import Data
from tests.providers.janus.made import in_room, parse
from tests.providers.janus.recordings import (
    ALL_RECORDINGS,
    EPOCH,
    deliveries,
    delivery,
    folded,
    here,
    parsed,
    person,
    room,
    state_at,
)


def facts(*elements: object) -> list[Data]:
    return [event.data for event in parse(list(elements))]


# --- single events ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            {"event": "joined", "id": "u", "display": "U"},
            [ParticipantJoined(participant="u@", user="u", name="U", platform={"session": "7", "handle": "8"})],
        ),
        ({"event": "leaving", "id": "u"}, [ParticipantLeft(participant="u@")]),
        ({"event": "kicked", "id": 5}, [ParticipantLeft(participant="5@", forced=True)]),
        ({"event": "unpublished", "id": "u"}, [StreamUnpublished(participant="u@", stream="*")]),
        ({"event": "destroyed"}, [RoomEnded(reason="destroyed")]),
        (
            {"videoroom": "moderated", "id": "u", "mid": "1", "moderation": "unmuted"},
            [StreamUpdated(participant="u@", stream="u:1", muted=False)],
        ),
        (
            {
                "event": "updated",
                "id": "u",
                "display": "V",
                "streams": [
                    {"type": "audio", "mid": "0", "mindex": 0},
                    {"type": "video", "mid": "1", "mindex": 1, "description": "My Desktop"},
                    {"type": "video", "mid": "2", "mindex": 2, "disabled": True},
                    {"type": "data", "mid": "3", "mindex": 3},
                    {"type": "video", "mindex": 4},
                ],
            },
            [
                ParticipantUpdated(participant="u@", user="u", name="V"),
                StreamPublished(participant="u@", stream="u:0", kind="microphone"),
                StreamPublished(participant="u@", stream="u:1", kind="screen", name="My Desktop"),
                StreamUnpublished(participant="u@", stream="u:2"),
                StreamPublished(participant="u@", stream="u:4", kind="camera"),
            ],
        ),
        ({"event": "updated", "streams": [{"type": "audio", "active": False}]}, []),
        ({"event": "subscribed", "room": 0}, []),
        ({"videoroom": "talking", "id": "u"}, []),
    ],
)
def test_videoroom_events(data: dict[str, Any], expected: list[Data]) -> None:
    assert facts(in_room(data)) == expected


# --- what recordings show --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL_RECORDINGS)
def test_everything_recorded_is_understood(name: str) -> None:
    data = [event.data for events in parsed(deliveries(name)) for event in events]
    assert not [found for found in data if isinstance(found, ProviderEventUnknown)]


@pytest.mark.parametrize("name", ALL_RECORDINGS)
def test_the_same_deliveries_again_change_nothing(name: str) -> None:
    once = folded(parsed(deliveries(name)))
    twice = folded(parsed([one for one in deliveries(name) for _ in range(2)]))
    assert [replace(found, version=0) for found in once.all_rooms()] == [
        replace(found, version=0) for found in twice.all_rooms()
    ]


@pytest.mark.parametrize("name", ALL_RECORDINGS)
def test_order_of_arrival_changes_nothing(name: str) -> None:
    events = parsed(deliveries(name))
    recorded_at = max(some[0].recorded_at for some in events) if events else 0
    events = [[replace(one, recorded_at=recorded_at) for one in some] for some in events]
    forth, back = folded(events), folded(reversed(events))
    assert [replace(found, version=0) for found in forth.all_rooms()] == [
        replace(found, version=0) for found in back.all_rooms()
    ]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (7_094_000, {}),
        (7_095_500, {"alice": ["microphone", "camera"]}),
        (
            7_097_500,
            {
                "alice": ["microphone", "camera"],
                "bob": ["microphone", "camera", "screen"],
                "carol": ["microphone"],
                "dave": [],
            },
        ),
        (
            7_101_500,
            {
                "alice": ["microphone", "camera", "screen"],
                "bob": ["microphone", "camera", "screen"],
                "carol": ["microphone"],
                "dave": [],
            },
        ),
        (
            7_107_500,
            {"alice": ["microphone", "camera"], "bob": [], "carol": ["microphone"], "dave": []},
        ),
        (
            7_108_500,
            {
                "alice": ["microphone", "camera"],
                "bob": ["microphone", "camera", "screen"],
                "carol": ["microphone"],
                "dave": [],
            },
        ),
        (7_111_500, {"carol": ["microphone"], "dave": []}),
        (7_113_500, {}),
    ],
)
def test_people_and_streams_over_time(at: int, expected: dict[str, list[str]]) -> None:
    rooms = state_at("01_three_participants", at).all_rooms()
    assert [here(found) for found in rooms] == ([expected] if rooms else [])
    assert bool(rooms) or not expected


def test_a_new_name_comes_with_the_next_streams() -> None:
    assert person(room(state_at("01_three_participants", 7_101_000), "class-101"), "alice").name == "Alice Test"
    assert person(room(state_at("01_three_participants", 7_101_500), "class-101"), "alice").name == "Alice Renamed"


def test_a_destroyed_room_has_ended() -> None:
    found = room(folded(parsed(deliveries("01_three_participants"))), "class-101")
    assert (found.state, found.people) == ("ended", 0)
    assert {one.user: one.state for one in found.participants} == dict.fromkeys(
        ("alice", "bob", "carol", "dave"), "left"
    )


def test_who_was_cut_off_leaves_when_janus_notices() -> None:
    users = ("kim-ws-killed", "hal-http-killed", "sam-ws-frozen", "wen-ws-closed", "jon-join-only-http-killed")
    assert set(here(room(state_at("02_unclean_exits", 7_224_000), "class-102"))) == set(users)
    assert set(here(room(state_at("02_unclean_exits", 7_240_000), "class-102"))) == {users[1], users[4]}
    assert here(room(state_at("02_unclean_exits", 7_290_000), "class-102")) == {}


def test_mutes_and_kicks() -> None:
    muted = person(room(state_at("03_moderation", 7_448_000), "class-103"), "alice")
    assert [(stream.kind, stream.muted) for stream in muted.streams] == [("microphone", True), ("camera", True)]
    unmuted = person(room(state_at("03_moderation", 7_450_000), "class-103"), "alice")
    assert [stream.muted for stream in unmuted.streams] == [True, False]
    kicked = room(state_at("03_moderation", 7_451_000), "class-103")
    assert (person(kicked, "alice").state, set(here(kicked))) == ("disconnected", {"bob"})


def test_the_kicked_person_comes_back_as_another_stay() -> None:
    found = room(state_at("03_moderation", 7_457_000), "class-103")
    stays = [one for one in found.participants if one.user == "alice"]
    assert [one.state for one in stays] == ["disconnected", "disconnected"]
    assert len({one.id for one in stays}) == 2
    assert here(room(state_at("03_moderation", 7_455_500), "class-103"))["alice"] == []


def test_a_room_destroyed_with_somebody_inside_is_empty() -> None:
    assert here(room(state_at("03_moderation", 7_465_000), "class-103")) == {"carol": ["microphone"]}
    assert room(state_at("03_moderation", 7_466_000), "class-103").people == 0


def test_a_crash_reports_only_the_new_start() -> None:
    """As recorded, but as if everything between had been lost with the process."""
    events = parsed(deliveries("09_tokens"))
    before = [some for some in events if some[0].at - EPOCH < 8_129_500]
    assert set(here(room(folded(before), "class-109"))) == {"alice", "zed"}
    starts = [some for some in events if isinstance(some[0].data, SourceRestarted)]
    assert here(room(folded([*before, starts[-1]]), "class-109")) == {}


def test_integer_ids_are_the_same_as_strings() -> None:
    events = parsed(deliveries("10_integer_ids_ungrouped"))
    before = [some for some in events if some[0].at - EPOCH < 8_471_500]
    assert here(room(folded(before), "1234")) == {"1001": ["microphone", "camera"], "1002": []}
    found = room(folded(events), "1234")
    assert {one.user: one.state for one in found.participants} == {"1001": "disconnected", "1002": "left"}


def test_what_an_allow_list_token_was_is_kept_as_its_hash_only() -> None:
    events = [event for events in parsed(deliveries("03_moderation")) for event in events]
    joins = [event.data for event in events if isinstance(event.data, ParticipantJoined)]
    assert {"session", "handle", "credential"} == set(joins[0].platform)
    assert len(joins[0].platform["credential"]) == 32
    assert b"tok-" not in msgspec.json.encode([event.data for event in events])


# --- all streams unpublished at once ---------------------------------------------------------------------------------


def at(second: int, data: dict[str, Any]) -> dict[str, Any]:
    return {**in_room(data), "timestamp": (1_790_000_000 + second) * 1_000_000}


def test_an_unpublish_ends_all_streams_whatever_the_order() -> None:
    streams = [{"type": "audio", "mid": "0"}, {"type": "video", "mid": "1"}]
    told = [
        at(0, {"event": "joined", "id": "u"}),
        at(1, {"event": "published", "id": "u", "streams": streams}),
        at(2, {"event": "unpublished", "id": "u"}),
        at(3, {"event": "unpublished", "id": "u"}),
        at(4, {"event": "published", "id": "u", "streams": streams[:1]}),
    ]
    for order in itertools.permutations(told):
        state = folded(parsed([delivery(msgspec.json.encode(one)) for one in order]))
        assert here(room(state, "r")) == {"u": ["microphone"]}


def test_an_unpublish_is_no_sign_of_anybody() -> None:
    state = folded(parsed([delivery(msgspec.json.encode(at(1, {"event": "unpublished", "id": "u"})))]))
    assert state.all_rooms() == []


def test_an_unpublish_concerns_nobody_else() -> None:
    streams = [{"type": "audio", "mid": "0"}]
    told = [at(0, {"event": "published", "id": user, "streams": streams}) for user in "uv"]
    state = folded(parsed([delivery(msgspec.json.encode([*told, at(1, {"event": "unpublished", "id": "u"})]))]))
    assert here(room(state, "r")) == {"u": [], "v": ["microphone"]}
