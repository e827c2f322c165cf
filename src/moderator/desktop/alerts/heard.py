"""Which cue is played for what comes, by what the user chose. Pure but for the names of the choices."""

from collections.abc import Iterable, Mapping
from typing import Final, Literal

from moderator.desktop.alerts.interrupting import Interruption
from moderator.desktop.preferences import Preference
from moderator.desktop.sounds.cues import CUES, Cue

Heard = Literal["off", "mine", "all"]
"""Never, for rooms that this moderator looks after, or for everything that interrupts."""
SOUNDS: Final[Mapping[Cue, Preference[str]]] = {
    "first": Preference("sounds/first", "off"),
    "later": Preference("sounds/later", "mine"),
    "last": Preference("sounds/last", "mine"),
}
"""For each cue a `Heard`."""
VOLUME: Final = Preference("sounds/volume", 60)
"""0 to 100."""


def cue_for(interruptions: Iterable[Interruption], heard: Mapping[Cue, str]) -> Cue | None:
    """The most urgent cue that is to be heard; None for silence. Several at once make one sound."""
    cues = {one.cue for one in interruptions if heard[one.cue] == "all" or (heard[one.cue] == "mine" and one.is_ours)}
    return max(cues, key=CUES.index, default=None)
