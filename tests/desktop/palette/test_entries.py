"""What can be chosen, with its words, its key and why not."""

from collections.abc import Callable

import pytest

from moderator.desktop.actions.action import Action
from moderator.desktop.actions.actions import ACTIONS
from moderator.desktop.orders.intents import Intent
from moderator.desktop.palette import entries
from moderator.desktop.palette.index import Index
from moderator.desktop.palette.matching import line, search
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room
from tests.fakes.desktop import a_person, a_room

TIMED, OPEN = a_room("timed"), a_room("open-end", left_s=None)


def key(action: Action) -> str:
    return next(iter(action.keys), "")


def why_not(intent: Intent) -> str:
    return "Nobody may." if intent.action == "lock" else ""


def commands(*rooms: Room) -> dict[str, entries.Entry]:
    return {one.id: one for one in entries.room_commands(rooms, key, why_not)}


@pytest.mark.parametrize(
    ("id_", "words"),
    [
        ("room/extend", "Extend timed by 5 min"),
        ("room/extend_custom", "Extend timed by…"),
        ("room/disconnect", "Disconnect somebody from timed…"),
        ("room/end", "End timed…"),
        ("room/sort_again", "Sort the rooms again"),
    ],
)
def test_commands_name_the_selected_room(id_: str, words: str) -> None:
    assert commands(TIMED)[id_].words == words


def test_a_room_without_an_end_gets_one() -> None:
    assert commands(OPEN)["room/extend"].words == "Set the end of open-end…"


def test_several_rooms_are_counted_and_all_of_them_meant() -> None:
    extend = commands(TIMED, OPEN)["room/extend"]
    assert (extend.words, extend.detail) == ("Extend", "2 rooms")
    assert extend.choice == tuple(Intent(action="extend", room=room.key) for room in (TIMED, OPEN))


def test_without_a_room_there_is_only_what_is_about_the_table() -> None:
    assert set(commands()) == {"room/sort_again"}


def test_what_cannot_be_done_is_there_and_says_why() -> None:
    assert commands(TIMED)["room/lock"].why_not == "Nobody may."


def test_every_action_can_be_reached_but_those_that_mean_what_has_the_focus() -> None:
    window: dict[str, str] = {one.name: "" for one in ACTIONS if one.place == "window"}
    reached = [
        *entries.room_commands([TIMED], key, why_not),
        *entries.person_commands("Bill", TIMED, key, lambda _: ""),
        *entries.window_commands(window, key),
    ]
    wanted = {one.id for one in ACTIONS if not one.with_focus} - {"window/palette"}
    assert {one.id for one in reached} == wanted
    assert all(one.words and one.icon for one in reached)
    assert not [one.words for one in reached if "{" in one.words]


class Rooms:
    """What a store would know."""

    def __init__(self, *rooms: Room) -> None:
        self.known = {room.key: room for room in rooms}

    def find(self, key: RoomKey) -> Room | None:
        return self.known.get(key)


def found(index: Index, query: str) -> list[str]:
    places = search(query, index.lines, 12).places
    return [entry.words for place in places if (entry := index.entry(place))]


@pytest.fixture
def indexed() -> tuple[Rooms, Index]:
    rooms = Rooms(*(a_room(f"cardio-{number}") for number in range(5)))
    index = Index(rooms.find)
    index.start_over(rooms.known)
    while index.work(2):
        pass
    return rooms, index


def test_rooms_and_people_are_found(indexed: tuple[Rooms, Index]) -> None:
    _, index = indexed
    assert found(index, "cardio-3")[0] == "Open cardio-3"
    assert found(index, "lee 4") == ["Dr Lee in cardio-4"]


def test_a_person_with_two_devices_is_one(indexed: tuple[Rooms, Index]) -> None:
    rooms, index = indexed
    twice = a_room("cardio-1", people=[a_person("a", "Ann", user="ann"), a_person("b", "Ann", user="ann")])
    rooms.known[twice.key] = twice
    index.note([twice.key])
    assert not index.work(2)
    assert found(index, "ann") == ["Ann in cardio-1"]


@pytest.mark.parametrize("tell", [Index.note, Index.start_over])
def test_what_went_is_not_found_any_more(
    indexed: tuple[Rooms, Index], tell: Callable[[Index, list[RoomKey]], None]
) -> None:
    rooms, index = indexed
    gone = a_room("cardio-3").key
    del rooms.known[gone]
    tell(index, [gone] if tell is Index.note else list(rooms.known))
    while index.work(2):
        pass
    assert "Open cardio-3" not in found(index, "cardio-3")


def test_a_place_is_asked_for_after_its_room_went(indexed: tuple[Rooms, Index]) -> None:
    rooms, index = indexed
    rooms.known.clear()
    assert index.entry(0) is None


def test_choosing_a_person_selects_room_and_person(indexed: tuple[Rooms, Index]) -> None:
    _, index = indexed
    (place,) = search("lee 4", index.lines, 12).places
    entry = index.entry(place)
    assert entry is not None
    assert entry.choice == (Intent(action="select", room=a_room("cardio-4").key, participant="lee"),)
    assert entry.id == "", "nobody's name is remembered"


@pytest.mark.parametrize(
    ("typed", "id_"),
    [
        ("theme", "window/theme"),
        ("look", "window/settings"),
        ("density", "window/density"),
        ("german", "window/settings"),
        ("past", "window/audit"),
        ("scrub back", "window/room_panel"),
        ("blocked", "window/room_panel"),
        ("demo", "window/add_source"),
        ("demo", "window/demo"),
    ],
)
def test_plain_words_find_commands_that_are_called_otherwise(typed: str, id_: str) -> None:
    found = entries.window_commands({one.name: "" for one in ACTIONS if one.place == "window"}, key)
    places = search(typed, [line(f"{one.words} {one.also}") for one in found], 5).places
    assert id_ in {found[place].id for place in places}


def test_what_is_called_so_comes_before_what_is_only_looked_for_so() -> None:
    found = entries.window_commands({one.name: "" for one in ACTIONS if one.place == "window"}, key)
    places = search("look", [line(f"{one.words} {one.also}") for one in found], 5).places
    assert [found[place].id for place in places][:2] == ["window/demo", "window/settings"]
