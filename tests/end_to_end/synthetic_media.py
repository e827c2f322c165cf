"""What a test participant sends instead of a camera, a screen and a microphone: little, to spare the processor.
Tracks only; who sends them is in `participant`."""

import asyncio
from fractions import Fraction

from aiortc import MediaStreamTrack, VideoStreamTrack
from aiortc.mediastreams import AudioStreamTrack
from av import VideoFrame

WIDTH, HEIGHT = 160, 120
FRAMES_PER_SECOND = 8

_CLOCK_RATE = 90_000


class Picture(VideoStreamTrack):
    """A grey picture that changes a little with every frame, and can pause."""

    def __init__(self) -> None:
        super().__init__()
        self._number = 0
        self._running = asyncio.Event()
        self._running.set()

    def pause(self) -> None:
        self._running.clear()

    def resume(self) -> None:
        self._running.set()

    async def recv(self) -> VideoFrame:
        await asyncio.sleep(1 / FRAMES_PER_SECOND)
        # A sender in aiortc can be started once only: a share that ends just has no more frames.
        await self._running.wait()
        frame = _grey(self._number % 256)
        frame.pts = self._number * _CLOCK_RATE // FRAMES_PER_SECOND
        frame.time_base = Fraction(1, _CLOCK_RATE)
        self._number += 1
        return frame


def microphone() -> MediaStreamTrack:
    """Silence, at 50 packets a second."""
    return AudioStreamTrack()


def _grey(level: int) -> VideoFrame:
    frame = VideoFrame(WIDTH, HEIGHT, "yuv420p")
    for plane in frame.planes:
        plane.update(bytes([level if plane.width == WIDTH else 128]) * plane.buffer_size)
    return frame
