"""Approves how the window looks now: writes the pictures that `tests/snapshots` compare with. Look at each before it is
committed. Run `python -m scripts.snapshots`, with names of scenes or without.
"""

import asyncio
import io
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from PIL import Image, ImageChops
from PySide6.QtCore import QBuffer
from PySide6.QtWidgets import QApplication

from moderator.desktop import event_loop, languages
from moderator.desktop.application import Application
from tests.fakes.gallery import SCENES
from tests.fakes.scenes import on_stage

FOLDER: Final = Path(__file__).parents[1] / "tests" / "snapshots" / "approved"
APPROVED: Final = tuple(
    (name, theme)
    for name, themes in {
        "twenty-rooms": ("light", "dark", "light-contrast"),
        "one-room": ("light",),
        "two-thousand-rooms": ("dark",),
        "small-window": ("light",),
        "wallboard": ("light",),
        "palette": ("dark",),
        "extend-many": ("light",),
        "disconnect": ("light", "dark"),
        "stale": ("light",),
        "signed-out": ("light",),
        "first-load": ("light",),
        "time-travel": ("light",),
        "german": ("light",),
        "arabic": ("light",),
    }.items()
    for theme in themes
)
"""Scenes and themes, one picture each: of the window in front."""
BLUR: Final = 4
"""So many pixels are one in both directions: letters are drawn a little differently on every machine."""
NOTICED: Final = 32
"""Of 255: a smaller difference of a colour is nobody's."""


async def picture(application: QApplication, name: str, theme: str, folder: Path) -> Image.Image:
    """The window in front, as the scene shows it."""
    scene = SCENES[name]
    languages.speak(application, scene.language)
    try:
        async with on_stage(application, scene, folder, theme):
            window = QApplication.activeWindow()
            assert window is not None
            png = QBuffer()
            window.grab().save(png, "PNG")
    finally:
        languages.speak(application, "en")
    return Image.open(io.BytesIO(bytes(png.data().data()))).convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    """The share of the picture that looks different, from 0 to 1."""
    if one.size != other.size:
        return 1.0
    small = (one.width // BLUR, one.height // BLUR)
    apart = ImageChops.difference(one.resize(small, Image.Resampling.BOX), other.resize(small, Image.Resampling.BOX))
    red, green, blue = apart.split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return sum(most.histogram()[NOTICED:]) / (small[0] * small[1])


def approved(name: str, theme: str) -> Path:
    """The file of a picture."""
    return FOLDER / f"{name}-{theme}.webp"


async def approve(application: QApplication, names: list[str]) -> int:
    """Take and keep them."""
    for name, theme in APPROVED:
        if not names or name in names:
            with tempfile.TemporaryDirectory() as folder:
                taken = await picture(application, name, theme, Path(folder))
            await asyncio.to_thread(taken.save, approved(name, theme), "WEBP", lossless=True, quality=100, method=6)
            print(approved(name, theme).name)
    return 0


def main() -> int:
    """The exit status."""
    os.environ["TZ"] = "UTC"
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    time.tzset()
    application = Application()
    return event_loop.run(application, approve(application, sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
