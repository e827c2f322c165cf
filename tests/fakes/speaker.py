"""A speaker that writes down what it plays, and takes as long as the test wants."""

from threading import Event

from moderator.desktop.sounds.cues import Cue
from moderator.desktop.sounds.speaker import SpeakerError


class FakeSpeaker:
    """A `moderator.desktop.sounds.player.PlaysCues`. `trouble` is raised instead of playing."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.played: list[tuple[Cue, int]] = []
        self.trouble = trouble
        self.goes_on = Event()
        """A cue lasts until it is set."""
        self.goes_on.set()
        self.closed = False
        self.at_once = 0

    def play(self, cue: Cue, volume: int) -> None:
        self.at_once += 1
        assert self.at_once == 1, "two cues at a time"
        self.played.append((cue, volume))
        self.goes_on.wait(10)
        self.at_once -= 1
        if self.trouble is not None:
            raise self.trouble

    def close(self) -> None:
        self.closed = True


NO_DEVICE = SpeakerError("no device")
