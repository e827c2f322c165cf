"""Takes the pictures of `docs/gallery` on the display that is there. Run by `scripts/screenshots`."""

import sys
import tempfile
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPixmap

from moderator.desktop import event_loop, languages
from moderator.desktop.application import Application
from tests.fakes.gallery import SCENES
from tests.fakes.scenes import Scene, on_stage

FOLDER: Final = Path(__file__).parents[1] / "docs" / "gallery"
THEMES: Final = ("light", "dark")
NEAREST: Final = Qt.ImageConversionFlag.AvoidDither | Qt.ImageConversionFlag.ThresholdDither
"""A window has few colours: 256 of them take a fifth of the space and look the same."""


async def take(application: Application, scene: Scene, theme: str) -> QPixmap:
    """What the screen shows where the window is, with everything that is in front of it."""
    languages.speak(application, scene.language)
    with tempfile.TemporaryDirectory() as folder:
        async with on_stage(application, scene, Path(folder), theme):
            return QGuiApplication.primaryScreen().grabWindow(0, 0, 0, *scene.size)


async def take_all(application: Application, wanted: list[str]) -> int:
    """Every scene, or those that are named, light and dark."""
    FOLDER.mkdir(exist_ok=True)
    for name in wanted or SCENES:
        for theme in THEMES:
            path = FOLDER / f"{name}-{theme}.png"
            picture = (await take(application, SCENES[name], theme)).toImage()
            picture.convertToFormat(QImage.Format.Format_Indexed8, NEAREST).save(str(path), quality=0)
            print(path.name, flush=True)
    return 0


def main() -> int:
    """The exit status."""
    application = Application()
    return event_loop.run(application, take_all(application, sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
