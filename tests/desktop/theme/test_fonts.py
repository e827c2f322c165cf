import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFontInfo, QFontMetricsF, QRawFont, QTextLayout
from PySide6.QtWidgets import QApplication

from moderator.desktop.theme import fonts
from moderator.desktop.theme.fonts import SIZES, font


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("Room 14", {"Inter"}),
        ("عيادة القلب", {"Inter", "Noto Sans Arabic"}),
        ("חדר שיחה", {"Inter", "Noto Sans Hebrew"}),
    ],
)
def test_all_letters_come_from_our_own_files(qapp: QApplication, text: str, families: set[str]) -> None:
    """So that the window looks the same everywhere."""
    layout = QTextLayout(text, font(13))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    used: set[str] = {QRawFont(run.rawFont()).familyName() for run in layout.glyphRuns()}
    assert used <= families
    assert used & families


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("weight", ["regular", "medium", "semibold"])
def test_figures_are_of_one_width_in_every_size(qapp: QApplication, size: int, weight: str) -> None:
    made = font(size, weight)
    assert QFontInfo(made).family() == "Inter"
    widths = [QFontMetricsF(made).horizontalAdvance(figure) for figure in "0123456789"]
    assert max(widths) - min(widths) < size / 500, "no more than what rounding does"


def test_no_size_is_written_but_in_the_scale() -> None:
    """Pictures that grow with their place compute theirs."""
    written = re.compile(r"(?:\.font\(|setPixelSize\(|font-size: ?)\d")
    sources = Path(fonts.__file__).parents[1].rglob("*.py")
    assert [str(path) for path in sources if written.search(path.read_text("utf-8"))] == []
