"""Makes `resources/sounds`: one note, two notes and three, for warnings of growing urgency: `python -m scripts.cues`.

Each note is a few partials under a soft envelope: heard in an office, startling nobody.
"""

import math
import wave
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[1] / "resources" / "sounds"
RATE_HZ: Final = 32_000
NOTE_S: Final = 0.34
"""How long one note sounds; the next begins before it has died away."""
STEP_S: Final = 0.15
ATTACK_S: Final = 0.012
RELEASE_S: Final = 0.05
"""At the end, so that the cut is not heard."""
DECAY_PER_S: Final = 9.0
PARTIALS: Final = ((1, 1.0), (2, 0.28), (3, 0.08))
"""Multiples of the note's frequency, with their loudness."""
LOUDEST: Final = 0.7
CUES: Final = {
    "first": (659.26,),
    "later": (659.26, 880.0),
    "last": (880.0, 659.26, 1046.5),
}
"""The notes of each, in hertz: rising, and at last a figure that no ear takes for the others."""


def main() -> None:
    """Write all of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, notes in CUES.items():
        with wave.open(str(FOLDER / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes(rendered(notes).tobytes())


def rendered(notes: Sequence[float]) -> "array[int]":
    """The notes one after the other, 16 bits a sample."""
    mixed = [0.0] * int(RATE_HZ * (STEP_S * (len(notes) - 1) + NOTE_S))
    for place, note_hz in enumerate(notes):
        begin = int(RATE_HZ * STEP_S * place)
        for number in range(int(RATE_HZ * NOTE_S)):
            mixed[begin + number] += loudness(number / RATE_HZ, note_hz)
    peak = max(map(abs, mixed))
    return array("h", (round(value / peak * LOUDEST * 32767) for value in mixed))


def loudness(at_s: float, note_hz: float) -> float:
    """One note at a moment after its beginning."""
    envelope = min(1.0, at_s / ATTACK_S) * math.exp(-DECAY_PER_S * at_s) * min(1.0, (NOTE_S - at_s) / RELEASE_S)
    return envelope * sum(loud * math.sin(2 * math.pi * note_hz * times * at_s) for times, loud in PARTIALS)


if __name__ == "__main__":
    main()
