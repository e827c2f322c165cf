"""The line that narrows the table down while somebody types, with the key that opens the palette."""

from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QStyle, QWidget

from moderator.desktop.actions.actions import action
from moderator.desktop.actions.key_bindings import KeyBindings, shown
from moderator.desktop.theme.key_cap import CAP_PX, cap_px, paint_cap
from moderator.desktop.theme.look import Look
from moderator.language import tr

GLASS_PX: Final = 16
SMALLEST_PX: Final = 220
WIDEST_PX: Final = 560
_GLASS_LEFT_PX: Final = 12
_TEXT_LEFT_PX: Final = 24
_CAP_GAP_PX: Final = 8


class SearchField(QLineEdit):
    """Escape empties it; Enter asks for the same everywhere."""

    palette_wanted = Signal()
    """Look for what stands here among rooms, people and commands."""
    left = Signal()
    """The keyboard should go on to the list below."""

    def __init__(self, look: Look, keys: KeyBindings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._keys = keys
        self._cap = _KeyCap(look, self)
        self.setPlaceholderText(tr("Search rooms, people, commands"))
        self.setAccessibleName(tr("Search rooms, people and sources"))
        self.setClearButtonEnabled(True)
        self.setMinimumWidth(SMALLEST_PX)
        self.setMaximumWidth(WIDEST_PX)
        self._cap.clicked.connect(self.palette_wanted)
        self.returnPressed.connect(self.palette_wanted)
        self.textChanged.connect(lambda _: self._show_keys())
        self._keys.changed.connect(self._show_keys)
        look.changed.connect(self.update)
        self._show_keys()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter, ratio = QPainter(self), self.devicePixelRatioF()
        glass = self._look.pixmap("search", self._look.color("muted"), GLASS_PX, ratio)
        place = QRect(_GLASS_LEFT_PX, (self.height() - GLASS_PX) // 2, GLASS_PX, GLASS_PX)
        painter.drawPixmap(QStyle.visualRect(self.layoutDirection(), self.rect(), place).topLeft(), glass)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_cap()

    def event(self, event: QEvent) -> bool:
        """Where nothing typed here can be undone, the key is left to the window."""
        if not _asks_to_undo(event) or self.isUndoAvailable():
            return super().event(event)
        event.ignore()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Down:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    # --- how -------------------------------------------------------------------------------------------------------

    def _show_keys(self) -> None:
        here = tr(" or ").join(map(shown, self._keys.keys(action("find"))))
        tip = tr("{keys} puts the cursor here; Enter looks for it among commands too").format(keys=here) if here else ""
        self.setToolTip(tip)
        self._cap.show_key(shown(self._keys.key("palette", "window")))
        self._cap.setVisible(not self.text())  # the cross stands there then
        self._place_cap()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._place_cap()

    def _place_cap(self) -> None:
        """The text stands between the glass and the cap; margins are not mirrored by themselves."""
        size = self._cap.sizeHint()
        before, after = _TEXT_LEFT_PX, 0 if self._cap.isHidden() else size.width() + _CAP_GAP_PX
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        self.setTextMargins(*((after, 0, before, 0) if is_mirrored else (before, 0, after, 0)))
        place = QRect(
            self.width() - size.width() - 8, (self.height() - size.height()) // 2, size.width(), size.height()
        )
        self._cap.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), place))


def _asks_to_undo(event: QEvent) -> bool:
    """Whether a key that undoes is about to go to the field instead of the window."""
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
        return False
    return event.matches(QKeySequence.StandardKey.Undo)


class _KeyCap(QAbstractButton):
    """For who has a mouse in the hand; the keyboard has the key itself."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setProperty("action", "window/palette")
        self.setAccessibleName(action("palette").words)

    def show_key(self, key: str) -> None:
        """The key in force; three dots where there is none."""
        self.setText(key.replace("+", " ") if key else "\u2026")
        self.setToolTip(action("palette").words)

    def sizeHint(self) -> QSize:
        return QSize(cap_px(self._look.font("tiny"), self.text()) + 4, CAP_PX + 7)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        place = QRect(2, (self.height() - CAP_PX) // 2, self.width() - 4, CAP_PX)
        paint_cap(painter, place, self.text(), self._look.font("tiny"), self._look.theme.muted)
