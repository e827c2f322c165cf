"""The letters of the window: Inter, from our own files, with figures of one width so that countdowns stand still."""

from functools import cache
from typing import Final, Literal

from PySide6.QtGui import QFont, QFontDatabase

from moderator.desktop.theme.resources import resource

FAMILY: Final = "Inter"
Weight = Literal["regular", "medium", "semibold"]
_WEIGHTS: Final[dict[Weight, tuple[QFont.Weight, str]]] = {
    "regular": (QFont.Weight.Normal, "Inter-Regular.otf"),
    "medium": (QFont.Weight.Medium, "Inter-Medium.otf"),
    "semibold": (QFont.Weight.DemiBold, "Inter-SemiBold.otf"),
}


@cache
def load_fonts() -> None:
    """Make Inter known to Qt; once in a process. Raises FileNotFoundError or, for a file that is no font, OSError."""
    for _, file_name in _WEIGHTS.values():
        path = resource(f"fonts/{file_name}")
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise OSError(f"{path} is no font that Qt can read.")


def font(size_px: int, weight: Weight = "regular") -> QFont:
    """Inter in this size (device-independent pixels), with tabular figures."""
    load_fonts()
    made = QFont(FAMILY)
    made.setPixelSize(size_px)
    made.setWeight(_WEIGHTS[weight][0])
    made.setFeature(QFont.Tag("tnum"), 1)
    return made
