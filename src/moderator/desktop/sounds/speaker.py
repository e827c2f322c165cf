"""The machine's speaker, through miniaudio. Only this module imports it, and not before something is to be heard."""

import logging
from array import array
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from moderator.desktop.sounds.cues import Cue
from moderator.desktop.theme.resources import resource

if TYPE_CHECKING:
    import miniaudio

logger = logging.getLogger(__name__)

LOUDEST: Final = 100
RATE_HZ: Final = 32_000
_BUFFER_MS: Final = 60
_DRAIN_S: Final = 0.2
"""What the device has taken and not played yet."""
_PATIENCE_S: Final = 3.0
"""A device that has not taken a cue by then takes none."""
_CARDS: Final = Path("/dev/snd")
_ALSA: Final = "ALSA"
_LEFT_OUT: Final = frozenset({"CUSTOM", "NULL", "JACK"})
"""Ways to play that nobody hears, which the library would take for lack of others; and a studio's, whose
own library complains on stderr where it finds no server."""


class SpeakerError(Exception):
    """Nothing could be played; the message is for the log."""


class Speaker:
    """Plays one cue after the other on the thread that asks, always the same one.

    `backends` are miniaudio's names of ways to play, by default all that can be heard. The device stays open in
    between: the library leaks what it needs to open one.
    """

    def __init__(self, *backends: str) -> None:
        self._backends = backends
        self._device: miniaudio.PlaybackDevice | None = None

    def play(self, cue: Cue, volume: int) -> None:
        """Play a cue to its end; `volume` from 0 to 100. Raises SpeakerError, for lack of a device above all."""
        import miniaudio  # noqa: PLC0415  # most sittings need no sound, and the first paint never does

        try:
            if self._device is None:
                self._device = self._opened()
            _play_to_the_end(self._device, scaled(decoded(cue), volume))
        except miniaudio.MiniaudioError as error:
            self.close()
            raise SpeakerError(str(error)) from error
        except SpeakerError:
            self.close()
            raise

    def close(self) -> None:
        """Let the device go; the next cue opens it again."""
        device, self._device = self._device, None
        if device is not None:
            device.close()

    def _opened(self) -> "miniaudio.PlaybackDevice":
        import miniaudio  # noqa: PLC0415

        names = self._backends or _ways(one.name for one in miniaudio.Backend)
        device = miniaudio.PlaybackDevice(
            output_format=miniaudio.SampleFormat.SIGNED16,
            nchannels=1,
            sample_rate=RATE_HZ,
            buffersize_msec=_BUFFER_MS,
            backends=[miniaudio.Backend[name] for name in names],
            app_name="Moderator",
        )
        logger.info("sounds go to %s", device.backend)
        return device


@cache
def decoded(cue: Cue) -> "array[int]":
    """The samples of a cue, one channel. Raises FileNotFoundError: the installation is damaged."""
    import miniaudio  # noqa: PLC0415

    file = miniaudio.decode_file(str(resource(f"sounds/{cue}.wav")), nchannels=1, sample_rate=RATE_HZ)
    return array("h", file.samples)


def scaled(samples: "array[int]", volume: int) -> "array[int]":
    """The same, softer. Ears judge by ratios, so half the volume is a quarter of the swing."""
    factor = (min(LOUDEST, max(0, volume)) / LOUDEST) ** 2
    return array("h", (round(one * factor) for one in samples))


def _ways(names: Iterable[str]) -> list[str]:
    """Without ALSA where there is no card: its library writes thirty lines to stderr each time it finds none."""
    has_card = any(_CARDS.glob("pcm*p"))
    return [name for name in names if name not in _LEFT_OUT and (has_card or name != _ALSA)]


def _play_to_the_end(device: "miniaudio.PlaybackDevice", samples: "array[int]") -> None:
    import miniaudio  # noqa: PLC0415

    ended = Event()
    stream = miniaudio.stream_with_callbacks(
        miniaudio.stream_raw_pcm_memory(samples, nchannels=1, sample_width=2), end_callback=ended.set
    )
    next(stream)
    device.start(stream)
    if not ended.wait(_PATIENCE_S):
        raise SpeakerError("the audio device takes no sound")
    Event().wait(_DRAIN_S)
    device.stop()
