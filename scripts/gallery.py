"""Takes the pictures of `docs/gallery` on the display that is there. Run by `scripts/screenshots`."""

import io
import sys
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image
from PySide6.QtCore import QBuffer
from PySide6.QtGui import QGuiApplication, QPixmap

from moderator.desktop import event_loop, languages
from moderator.desktop.application import Application
from tests.fakes.gallery import SCENES
from tests.fakes.scenes import Scene, on_stage
from tests.fakes.welcome import WELCOME

FOLDER: Final = Path(__file__).parents[1] / "docs" / "gallery"
GALLERY: Final = SCENES | WELCOME
THEMES: Final = ("light", "dark")


async def take(application: Application, scene: Scene, theme: str) -> QPixmap:
    """What the screen shows where the window is, with everything that is in front of it."""
    languages.speak(application, scene.language)
    with tempfile.TemporaryDirectory() as folder:
        async with on_stage(application, scene, Path(folder), theme):
            return QGuiApplication.primaryScreen().grabWindow(0, 0, 0, *scene.size)


def save(picture: QPixmap, path: Path) -> None:
    """Without loss, in a fifth of the space that Qt's own formats take."""
    png = QBuffer()
    picture.save(png, "PNG")
    with Image.open(io.BytesIO(bytes(png.data().data()))) as taken:
        taken.convert("RGB").save(path, "WEBP", lossless=True, quality=100, method=6)


async def take_all(application: Application, wanted: list[str]) -> int:
    """Every scene, or those that are named, light and dark."""
    FOLDER.mkdir(exist_ok=True)
    for name in wanted or GALLERY:
        for theme in THEMES:
            path = FOLDER / f"{name}-{theme}.webp"
            save(await take(application, GALLERY[name], theme), path)
            print(path.name, flush=True)
    (FOLDER / "README.md").write_text(index(), "utf-8")
    return 0


def index() -> str:
    """The page that shows them all."""
    parts = ["# The window in pictures", "", "Every state and size, light and dark, taken by `./scripts/screenshots`."]
    for name in GALLERY:
        title = name.replace("-", " ").capitalize()
        pictures = " ".join(f"![{title}, {theme}]({name}-{theme}.webp)" for theme in THEMES)
        parts += ["", f"## {title}", "", pictures]
    return "\n".join(parts) + "\n"


def main() -> int:
    """The exit status."""
    application = Application()
    return event_loop.run(application, take_all(application, sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
