"""Which cue is heard."""

import pytest

from moderator.desktop.alerts.heard import SOUNDS, cue_for
from moderator.desktop.alerts.interrupting import Interruption
from moderator.desktop.sounds.cues import CUES, Cue

AT_FIRST: dict[Cue, str] = {cue: SOUNDS[cue].default for cue in CUES}
ALL: dict[Cue, str] = dict.fromkeys(CUES, "all")


def of(cue: Cue, *, is_ours: bool = True) -> Interruption:
    return Interruption(cue, is_ours=is_ours)


@pytest.mark.parametrize(
    ("came", "heard", "cue"),
    [
        ([], ALL, None),
        ([of("first")], AT_FIRST, None),
        ([of("later")], AT_FIRST, "later"),
        ([of("last")], AT_FIRST, "last"),
        ([of("last", is_ours=False)], AT_FIRST, None),
        ([of("last", is_ours=False)], ALL, "last"),
        ([of("first"), of("later", is_ours=False)], ALL, "later"),
        ([of("last"), of("first")], ALL, "last"),
        ([of("last"), of("first")], {**ALL, "last": "off"}, "first"),
        ([of("first")], {**ALL, "first": "a choice of a newer version"}, None),
    ],
)
def test_the_most_urgent_that_was_chosen(came: list[Interruption], heard: dict[Cue, str], cue: Cue | None) -> None:
    assert cue_for(came, heard) == cue
