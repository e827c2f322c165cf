import pytest
from msgspec.structs import replace

from moderator.client.selectors import NotSelected, select_participant, select_room
from moderator.domain.rooms import Room
from tests.fakes.builders import DAY, an_entry, folded, joined, left, room_started, the_room

BASE = the_room(folded(an_entry(room_started(DAY), joined("p1", DAY, user="u1", name="Bill"))))


def room(address: str, name: str = "", *, state: str = "live") -> Room:
    source, _, id_ = address.partition("/")
    return replace(BASE, source=source, room=id_, name=name or id_, state=state)


ROOMS = [
    room("clinic/1", "cardio"),
    room("clinic/2", "neuro"),
    room("school/1", "maths"),
    room("school/neuro", "physics"),
    room("school/9", "a/b"),
    room("old/7", "maths", state="ended"),
    room("old/8", "relic", state="ended"),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("clinic/1", "clinic/1"),
        ("clinic/cardio", "clinic/1"),
        ("cardio", "clinic/1"),
        ("9", "school/9"),
        ("a/b", "school/9"),
        ("school/a/b", "school/9"),
        ("school/neuro", "school/neuro"),
        ("maths", "school/1"),
        ("relic", "old/8"),
    ],
)
def test_a_room_is_meant(text: str, found: str) -> None:
    selected = select_room(text, ROOMS)
    assert f"{selected.source}/{selected.room}" == found


@pytest.mark.parametrize(
    ("text", "candidates"),
    [("1", ["clinic/1 (cardio)", "school/1 (maths)"]), ("neuro", ["clinic/2 (neuro)", "school/neuro (physics)"])],
)
def test_what_could_be_several_is_refused(text: str, candidates: list[str]) -> None:
    with pytest.raises(NotSelected) as caught:
        select_room(text, ROOMS)
    assert all(candidate in str(caught.value) for candidate in candidates)
    assert "relic" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "card", "Cardio", "clinic/", "clinic/9", "/1"])
def test_what_is_nothing_lists_what_there_is(text: str) -> None:
    with pytest.raises(NotSelected, match=r"there is: clinic/cardio, clinic/neuro"):
        select_room(text, ROOMS)


def test_where_there_is_nothing_it_says_so() -> None:
    with pytest.raises(NotSelected, match="there is no room now"):
        select_room("x", [])


def test_a_long_list_is_cut() -> None:
    with pytest.raises(NotSelected, match="and 90 more"):
        select_room("x", [room(f"clinic/{number}") for number in range(100)])


PEOPLE = the_room(
    folded(
        an_entry(
            joined("p1", DAY, user="u1", name="Bill"),
            joined("p2", DAY, user="u2", name="Dr Lee"),
            joined("p3", DAY, user="u2", name="Dr Lee"),
            joined("p4", DAY, user="u4", name="u1"),
            joined("p5", DAY, user="u5", name="Gone"),
            left("p5", DAY + 5),
            joined("p6", DAY),
        )
    )
)


@pytest.mark.parametrize(("text", "found"), [("p2", "p2"), ("Bill", "p1"), ("u4", "p4"), ("p5", "p5"), ("p6", "p6")])
def test_a_participant_is_meant(text: str, found: str) -> None:
    assert select_participant(text, PEOPLE).id == found


@pytest.mark.parametrize("text", ["Dr Lee", "u2"])
def test_two_connections_of_one_person_are_two(text: str) -> None:
    with pytest.raises(NotSelected, match=r"p2 \(u2, Dr Lee\), p3 \(u2, Dr Lee\)"):
        select_participant(text, PEOPLE)


def test_a_name_that_is_somebody_elses_id_does_not_shield() -> None:
    with pytest.raises(NotSelected, match=r"p1 \(u1, Bill\), p4 \(u4, u1\)"):
        select_participant("u1", PEOPLE)


@pytest.mark.parametrize("text", ["", "Gone", "u5", "bill"])
def test_who_is_not_here_is_not_found_by_name(text: str) -> None:
    with pytest.raises(NotSelected, match="no participant is called"):
        select_participant(text, PEOPLE)
