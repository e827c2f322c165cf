from collections.abc import Set as AbstractSet
from typing import Any

import pytest
from google.protobuf import json_format
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol.models import ParticipantPermission

from moderator.providers.errors import Rejected
from moderator.providers.livekit.permissions import SCREEN, SOUND, source_of, with_sound, without
from moderator.providers.livekit.wire import SOURCES

ALL: list[Any] = []
"""How the server writes that everything may be published."""


def permission(*sources: Any, can_publish: bool = True) -> dict[str, Any]:
    return {"can_subscribe": True, "can_publish": can_publish, "can_publish_sources": list(sources), "future_flag": 7}


@pytest.mark.parametrize(
    ("before", "sources", "after"),
    [
        (ALL, SCREEN, ["UNKNOWN", "CAMERA", "MICROPHONE"]),
        (ALL, SOUND, ["CAMERA", "SCREEN_SHARE"]),
        (ALL, {"CAMERA"}, ["UNKNOWN", "MICROPHONE", "SCREEN_SHARE", "SCREEN_SHARE_AUDIO"]),
        (["CAMERA", "MICROPHONE"], SCREEN, ["CAMERA", "MICROPHONE"]),
        ([3, 2, 1], SCREEN, ["CAMERA", "MICROPHONE"]),
        (["MICROPHONE", "HOLOGRAM"], SOUND, ["HOLOGRAM"]),
        ([2, 99, "HOLOGRAM", -1], SOUND, [-1, 99, "HOLOGRAM"]),
        ([1, 99], {99}, ["CAMERA"]),
    ],
)
def test_sources_are_taken_away(before: list[Any], sources: AbstractSet[str], after: list[str]) -> None:
    assert without(permission(*before), sources) == permission(*after)


@pytest.mark.parametrize(("value", "source"), [(2, "MICROPHONE"), ("CAMERA", "CAMERA"), (99, 99), ("NEW", "NEW")])
def test_a_source_that_is_new_stays_what_it_is(value: Any, source: Any) -> None:
    assert source_of(value) == source


@pytest.mark.parametrize("sources", ["MICROPHONE", {"a": 1}, {}, [None], ["CAMERA", True], [1.5], [[]], 5, False])
@pytest.mark.parametrize("can_publish", [True, False])
def test_sources_that_make_no_sense_are_left_as_they_are(sources: object, can_publish: bool) -> None:
    permission = {"can_publish": can_publish, "can_publish_sources": sources}
    with pytest.raises(Rejected, match="nothing of it is changed"):
        without(permission, SOUND)
    with pytest.raises(Rejected, match="nothing of it is changed"):
        with_sound(permission)


def test_nothing_left_is_not_everything() -> None:
    """An empty list would allow all."""
    assert without(permission("MICROPHONE"), SOUND) == permission(can_publish=False)
    assert without(permission(can_publish=False), SOUND) == permission(can_publish=False)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["CAMERA", "SCREEN_SHARE"], ALL),
        (["CAMERA"], ["CAMERA", "MICROPHONE"]),
        (["UNKNOWN", "CAMERA"], ["UNKNOWN", "CAMERA", "MICROPHONE"]),
        (["SCREEN_SHARE"], ["MICROPHONE", "SCREEN_SHARE", "SCREEN_SHARE_AUDIO"]),
        (["CAMERA", "MICROPHONE"], ["CAMERA", "MICROPHONE"]),
        (ALL, ALL),
    ],
)
def test_sound_is_given_back(before: list[str], after: list[str]) -> None:
    assert with_sound(permission(*before)) == permission(*after)


def test_sound_is_given_back_to_whom_nothing_was_left() -> None:
    assert with_sound(permission(can_publish=False)) == permission("MICROPHONE")


SETS = st.sets(st.sampled_from(SOURCES))


@given(before=SETS, taken=SETS.filter(bool))
def test_what_is_taken_is_gone_and_nothing_else(before: set[str], taken: set[str]) -> None:
    after = without(permission(*sorted(before)), taken)
    expected = (before or set(SOURCES)) - taken
    assert set(after["can_publish_sources"]) == expected
    assert after["can_publish"] is bool(expected)


@given(before=SETS)
def test_taking_and_giving_back_gives_no_more_than_there_was(before: set[str]) -> None:
    """But for a microphone, and for what has no name, to whom everything that has one is allowed."""
    allowed = before or set(SOURCES)
    after = set(with_sound(without(permission(*sorted(before)), SOUND))["can_publish_sources"]) or set(SOURCES)
    assert after <= allowed | {"MICROPHONE", "UNKNOWN"} | (SCREEN if "SCREEN_SHARE" in allowed else set())


def test_the_protocol_understands_it() -> None:
    official = json_format.MessageToDict(
        ParticipantPermission(can_publish=True, hidden=True),
        preserving_proto_field_name=True,
        always_print_fields_with_no_presence=True,
    )
    written = json_format.ParseDict(without(official, SCREEN), ParticipantPermission())
    assert (written.can_publish, written.hidden, written.can_subscribe) == (True, True, False)
    assert list(written.can_publish_sources) == [0, 1, 2]
