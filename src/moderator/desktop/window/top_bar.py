"""The line on top: search, how live the picture is, who is on duty and who is signed in."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from moderator.client.texts import clock_time, safe
from moderator.desktop.actions.key_bindings import KeyBindings
from moderator.desktop.link_text import LinkText, link_text
from moderator.desktop.live_store import LiveStore
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.elided_label import ElidedLabel
from moderator.desktop.widgets.icon_button import IconButton
from moderator.desktop.window.duty_button import DutyButton
from moderator.desktop.window.menus import WindowMenu
from moderator.desktop.window.search_field import SearchField
from moderator.language import tr

MAX_NAME: Final = 24
NARROW_PX: Final = 800


class Dot(QWidget):
    """A filled circle for what works, a ring for what does not: never told by colour alone."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._color = "muted"
        self._filled = True
        self.setFixedSize(10, 10)
        look.changed.connect(self.update)

    def show_as(self, color: str, *, filled: bool) -> None:
        """`color` is a level or a token."""
        if (color, filled) != (self._color, self._filled):
            self._color, self._filled = color, filled
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._look.color(self._color)
        if self._filled:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawEllipse(1, 1, 8, 8)
        else:
            pen = painter.pen()
            pen.setColor(color)
            pen.setWidthF(2)
            painter.setPen(pen)
            painter.drawEllipse(2, 2, 6, 6)


class TopBar(QWidget):
    """Search on the left; on the right the link and the name."""

    wanted = Signal(object)
    """`Intent`."""

    def __init__(
        self, store: LiveStore, look: Look, speed: float, keys: KeyBindings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._look = look
        self._shown: LinkText | None = None
        self.search = SearchField(look, keys)
        self._dot = Dot(look)
        self._word = QLabel()
        self._word.setProperty("role", "heading")
        self._detail = ElidedLabel(look.font("body"))
        self._detail.setProperty("role", "muted")
        self._detail.setMinimumWidth(104)
        self.duty = DutyButton(store, look)
        self.duty.wanted.connect(self.wanted)
        self.menu = WindowMenu(look, self.duty.summary, self)
        self._name = IconButton(look, icon="circle-user-round")
        self._name.setMenu(self.menu)
        self._time = QLabel()
        self._time.setProperty("role", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        row.addWidget(self.search, 3)
        row.addStretch(2)
        if speed != 1:
            row.addWidget(self._speed_label(speed))
            row.addSpacing(8)
        row.addWidget(self._dot)
        row.addWidget(self._word)
        row.addWidget(self._detail)
        row.addWidget(self._time)
        row.addSpacing(8)
        row.addWidget(self.duty)
        row.addWidget(self._name)
        store.me_updated.connect(self._show_name)
        store.link_updated.connect(self.refresh)
        self._show_name()
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.duty.shorten(event.size().width() < NARROW_PX)
        super().resizeEvent(event)

    def _show_name(self) -> None:
        name = safe(self._store.me.name)[:MAX_NAME] if self._store.me else ""
        self._name.setText(name.replace("&", "&&") or tr("Menu"))
        self._name.setAccessibleName(tr("Menu of {name}").format(name=name) if name else tr("Menu"))

    def refresh(self) -> None:
        """Ages go on between frames; called once a second too."""
        store = self._store
        self._time.setText(clock_time(store.now_ms()))
        text = link_text(store.link, store.freshness, store.age_s, store.clock_error_ms)
        if text == self._shown:
            return
        self._shown = text
        self._word.setText(text.word)
        self._detail.setText(text.detail)
        self._detail.setVisible(bool(text.detail))
        self._dot.show_as("live" if text.is_live else text.level, filled=text.is_live)
        for widget in (self._dot, self._word):
            widget.setToolTip(plain_tip(text.sentence))
        self._detail.set_tip(text.sentence)
        self._word.setAccessibleName(f"{text.word}. {text.sentence}")

    def _speed_label(self, speed: float) -> QLabel:
        label = QLabel(tr("Demo, {speed} times as fast").format(speed=f"{speed:g}"))
        label.setProperty("role", "muted")
        label.setToolTip(tr("Durations, warnings and steps of the simulated rooms are divided by this."))
        return label
