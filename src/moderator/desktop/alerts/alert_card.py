"""One alert as a card: what it is, since or until when, and what can be done about it."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from moderator.client.texts import clock_time
from moderator.desktop.actions.key_bindings import KeyBindings, shown, with_key
from moderator.desktop.actions.key_repeats import KeyRepeats
from moderator.desktop.alerts.alert import Alert, AlertAction, ButtonKind, when
from moderator.desktop.orders.availability import why_none
from moderator.desktop.orders.intents import Intent
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.action_button import ActionButton
from moderator.desktop.widgets.elided_label import ElidedLabel
from moderator.desktop.widgets.wrapped_row import WrappedRow
from moderator.language import tr

_ICON_PX: Final = 16
_GAP_PX: Final = 6
"""Between buttons."""
_GROUNDS: Final = {"critical": "critical", "warn": "warn"}


class AlertCard(QFrame):
    """Shows one alert, and later what has become of it."""

    wanted = Signal(object)
    """`Intent` or a tuple of them."""
    dismiss_wanted = Signal()
    step_wanted = Signal(int)
    """The focus should go to the next card (1) or the one before (-1)."""

    def __init__(self, look: Look, keys: KeyBindings, parent: QWidget) -> None:
        super().__init__(parent)
        self._keys = keys
        self.alert: Alert | None = None
        self.is_over = False
        """It is no longer true, and is only still here because the pointer is near."""
        self._held = KeyRepeats()
        self._look = look
        self._why_not: Callable[[Intent], str] = lambda _: ""
        self._buttons: list[tuple[AlertAction, ActionButton]] = []
        self._icon = QLabel()
        self._title = ElidedLabel(look.font("body", "semibold"), self)
        self._heading = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        """In place of the title where that is no name of a room but a sentence."""
        self._when = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._text = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._close = QToolButton(self)
        self._head = QHBoxLayout()
        self._row = WrappedRow(_GAP_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lay_out()
        self._close.clicked.connect(self.dismiss_wanted)
        look.changed.connect(self._dress)

    def show_alert(self, alert: Alert, now_ms: int, why_not: Callable[[Intent], str], *, stale: bool) -> None:
        """Show this alert; `why_not` says of a wish why it cannot be granted now."""
        self._why_not = why_not
        self.is_over = False
        if alert != self.alert:
            before, self.alert = self.alert, alert
            self._title.setText(alert.title)
            self._heading.setText(alert.title)
            self._set_title_kind(is_name=alert.room is not None)
            self._text.setText(alert.text)
            self._when.setAccessibleName(clock_time(alert.moment, with_seconds=False))
            self.setAccessibleName(f"{alert.title}. {alert.text}")
            self._close.setAccessibleName(tr("Dismiss: {alert}").format(alert=self.accessibleName()))
            if before is None or _faces(before) != _faces(alert):
                self._make_buttons(alert)
            self._name_buttons(alert)
            if before is None or (before.level, before.icon) != (alert.level, alert.icon):
                self._dress()
        self.tick(now_ms, stale=stale)

    def tick(self, now_ms: int, *, stale: bool) -> None:
        """Time has passed."""
        if self.alert is None or self.is_over:
            return
        self._when.setText(when(self.alert, now_ms, stale=stale))
        for action, button in self._buttons:
            button.allow(why_none(action.intents, self._why_not))

    def lead(self, leads: bool) -> None:
        """Whether this is the first card: its first button is the most important one of the panel."""
        if self._buttons and not self._buttons[0][0].kind:
            action, button = self._buttons[0]
            button.set_kind("primary" if leads and action.intents[0].action == "extend" else "")

    def retire(self) -> None:
        """It is no longer true: nothing can be done about it any more."""
        self.is_over = True
        self._when.setText(tr("over"))
        for _, button in self._buttons:
            button.allow(tr("This alert is over."))

    def act(self, number: int = 0) -> None:
        """Do what a button does, if it can be done."""
        if number < len(self._buttons) and self._buttons[number][1].isEnabled():
            self._ask(self._buttons[number][0])

    # --- Qt --------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._held.repeats(event):
            return
        match self._keys.pressed("alert", event):
            case "press_first":
                self._enter()
            case "dismiss":
                self.dismiss_wanted.emit()
            case "next_alert":
                self.step_wanted.emit(1)
            case "previous_alert":
                self.step_wanted.emit(-1)
            case _:
                super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._held.repeats(event)
        super().keyReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(self._look.theme.line))
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._look.theme.accent), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -2))
        painter.end()

    # --- how -------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        head = self._head
        head.setSpacing(8)
        head.addWidget(self._icon)
        head.addWidget(self._title, 1)
        head.addWidget(self._heading, 1)
        head.addWidget(self._when)
        head.addWidget(self._close)
        self._heading.setProperty("role", "heading")
        self._when.setProperty("role", "muted")
        self._when.setFont(self._look.font("small"))
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._close.setProperty("kind", "bare")
        self._close.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the Delete key does it
        self._close.setIconSize(QSize(12, 12))
        self._close.setFixedSize(20, 20)
        self._say_key()
        self._keys.changed.connect(self._say_key)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 12, 11)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._text)
        column.addLayout(self._row)

    def _say_key(self) -> None:
        self._close.setToolTip(with_key(tr("Dismiss"), shown(self._keys.key("dismiss", "alert"))))

    def _set_title_kind(self, *, is_name: bool) -> None:
        """A name is one line, a sentence may be several, beside whose first the rest of the line stands."""
        self._title.setVisible(is_name)
        self._heading.setVisible(not is_name)
        where = Qt.AlignmentFlag.AlignVCenter if is_name else Qt.AlignmentFlag.AlignTop
        for widget in (self._icon, self._when, self._close):
            self._head.setAlignment(widget, where)

    def _make_buttons(self, alert: Alert) -> None:
        while self._row.count():
            item = self._row.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.deleteLater()
        self._buttons = []
        for number, action in enumerate(alert.actions):
            button = ActionButton(self._look, action.label, self, kind=action.kind)
            button.clicked.connect(lambda _=False, number=number: self._ask(self._buttons[number][0]))
            self._buttons.append((action, button))
            self._row.addWidget(button)
        self._row.setContentsMargins(0, 4 if alert.actions else 0, 0, 0)

    def _name_buttons(self, alert: Alert) -> None:
        """What they do and to whom may be another, while they look the same."""
        self._buttons = [(action, button) for action, (_, button) in zip(alert.actions, self._buttons, strict=True)]
        for action, button in self._buttons:
            named = tr("{action}: {subject}").format(action=action.label, subject=alert.who or alert.title)
            button.setAccessibleName(named)

    def _dress(self) -> None:
        if self.alert is None:
            return
        level, look = self.alert.level, self._look
        color = look.theme.muted if level == "info" else look.color(level)
        self._icon.setPixmap(look.pixmap(self.alert.icon, color, _ICON_PX, self.devicePixelRatioF()))
        self._close.setIcon(look.icon("x", "muted"))
        self._text.setProperty("role", "muted" if level == "info" else "")
        for label in (self._title, self._heading):
            label.setProperty("level", "critical" if level == "critical" else "")
        self.setProperty("ground", _GROUNDS.get(level, ""))
        for widget in (self, self._title, self._heading, self._text):
            widget.style().unpolish(widget)
            widget.style().polish(widget)
        self._title.setFont(look.font("body", "semibold"))
        self.update()

    def _enter(self) -> None:
        """Enter on a button is that button; on the card it is the first one."""
        focused = QApplication.focusWidget()
        self.act(next((number for number, (_, button) in enumerate(self._buttons) if button is focused), 0))

    def _ask(self, action: AlertAction) -> None:
        self.wanted.emit(action.intents[0] if len(action.intents) == 1 else action.intents)


def _faces(alert: Alert) -> list[tuple[str, ButtonKind]]:
    """What is seen of its buttons."""
    return [(action.label, action.kind) for action in alert.actions]
