"""The sounds in the repository are those that the script makes."""

import wave
from pathlib import Path

import pytest

from scripts import cues


@pytest.mark.parametrize("name", cues.CUES)
def test_sounds_are_as_they_are_made(name: str) -> None:
    path = Path(cues.FOLDER / f"{name}.wav")
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, cues.RATE_HZ)
        assert file.getnframes() / file.getframerate() < 0.7
        assert file.readframes(file.getnframes()) == cues.rendered(cues.CUES[name]).tobytes(), "run scripts.cues"
    assert path.stat().st_size < 60_000


@pytest.mark.parametrize("name", cues.CUES)
def test_sounds_begin_and_end_softly(name: str) -> None:
    samples = cues.rendered(cues.CUES[name])
    loudest = max(map(abs, samples))
    assert max(map(abs, samples[:32])) < loudest / 4, "the first millisecond"
    assert max(map(abs, samples[-32:])) < loudest / 50, "the last millisecond"
