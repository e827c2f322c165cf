"""The cues by how urgent what they stand for is; their files are made by `scripts/cues.py`. Pure."""

from typing import Final, Literal

Cue = Literal["first", "later", "last"]
"""How urgent an interruption is, and so how it sounds: one note, two or three."""
CUES: Final[tuple[Cue, ...]] = ("first", "later", "last")
"""The mildest first."""
