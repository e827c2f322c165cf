from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.ids import platform_participant, seat_key
from moderator.domain.presence import EVERYBODY
from moderator.providers.errors import Rejected
from moderator.providers.reporting import NotUnderstoodError
from moderator.providers.stream.calls import (
    FARTHEST_MS,
    Call,
    Participant,
    Session,
    instance_id,
    people,
    type_and_id,
)
from tests.providers.stream.made import ANA, BEGIN, BOB, call, fixture, participant, session


@pytest.mark.parametrize(("session_id", "instance"), [("b8-1", "b8-1"), ("123", "s123"), ("s1", "s1")])
def test_ids_of_digits_only_are_the_domains_own(session_id: str, instance: str) -> None:
    assert instance_id(session_id) == instance


@pytest.mark.parametrize("cid", ["", "room", "appointment:", ":room"])
def test_what_is_no_address_of_a_call(cid: str) -> None:
    with pytest.raises(Rejected, match="no call of Stream's"):
        type_and_id(cid)


def test_an_id_may_have_colons() -> None:
    assert type_and_id("appointment:a:b") == ("appointment", "a:b")


@pytest.mark.parametrize(
    ("custom", "name"), [({"name": "Visit 7"}, "Visit 7"), ({"name": 7}, ""), ({}, ""), (None, "")]
)
def test_a_call_is_named_by_text_only(custom: object, name: str) -> None:
    assert msgspec.convert({**call(), "custom": custom}, Call).name == name


def who(key: str, user: str = "ana") -> Participant:
    return msgspec.convert(participant(key, user), Participant)


@pytest.mark.parametrize(
    ("chosen", "key"),
    [("d1", "d1"), ("*", "%2A"), ("x@", "x%40"), ("a@b", "a%40b"), ("%2A", "%252A"), ("x%40", "x%2540"), ("**", "**")],
)
def test_ids_that_mean_something_else_are_written_otherwise(chosen: str, key: str) -> None:
    assert who(chosen).key == key


@given(st.sets(st.text("*@%2A40x", min_size=1, max_size=5), max_size=20))
def test_every_id_stays_one_of_its_own(chosen: set[str]) -> None:
    keys = {who(one).key for one in chosen}
    assert len(keys) == len(chosen)
    assert all(EVERYBODY != key == platform_participant(key) == seat_key(key) for key in keys)


def test_who_has_no_id_is_nobody() -> None:
    with pytest.raises(NotUnderstoodError, match="nobody is named"):
        assert who("").key


def test_who_cannot_be_told_apart_takes_nothing_from_the_others() -> None:
    found = people([who("d1"), who("", "bob"), who("d1", "eve"), who("d2", "eve")])
    assert [(one.participant, one.user) for one in found] == [("d1", "ana"), ("d2", "eve")]


@pytest.mark.parametrize("ends_at", [None, BEGIN - 5, BEGIN + FARTHEST_MS])
def test_the_timer_of_a_session(ends_at: int | None) -> None:
    assert msgspec.convert(session(ends_at=ends_at), Session).timer_ms(BEGIN) == ends_at


def test_an_end_that_is_years_ahead() -> None:
    found = msgspec.convert(session(ends_at=BEGIN + FARTHEST_MS + 1), Session)
    with pytest.raises(NotUnderstoodError, match="years ahead"):
        found.timer_ms(BEGIN)


def test_the_call_of_a_reply() -> None:
    found = msgspec.convert(fixture("rest/get_call.v2.json")["call"], Call)
    assert found.session is not None
    assert (found.max_duration_s, found.session.count) == (3600, 2)
    listed = people(found.session.participants or ())
    assert [(one.participant, one.user, one.name, one.role, one.joined_at) for one in listed] == [
        (ANA, "dr-41", "Dr Forty-One", "specialist", BEGIN + 142),
        (BOB, "guest-42", "Guest Forty-Two", "patient", BEGIN + 15_142),
    ]


@pytest.mark.parametrize(
    ("more", "count"),
    [
        ({"participants_count_by_role": {"a": 3, "b": 2}, "anonymous_participant_count": 4}, 9),
        ({"participants_count_by_role": None, "anonymous_participant_count": None}, 0),
    ],
)
def test_the_platforms_own_count(more: dict[str, Any], count: int) -> None:
    found = msgspec.convert(call(session(**more)), Call).session
    assert found is not None
    assert found.count == count


@pytest.mark.parametrize("settings", [None, {}, {"limits": None}, {"limits": {"max_duration_seconds": None}}])
def test_a_call_without_a_limit(settings: object) -> None:
    assert msgspec.convert({**call(), "settings": settings}, Call).max_duration_s == 0
