"""The letters of the window: Inter, from our own files, with figures of one width so that countdowns stand still; for
Arabic and Hebrew letters, which it lacks, Noto Sans.
"""

from functools import cache
from typing import Final, Literal

from PySide6.QtGui import QFont, QFontDatabase

from moderator.desktop.theme.resources import resource

FAMILIES: Final = ("Inter", "Noto Sans Arabic", "Noto Sans Hebrew")
"""Each for what the ones before it lack."""
Weight = Literal["regular", "medium", "semibold"]
Size = Literal["tiny", "small", "body", "large", "larger", "title", "figure", "clock_small", "clock", "clock_large"]
SIZES: Final[dict[Size, int]] = {
    **{"tiny": 11, "small": 12, "body": 13, "large": 14, "larger": 15, "title": 17},
    **{"figure": 20, "clock_small": 30, "clock": 44, "clock_large": 104},
}
"""The type scale, in device-independent pixels. No other size is written anywhere."""
_WEIGHTS: Final[dict[Weight, QFont.Weight]] = {
    "regular": QFont.Weight.Normal,
    "medium": QFont.Weight.Medium,
    "semibold": QFont.Weight.DemiBold,
}
_FILES: Final = (
    *("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf"),
    *("NotoSansArabic-Regular.ttf", "NotoSansArabic-Bold.ttf"),
    *("NotoSansHebrew-Regular.ttf", "NotoSansHebrew-Bold.ttf"),
)


@cache
def load_fonts() -> None:
    """Make our files known to Qt; once in a process. Raises FileNotFoundError or, for what is no font, OSError."""
    for file_name in _FILES:
        path = resource(f"fonts/{file_name}")
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise OSError(f"{path} is no font that Qt can read.")


@cache
def font(size_px: int, weight: Weight = "regular") -> QFont:
    """Our font in this size (device-independent pixels), with tabular figures. Shared: copy it to change it."""
    load_fonts()
    made = QFont()
    made.setFamilies(FAMILIES)
    made.setPixelSize(size_px)
    made.setWeight(_WEIGHTS[weight])
    made.setFeature(QFont.Tag("tnum"), 1)
    return made
