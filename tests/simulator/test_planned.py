"""Announced appointments on the command line, and that they take place."""

import argparse
import random

import pytest

from moderator.simulator.life import Life
from moderator.simulator.planned import Planned, planned
from moderator.simulator.world import World


@pytest.mark.parametrize("text", ["", "exam", "exam,soon,a,b", "exam,12", ",12,a,b"])
def test_what_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        planned(text)


def test_who_is_not_named_does_not_come() -> None:
    rng = random.Random(1)
    world = World(rng, lambda name, created_ms, noise: name, 1, 20)
    both, alone = Planned("exam-1", 60_000, "host", "visitor"), Planned("exam-2", 60_000, "examiner", "")
    Life(world, rng, 0, planned=(both, alone)).begin(0)
    world.step(59_000)
    assert not world.rooms
    world.step(120_000)
    here = {room.name: {one.person.user for one in room.connections.values()} for room in world.rooms.values()}
    assert here["exam-1"] >= {"host", "visitor"}  # and perhaps a guest
    assert here["exam-2"] == {"examiner"}
