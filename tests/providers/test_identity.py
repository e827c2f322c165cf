"""Whom a connection's text names, whatever an application writes there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.providers.identity import (
    JSON,
    MAX_NAME,
    NOBODY,
    QUERY,
    Identity,
    Person,
    read_person,
    write_person,
)

TEXT = Identity(format="text")
DEEP = Identity(format="json", user="$.person.id", name="$.person.name", role="$.as", room="$.appointment.id")
SAME = Identity(format="json", user="$.a.b", name="$.a", role="$.a.b", room="$.a.b.c")
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=MAX_NAME).map(str.strip)


@pytest.mark.parametrize(
    ("data", "identity", "expected"),
    [
        ('{"userId":"u-17","name":"Ana","role":"student"}', None, Person("u-17", "Ana", "student")),
        ("userId=u-2&role=teacher&name=Bob%20Lee", None, Person("u-2", "Bob Lee", "teacher")),
        ('{"userId":17}', None, Person("17")),
        ('{"userId":"u","room":"appt-17"}', None, Person("u", room="appt-17")),
        ("userId=u&room=appt-17", None, Person("u", room="appt-17")),
        ('{"userId":"u","room":"x"}', Identity(format="json", user="$.userId"), Person("u")),
        ('{"userId":true,"name":null,"role":["x"]}', None, NOBODY),
        ('{"user":"u"}', None, NOBODY),
        ("", None, NOBODY),
        ("just words", None, NOBODY),
        ("42", None, NOBODY),
        ("[1,2]", None, NOBODY),
        ("{broken", None, NOBODY),
        ('{"person":{"id":"u"},"who":"x"}', Identity(format="json", user="$.person.id"), Person("u")),
        ('{"person":"u"}', Identity(format="json", user="$.person.id"), NOBODY),
        ("userId=u", JSON, NOBODY),
        ('{"userId":"u"}', QUERY, NOBODY),
        ("uid=u&uid=v&n=", Identity(format="query", user="uid", name="n"), Person("v")),
        ("anna@example.org", TEXT, Person("anna@example.org")),
        (" ", TEXT, NOBODY),
        ("x" * (MAX_NAME + 1), TEXT, NOBODY),
        ('{"name":"' + "ü" * 900 + '"}', None, Person(name="ü" * MAX_NAME)),
        ('{"userId":' + "9" * 5000 + "}", None, NOBODY),
        ("[" * 100_000, None, NOBODY),
        ("&".join(f"k{n}=v" for n in range(500)), None, NOBODY),
    ],
)
def test_who_it_is(data: str, identity: Identity | None, expected: Person) -> None:
    assert read_person(data, identity) == expected


@given(
    data=st.text() | st.builds('{{"userId":{}}}'.format, st.text() | st.integers()),
    identity=st.sampled_from([None, JSON, QUERY, TEXT]),
)
def test_nothing_is_too_strange(data: str, identity: Identity | None) -> None:
    person = read_person(data, identity)
    assert max(len(person.user), len(person.name), len(person.role)) <= MAX_NAME


@pytest.mark.parametrize("path", ["userId", "$", "$.", "$..a", "$.a."])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r"user: .* is no path: write one like \$\.userId"):
        Identity(format="json", user=path)


def test_a_whole_text_has_no_parts() -> None:
    with pytest.raises(ValueError, match="name: with format"):
        Identity(format="text", name="$.name")


@given(person=st.builds(Person, WORDS, WORDS, WORDS, WORDS), identity=st.sampled_from([None, JSON, QUERY, DEEP]))
def test_what_is_written_is_read(person: Person, identity: Identity | None) -> None:
    assert read_person(write_person(person, identity, {"rtcstats.user": "user_1"}), identity) == person


@given(person=st.builds(Person, WORDS, WORDS, WORDS, WORDS))
def test_of_a_text_only_the_user_is_left(person: Person) -> None:
    assert read_person(write_person(person, TEXT, {"more": "x"}), TEXT) == Person(person.user)


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        (SAME, '{"a":{"b":"u"}}'),
        (Identity(format="query", user="id", name="id"), "more=x&id=u"),
        (Identity(format="json", user="$.more"), '{"more":"u"}'),
        (Identity(format="query", name="n"), "more=x&n=N%C3%B8"),
    ],
)
def test_the_user_stands_before_what_is_to_be_in_the_same_place(identity: Identity, expected: str) -> None:
    extra = {} if identity is SAME else {"more": "x"}
    assert write_person(Person("u", "Nø", "r", "room"), identity, extra) == expected
