"""The measures of the rooms table: how high rows are, and the letters and distances that go with it."""

from typing import Final, Literal

from PySide6.QtGui import QFont

from moderator.desktop.preferences import Preference
from moderator.desktop.theme.fonts import Size
from moderator.desktop.theme.look import Look

Density = Literal["compact", "normal", "roomy"]
ROW_PX: Final[dict[Density, int]] = {"compact": 24, "normal": 32, "roomy": 40}
DENSITY: Final = Preference("look/density", "normal")
"""A `Density`."""
MARGIN_PX: Final = 16
"""From the table's sides to what stands in it."""
GAP_PX: Final = 6
"""From a cell's side to its text."""
ICON_PX: Final = 16
_TEXT: Final[dict[Density, tuple[Size, Size, Size]]] = {
    "compact": ("small", "body", "tiny"),
    "normal": ("body", "large", "small"),
    "roomy": ("large", "larger", "body"),
}
"""The sizes of texts, of the countdown, and of the button."""


def density(chosen: str) -> Density:
    """The density of this name; the normal one for what is none."""
    return next((name for name in ROW_PX if name == chosen), "normal")


class RowFonts:
    """The fonts of one density."""

    def __init__(self, look: Look, density: Density) -> None:
        text, countdown, button = _TEXT[density]
        self.row_px = ROW_PX[density]
        self.regular: QFont = look.font(text)
        self.medium: QFont = look.font(text, "medium")
        self.strong: QFont = look.font(text, "semibold")
        self.countdown: QFont = look.font(countdown, "semibold")
        self.small: QFont = look.font(button, "medium")
