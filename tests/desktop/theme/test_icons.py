import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QApplication

from moderator.desktop.room_status import EMPTY, ENDED, OVER_TIME, WAITING, Status
from moderator.desktop.theme.icons import TintedIcon, tinted_pixmap


def colors(pixmap: QPixmap) -> set[str]:
    """Of the pixels that are fully covered."""
    image = pixmap.toImage()
    points = ((x, y) for x in range(image.width()) for y in range(image.height()))
    found = (QColor(image.pixelColor(x, y)) for x, y in points)
    return {color.name().upper() for color in found if color.alpha() == 255}


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_an_icon_is_drawn_in_its_colour_for_the_density(qapp: QApplication, ratio: float) -> None:
    pixmap = tinted_pixmap("users", "#83000A", 32, ratio)
    assert pixmap.size() == QSize(round(32 * ratio), round(32 * ratio))
    assert pixmap.devicePixelRatio() == ratio
    assert colors(pixmap) == {"#83000A"}


def test_a_disabled_icon_is_pale(qapp: QApplication) -> None:
    icon = QIcon(TintedIcon("users", "#111111", "#999999"))
    assert colors(icon.pixmap(QSize(32, 32))) == {"#111111"}
    assert colors(icon.pixmap(QSize(32, 32), QIcon.Mode.Disabled)) == {"#999999"}


def test_qt_gets_as_many_pixels_as_it_asks_for(qapp: QApplication) -> None:
    pixmap = QIcon(TintedIcon("users", "#111111", "#999999")).pixmap(QSize(16, 16), 2.0)
    assert (pixmap.size(), pixmap.devicePixelRatio()) == (QSize(32, 32), 2.0)


def test_an_icon_that_is_not_there_is_an_error(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError, match="no-such-icon"):
        tinted_pixmap("no-such-icon", "#111111", 16, 1.0)


@pytest.mark.parametrize("status", [WAITING, EMPTY, ENDED, OVER_TIME], ids=lambda status: status.word)
def test_every_state_has_its_icon(qapp: QApplication, status: Status) -> None:
    assert colors(tinted_pixmap(status.icon, "#111111", 32, 1.0)) == {"#111111"}
