import re
import uuid
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.quality.errors import BadQuestion
from moderator.quality.identifiers import MAX_ID, Identifiers, checked

KEY: Final = "k" * 32
IDS: Final = Identifiers(KEY)


def test_an_opaque_id_is_always_the_same_and_shows_nothing_of_the_real_one() -> None:
    first, second = IDS.user("clinic", "maya@example.org"), Identifiers(KEY).user("clinic", "maya@example.org")
    assert first == second
    assert re.fullmatch("user_[0-9a-f]{32}", first)
    assert re.fullmatch("room_[0-9a-f]{32}", IDS.conference("clinic", "standup"))
    assert not {"maya", "example", "clinic", "standup"} & set(re.findall("[a-z]+", first))


@given(st.lists(st.tuples(st.sampled_from(["user", "conference"]), st.text(), st.text()), max_size=6, unique=True))
def test_different_people_and_rooms_never_share_one(wanted: list[tuple[str, str, str]]) -> None:
    made = [getattr(IDS, kind)(source, real) for kind, source, real in wanted]
    assert len({one.partition("_")[2] for one in made}) == len(wanted)


def test_another_key_gives_other_ids() -> None:
    assert Identifiers("x" * 32).user("clinic", "u1") != IDS.user("clinic", "u1")


def test_every_visit_has_an_id_of_its_own() -> None:
    first, second = IDS.session(), IDS.session()
    assert first != second
    assert uuid.UUID(first.removeprefix("sess_")).version == 4


def test_a_short_key_is_refused_and_none_is_shown() -> None:
    with pytest.raises(ValueError, match="32 bytes") as raised:
        Identifiers("too-short-a-key")
    assert "too-short-a-key" not in str(raised.value)
    assert KEY not in repr(IDS)


@pytest.mark.parametrize(
    ("source", "wanted", "expected"),
    [
        (None, "user_def456", "user_def456"),
        (None, IDS.user("clinic", "u1"), IDS.user("clinic", "u1")),
        ("clinic", IDS.user("clinic", "u1"), IDS.user("clinic", IDS.user("clinic", "u1"))),  # never past a pattern
        ("clinic", "u1", IDS.user("clinic", "u1")),
        ("clinic", "user_42", IDS.user("clinic", "user_42")),  # a platform's ids may begin like ours
    ],
)
def test_what_is_looked_for(source: str | None, wanted: str, expected: str) -> None:
    assert IDS.searched("user", source, wanted) == expected


@pytest.mark.parametrize("real", ["maya@example.org", "room_1", "", "sess_1"])
def test_what_may_be_a_real_id_is_not_sent_to_the_database(real: str) -> None:
    with pytest.raises(BadQuestion, match="name the source of this user"):
        IDS.searched("user", None, real)


@pytest.mark.parametrize("odd", ["", "a\0b", "\ud800", "x" * (MAX_ID + 1)])
def test_what_no_database_can_look_for_is_refused(odd: str) -> None:
    with pytest.raises(BadQuestion, match="the user"):
        checked("user", odd)


def test_other_ids_may_be_anything() -> None:
    assert checked("user", "Zoë 🎈; DROP TABLE") == "Zoë 🎈; DROP TABLE"
