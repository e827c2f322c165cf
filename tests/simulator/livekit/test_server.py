"""Ids and companions, which are the same whenever the same rooms are."""

import re

import pytest

from moderator.simulator.livekit.server import Server, companions_of, sid


def test_ids_are_the_same_for_the_same_parts_only() -> None:
    found = [sid("PA_", "a"), sid("PA_", "b"), sid("PA_", "a", "b"), sid("PA_", "ab")]
    assert len(set(found)) == 4
    assert all(re.fullmatch(r"PA_[0-9A-Za-z]{12}", one) for one in found)
    assert sid("PA_", "a") == found[0]


def test_a_room_that_begins_again_is_another() -> None:
    server = Server()
    assert server.start("r", 1).sid != server.start("r", 2).sid
    assert list(server.rooms) == ["r"]


@pytest.mark.parametrize(("probability", "kinds"), [(0, []), (1, ["AGENT", "EGRESS"])])
def test_who_comes_along(probability: float, kinds: list[str]) -> None:
    room = Server().start("r", 1)
    found = companions_of(room, probability, 5)
    assert [one.kind for one in found] == kinds
    assert found == companions_of(room, probability, 5)
    assert [one.permission.get("hidden", False) for one in found] == [False, True][: len(kinds)]


def test_some_rooms_have_company_and_some_have_none() -> None:
    server = Server()
    counts = {len(companions_of(server.start(f"r-{number}", 1), 0.5, 5)) for number in range(40)}
    assert counts == {0, 1, 2}
