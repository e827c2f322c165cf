"""Whose matter a warning is."""

import pytest

from moderator.client.me import Me
from moderator.desktop.alerts.interrupting import (
    Concern,
    Interruption,
    concern,
    interruption,
    time_cue,
    waiting_since,
)
from moderator.desktop.census.parts import ANSWER_MS
from moderator.desktop.sounds.cues import Cue
from moderator.domain.rooms import Person, Warning
from tests.fakes.desktop import MAYA, NOW, a_room, a_warning

ANA, SELF = Person("ana", "Ana"), Person("maya", "Maya")


@pytest.mark.parametrize(
    ("owner", "me", "waited_ms", "whose"),
    [
        (None, MAYA, 0, "anybodys"),
        (None, MAYA, ANSWER_MS, "anybodys"),
        (SELF, MAYA, 0, "ours"),
        (SELF, MAYA, ANSWER_MS, "ours"),
        (ANA, MAYA, 0, "theirs"),
        (ANA, MAYA, ANSWER_MS - 1, "theirs"),
        (ANA, MAYA, ANSWER_MS, "unanswered"),
        (ANA, None, 0, "anybodys"),
    ],
)
def test_whose_matter_it_is(owner: Person | None, me: Me | None, waited_ms: int, whose: Concern) -> None:
    assert concern(a_room(owner=owner), me, NOW - waited_ms, NOW) == whose


@pytest.mark.parametrize(
    ("owner", "whose", "expected"),
    [
        (SELF, "ours", Interruption("later", is_ours=True)),
        (None, "anybodys", Interruption("later", is_ours=False)),
        (ANA, "theirs", None),
        (ANA, "unanswered", Interruption("later", is_ours=False)),
    ],
)
def test_who_is_interrupted(owner: Person | None, whose: Concern, expected: Interruption | None) -> None:
    assert interruption(a_room(owner=owner), MAYA, "later", whose) == expected


@pytest.mark.parametrize(
    ("warnings", "since"),
    [
        ([], None),
        ([a_warning(300, raised_at=1)], 1),
        ([a_warning(300, raised_at=1), a_warning(60, raised_at=2)], 1),
        ([a_warning(300, raised_at=1, by="ana"), a_warning(60, raised_at=2)], 2),
        ([a_warning(300, raised_at=1), a_warning(60, raised_at=2, by="ana")], None),
        ([a_warning(300, raised_at=1), a_warning(60, raised_at=2, by="ana"), a_warning(20, raised_at=3)], 3),
        ([a_warning(20, raised_at=3), a_warning(300, raised_at=1), a_warning(60, raised_at=2, by="ana")], 3),
    ],
)
def test_since_when_nobody_has_answered(warnings: list[Warning], since: int | None) -> None:
    assert waiting_since(warnings) == since


@pytest.mark.parametrize(
    ("threshold", "thresholds", "cue"),
    [
        (300, (300, 60, 20), "first"),
        (60, (300, 60, 20), "later"),
        (20, (300, 60, 20), "last"),
        (300, (300, 60), "first"),
        (60, (300, 60), "last"),
        (60, (60,), "last"),
        (60, (), "last"),
    ],
)
def test_the_tightest_threshold_is_the_last_call(threshold: int, thresholds: tuple[int, ...], cue: Cue) -> None:
    assert time_cue(threshold, thresholds) == cue
