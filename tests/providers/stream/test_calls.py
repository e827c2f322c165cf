from typing import Any

import msgspec
import pytest

from moderator.providers.errors import Rejected
from moderator.providers.reporting import NotUnderstoodError
from moderator.providers.stream.calls import Call, Participant, instance_id, people, type_and_id
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


@pytest.mark.parametrize("key", ["", "*"])
def test_keys_that_mean_something_else_name_nobody(key: str) -> None:
    with pytest.raises(NotUnderstoodError, match="nobody is named"):
        people([msgspec.convert(participant(key, "ana"), Participant)])


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
