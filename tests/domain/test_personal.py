"""What is left of a person's texts, and of those that speak of them."""

import pytest

from moderator.domain.events import MessageRequested, ProviderEventUnknown
from moderator.domain.personal import Members, Person
from tests.journal.reading import builtins_of

PERSON = Person("u1", "erased-1", ["conn-1"], ["Anna Kowalska", "Bo"])


@pytest.mark.parametrize(
    ("members", "erased"),
    [
        ({"user": "u1", "name": "Anna", "data": "{}", "platform": {"a": "b"}},
         {"user": "erased-1", "name": "", "data": "", "platform": {}}),
        ({"participant": "u1@170", "user": "u1"}, {"participant": "erased-1@170", "user": "erased-1"}),
        ({"participant": "7@170"}, {"participant": "7@170"}),
        ({"allow": {"user": "u1", "role": "host"}}, {"allow": {"user": "erased-1", "role": "host"}}),
        ({"people": "u1"}, {"people": "erased-1"}),
    ],
)  # fmt: skip
def test_what_is_left_of_somebodys_own_texts(members: Members, erased: Members) -> None:
    assert PERSON.erase_own(members) == erased


@pytest.mark.parametrize(
    ("text", "is_mention"),
    [
        ('{"user":"u1"}', True),
        ("u1", True),
        ("person=u1; person=u2", True),
        ("there are u1 of them", False),  # so short an id may be anything
        ("u10 and xu1", False),
        ("conn-1 left", True),
        ("conn-10 left", False),
        ("anna kowalska asked for time", True),
        ("Bo asked for time", False),  # one word alone is the name of many
        ("", False),
    ],
)
def test_mentions_in_what_is_about_others(text: str, is_mention: bool) -> None:
    for data in (MessageRequested(text=text), ProviderEventUnknown(body=text)):
        members = builtins_of(data)
        erased = PERSON.erase_mentions(members)
        assert (erased != members) == is_mention
        assert not is_mention or text not in erased.values()


def test_an_id_may_hold_the_mark_of_ids_that_are_taken_again() -> None:
    person = Person("anna@example.org", "erased-1")
    for before, after in (
        ("anna@example.org@170", "erased-1@170"),
        ("anna@example.org@", "erased-1@"),
        ("anna@example.org", "erased-1"),
        ("anna@example.com@170", "anna@example.com@170"),
        ("anna@170", "anna@170"),
    ):
        assert person.seat(before) == after


def test_the_other_persons_id_stays() -> None:
    assert PERSON.erase_mentions({"user": "u2", "name": "u1"}) == {"user": "u2", "name": ""}
