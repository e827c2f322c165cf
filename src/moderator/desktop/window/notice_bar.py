"""The line at the foot of the table that tells, in passing, what became of a command. Never takes the focus."""

from collections import deque
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from moderator.desktop.actions.key_bindings import KeyBindings, shown
from moderator.desktop.orders.notices import SIGNS, Notice
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.icon_button import IconButton
from moderator.language import tr

SHOWN_MS: Final = {"info": 8_000, "done": 10_000, "problem": 30_000}
MOST_WAITING: Final = 50
"""Over a night nobody reads them: then some are never shown."""
PAUSE_MS: Final = 700
"""Before the next notice: longer than a double click, whose second half is not for the next one's button."""


class NoticeBar(QFrame):
    """The latest notice, with its button, for a while. What has still to be read waits for its turn."""

    wanted = Signal(object)
    """`tuple[Intent, ...]`: what the button does."""
    left = Signal()
    """It hid with the focus in it, which has to go on to something harmless: Qt would choose the next button."""

    def __init__(self, look: Look, keys: KeyBindings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._keys = keys
        self._notice: Notice | None = None
        self._waiting: deque[Notice] = deque(maxlen=MOST_WAITING)
        self._icon = QLabel()
        self._text = QLabel(textFormat=Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._action = IconButton(look)
        self._action.clicked.connect(self._on_action)
        self._close = QPushButton()
        self._close.setProperty("kind", "quiet")
        self._close.setAccessibleName(tr("Close the notice"))
        self._close.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._action)
        row.addWidget(self._close)
        self.setProperty("ground", "raised")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)
        for button in (self._action, self._close):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves it where somebody works
        look.changed.connect(self._dress)
        self.hide()

    @property
    def notice(self) -> Notice | None:
        """What is shown now."""
        return self._notice

    def tell(self, notice: Notice) -> None:
        """Show a notice now, or after the problem that is shown where this is only good to know. A problem or a
        question that is pushed aside comes back, and so does what can be undone after what is only said in passing; a
        later notice about the same takes its place wherever it stands."""
        self._waiting = deque((one for one in self._waiting if not _same(one, notice)), MOST_WAITING)
        shown = self._notice
        if shown is not None and not _same(shown, notice):
            if shown.tone == "problem" and notice.tone == "info":
                self._waiting.append(notice)
                return
            if _is_open(shown) or (notice.in_passing and shown.undo):
                self._waiting.appendleft(shown)
        self._show(notice)

    def dismiss(self) -> None:
        """It was read: the next one, or nothing to tell any more."""
        self._notice = None
        had_focus = self.isAncestorOf(self.window().focusWidget())
        self.hide()
        if had_focus:
            self.left.emit()
        if self._waiting:
            self._timer.start(PAUSE_MS)
        else:
            self._timer.stop()

    def forget(self) -> None:
        """What was told, or waits to be, was for somebody else."""
        self._waiting.clear()
        self.dismiss()
        self._text.clear()
        self._text.setAccessibleName("")
        self._action.setText("")

    def _show(self, notice: Notice) -> None:
        self._notice = notice
        self._text.setText(notice.text)
        self._text.setAccessibleName(notice.text)
        self._action.setText(notice.action)
        self._action.setVisible(bool(notice.action))
        self._show_key(notice)
        self._dress()
        self.show()
        self._timer.start(SHOWN_MS[notice.tone])

    def _show_key(self, notice: Notice) -> None:
        """On the button, where a key does the same; and how long it can be undone."""
        is_undo = bool(notice.undo) and notice.undo == notice.intents
        is_step = notice.asks and all(one.seconds == 0 for one in notice.intents)
        key = self._keys.key("undo", "window") if is_undo else self._keys.key("extend", "room") if is_step else ""
        self._action.set_key(shown(key))
        self._action.setToolTip(plain_tip(tr("Can be undone for ten minutes")) if is_undo else "")

    def _on_time(self) -> None:
        if self._notice is None:
            self._show(self._waiting.popleft())
        else:
            self.dismiss()

    def _on_action(self) -> None:
        notice = self._notice
        self.dismiss()
        if notice is not None:
            self.wanted.emit(notice.intents)

    def _dress(self) -> None:
        self._close.setIcon(self._look.icon("x", "muted"))
        if self._notice is not None:
            icon, color = SIGNS[self._notice.tone]
            self._icon.setPixmap(self._look.pixmap(icon, self._look.color(color), 16, self.devicePixelRatioF()))


def _same(one: Notice, other: Notice) -> bool:
    """Whether they are about the same; without a key, whether they say the same."""
    return one.key == other.key and (bool(one.key) or one.text == other.text)


def _is_open(notice: Notice) -> bool:
    """Whether it must be read: not what went as was wanted, nor the mere reason of a refusal that was seen."""
    return notice.tone == "problem" or (notice.tone == "info" and bool(notice.action))
