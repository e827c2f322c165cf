from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.action_button import ActionButton
from moderator.desktop.widgets.wrapped_row import WrappedRow


def laid_out(qtbot: QtBot, width: int, *, hidden: int | None = None, mirrored: bool = False) -> list[tuple[int, int]]:
    """Where three buttons of 100 pixels stand, by column and line."""
    widget = QWidget()
    qtbot.addWidget(widget)
    if mirrored:
        widget.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    row = WrappedRow(10)
    row.setContentsMargins(0, 4, 0, 0)
    widget.setLayout(row)
    buttons = [QWidget() for _ in range(3)]
    for number, button in enumerate(buttons):
        button.setFixedSize(100, 20)
        row.addWidget(button)
        button.setVisible(number != hidden)
    widget.resize(width, row.heightForWidth(width))
    widget.show()
    return [(one.x(), one.y()) for one in buttons if one.isVisible()]


def test_what_does_not_fit_goes_to_the_next_line(qtbot: QtBot) -> None:
    assert laid_out(qtbot, 320) == [(0, 4), (110, 4), (220, 4)]
    assert laid_out(qtbot, 319) == [(0, 4), (110, 4), (0, 34)]
    assert laid_out(qtbot, 120) == [(0, 4), (0, 34), (0, 64)]


def test_what_is_hidden_takes_no_room(qtbot: QtBot) -> None:
    assert laid_out(qtbot, 220, hidden=1) == [(0, 4), (110, 4)]


def test_it_is_mirrored(qtbot: QtBot) -> None:
    assert laid_out(qtbot, 320, mirrored=True) == [(220, 4), (110, 4), (0, 4)]


def test_its_height_depends_on_its_width_and_it_asks_for_one_button_at_least(qtbot: QtBot) -> None:
    row = WrappedRow(10)
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.setLayout(row)
    row.setContentsMargins(0, 4, 0, 0)
    for _ in range(2):
        button = QWidget(holder)
        button.setFixedSize(100, 20)
        row.addWidget(button)
    assert row.hasHeightForWidth()
    assert (row.heightForWidth(210), row.heightForWidth(209)) == (24, 54)
    assert row.minimumSize().width() == 100
    assert (row.itemAt(2), row.takeAt(2)) == (None, None)
    assert row.count() == 2


def test_buttons_get_narrower_before_they_need_another_line(qtbot: QtBot, look: Look) -> None:
    row, holder = WrappedRow(10), QWidget()
    qtbot.addWidget(holder)
    row.setContentsMargins(0, 4, 0, 0)
    holder.setLayout(row)
    parts = [ActionButton(look, "Disconnect", holder, key="D") for _ in range(2)]
    for part in parts:
        row.addWidget(part)
    liked, least = parts[0].sizeHint().width(), parts[0].minimumSizeHint().width()
    half = (liked + least) // 2
    one_line = row.heightForWidth(1000)
    for width, each in ((2 * liked + 10, liked), (2 * half + 10, half), (2 * least + 10, least)):
        assert row.heightForWidth(width) == one_line
        row.setGeometry(QRect(0, 0, width, one_line))
        assert [part.width() for part in parts] == [each, each]
    assert row.heightForWidth(2 * least + 9) > one_line
