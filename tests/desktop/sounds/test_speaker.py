"""The machine's speaker: here the library's own that plays in real time and is not heard."""

import logging
import subprocess
import sys
from array import array

import pytest

from moderator.desktop.sounds.cues import CUES, Cue
from moderator.desktop.sounds.speaker import RATE_HZ, Speaker, SpeakerError, decoded, scaled


@pytest.mark.parametrize("cue", CUES)
def test_cues_can_be_read(cue: Cue) -> None:
    samples = decoded(cue)
    assert 0.2 < len(samples) / RATE_HZ < 0.7
    assert 10_000 < max(samples) < 32_767


@pytest.mark.parametrize(("volume", "loudest"), [(100, 20_000), (50, 5_000), (10, 200), (0, 0), (-5, 0), (250, 20_000)])
def test_volume_is_as_ears_judge(volume: int, loudest: int) -> None:
    assert list(scaled(array("h", [20_000, -20_000, 0]), volume)) == [loudest, -loudest, 0]


def test_cues_are_played_to_their_end_one_after_the_other(caplog: pytest.LogCaptureFixture) -> None:
    speaker = Speaker("NULL")
    with caplog.at_level(logging.INFO):
        speaker.play("first", 60)
        speaker.play("later", 60)
    speaker.close()
    assert [record.getMessage() for record in caplog.records] == ["sounds go to Null"], "opened once"


def test_a_way_that_is_not_there_is_an_error_and_can_be_tried_again() -> None:
    speaker = Speaker("WASAPI" if sys.platform != "win32" else "COREAUDIO")
    for _ in range(2):
        with pytest.raises(SpeakerError):
            speaker.play("first", 60)


def test_a_machine_without_audio_says_nothing_on_stderr() -> None:
    """Libraries of the system write there by themselves: a whole screen, for every sound."""
    program = """
from moderator.desktop.sounds.speaker import Speaker, SpeakerError
try:
    Speaker().play("first", 0)
except SpeakerError:
    pass
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_library_is_not_loaded_before_something_is_to_be_heard() -> None:
    program = "import sys, moderator.desktop.alerts.sounding; sys.exit('miniaudio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], timeout=30, check=False).returncode == 0
