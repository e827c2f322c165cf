"""The palette: a line to type in over the window, and what was found below it. What there is to find is told to it, and
what was chosen it tells.
"""

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from moderator.desktop.palette.entries import COMMAND, Entry
from moderator.desktop.palette.found_list import ROW_PX, FoundList, Row, spoken
from moderator.desktop.palette.index import Index
from moderator.desktop.palette.matching import line, marks, search
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.announcing import announce
from moderator.language import ntr, number, tr

MOST: Final = 12
ROOMS_AT_ONCE: Final = 20
"""Looked at between two moments in which the window is free for other things."""
WIDTH_PX: Final = 640
MARGIN_PX: Final = 16
LINE_PX: Final = 44
FOOT_PX: Final = 32
EDGE_PX: Final = 6
GLASS_PX: Final = 16
SPOKEN_AFTER_MS: Final = 300
"""Nobody is told about what is found in the middle of typing."""


class Palette(QWidget):
    """Lies over the whole window while it is open, so that a click beside it closes it."""

    chosen = Signal(object)
    """`Entry`."""

    def __init__(self, index: Index, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self._index = index
        self._look = look
        self._commands: Sequence[Entry] = ()
        self._recent: Sequence[str] = ()
        self._came_from: QWidget | None = None
        self._place = QRect()
        self._everybody = True
        self._card = QFrame(self)
        self._glass = QLabel(self._card)
        self.line = QLineEdit(self._card)
        self.found = FoundList(look, self._card)
        self._more = QLabel(self._card)
        self._indexing = QTimer(self)
        self._indexing.timeout.connect(self._index_some)
        self._speaking = QTimer(self)
        self._speaking.setSingleShot(True)
        self._speaking.setInterval(SPOKEN_AFTER_MS)
        self._speaking.timeout.connect(self._speak)
        self._lay_out()
        look.changed.connect(self._dress)
        self._dress()
        window.installEventFilter(self)
        self.line.installEventFilter(self)
        self.line.textChanged.connect(lambda _: self._search())
        self.found.clicked.connect(lambda _: self._choose())
        self.hide()

    def open(
        self, commands: Sequence[Entry], recent: Sequence[str], place: QRect, query: str = "", *, everybody: bool = True
    ) -> None:
        """Show it over this place of the window. `recent` are ids of what was chosen of late, the last first; without
        `everybody` no room and nobody is found.
        """
        self._everybody = everybody
        self._came_from = QApplication.focusWidget()
        self._commands, self._recent = _recent_first(commands, recent), recent
        self._place = place
        self._indexing.start(0)
        self.line.setText(query)
        self.line.selectAll()
        self.setGeometry(self.window().rect())
        self._search()
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_(self) -> None:
        """Put it away; the keyboard goes back to where it was."""
        if self.isHidden():
            return
        self._indexing.stop()
        self._speaking.stop()
        self.hide()
        if self._came_from is not None and isValid(self._came_from):
            self._came_from.setFocus(Qt.FocusReason.PopupFocusReason)
        self._came_from = None

    # --- Qt --------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.line:
            if event.type() == QEvent.Type.Resize and self.isVisible():
                self.setGeometry(self.window().rect())
                self._arrange()
            return False
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._pressed(event)
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._card.geometry().contains(event.position().toPoint()):
            self.close_()

    # --- how -------------------------------------------------------------------------------------------------------

    def _pressed(self, event: QKeyEvent) -> bool:
        key = event.key()
        does: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Down: lambda: self._step(1),
            Qt.Key.Key_Tab: lambda: self._step(1),
            Qt.Key.Key_Up: lambda: self._step(-1),
            Qt.Key.Key_Backtab: lambda: self._step(-1),
            Qt.Key.Key_Escape: self.close_,
        }
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if not event.isAutoRepeat():
                self._choose()
        elif key in does:
            does[key]()
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        self.found.step(by)
        self._speaking.stop()
        self._speak()

    def _choose(self) -> None:
        entry = self.found.chosen
        if entry is None or entry.why_not:
            self._speak()
            return
        self.close_()
        self.chosen.emit(entry)

    def _search(self) -> None:
        query = self.line.text()
        recent = set(self._recent)
        first = [line(f"{one.words} {one.also}", rank=COMMAND - (one.id in recent)) for one in self._commands]
        others = self._index.lines if self._everybody else ()
        found = search(query, [*first, *others], self._most())
        entries = [self._commands[n] if n < len(first) else self._index.entry(n - len(first)) for n in found.places]
        rows = [Row(one, marks(query, one.words)) for one in entries if one is not None]
        self.found.found.show(rows)
        self.found.step(1)
        self._say_more(found.more, len(rows), query)
        self._arrange()
        self._speaking.start()

    def _say_more(self, more: int, shown: int, query: str) -> None:
        words = ntr("1 more: type on to find it", "{count} more: type on to find them", more).format(count=number(more))
        if not shown:
            words = tr("Nothing is called “{query}”.").format(query=query.strip())
        self._more.setText(words if more or not shown else "")
        self._more.setVisible(bool(self._more.text()))

    def _speak(self) -> None:
        entry = self.found.chosen
        announce(self.line, spoken(entry) if entry else self._more.text(), urgent=False)

    def _index_some(self) -> None:
        before = len(self._index.lines)
        if not self._index.work(ROOMS_AT_ONCE):
            self._indexing.stop()
            if len(self._index.lines) != before or self.line.text():
                self._search()

    def _lay_out(self) -> None:
        self._card.setProperty("role", "popup")
        self.line.setProperty("kind", "bare")
        self.line.setPlaceholderText(tr("Search rooms, people, commands"))
        self.line.setAccessibleName(tr("Search rooms, people and commands"))
        self.line.setFixedHeight(LINE_PX)
        self._more.setProperty("role", "muted")
        self._more.setTextFormat(Qt.TextFormat.PlainText)
        self._more.setFixedHeight(FOOT_PX)
        self._more.setIndent(MARGIN_PX)
        rule = QFrame(self._card)
        rule.setProperty("role", "line")
        rows = QVBoxLayout(self._card)
        rows.setContentsMargins(1, 1, 1, EDGE_PX - 1)
        rows.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addSpacing(GLASS_PX - 4)
        head.addWidget(self._glass)
        head.addWidget(self.line)
        rows.addLayout(head)
        for part in (rule, self.found, self._more):
            rows.addWidget(part)

    def _arrange(self) -> None:
        """As wide as there is room, as high as what was found."""
        rows = self.found.found.rowCount()
        self.found.setFixedHeight(rows * ROW_PX)
        self.found.setVisible(bool(rows))
        area = QRect(self._place)
        area.setHeight(LINE_PX + 1 + rows * ROW_PX + EDGE_PX + (FOOT_PX if self._more.text() else 0))
        width = max(self._place.width(), min(WIDTH_PX, self.width() - 2 * MARGIN_PX))
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            area.setLeft(area.right() + 1 - width)
        area.setWidth(width)
        self._card.setGeometry(area)

    def _most(self) -> int:
        """As many as a low window has room for."""
        room_px = self.height() - self._place.top() - LINE_PX - FOOT_PX - 2 * EDGE_PX
        return max(1, min(MOST, room_px // ROW_PX))

    def _dress(self) -> None:
        color = self._look.theme.muted
        self._glass.setPixmap(self._look.pixmap("search", color, GLASS_PX, self.devicePixelRatioF()))


def _recent_first(commands: Sequence[Entry], recent: Sequence[str]) -> list[Entry]:
    by_id = {one.id: one for one in commands}
    first = [by_id[id_] for id_ in recent if id_ in by_id]
    return list(chain(first, (one for one in commands if one not in first)))
