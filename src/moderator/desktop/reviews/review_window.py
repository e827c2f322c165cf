"""What the review windows share: a window of its own beside the main one, closed by Esc, that asks and shows."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from moderator.desktop.live_store import LiveStore
from moderator.desktop.reviews.asking import Asking
from moderator.desktop.reviews.trouble import Trouble, missing_scope, no_gateway
from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.labels import restyle
from moderator.tasks import TaskScope

EDGE_PX = 16


class ReviewWindow(QDialog):
    """Not modal: the rooms can be looked after meanwhile. It deletes itself when it is closed."""

    scope = ""
    """What a token needs for it."""

    def __init__(self, title: str, store: LiveStore, look: Look, tasks: TaskScope, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.store = store
        self.look = look
        self._tasks = tasks
        self.asking = self.new_asking()
        QShortcut(QKeySequence(Qt.Key.Key_F5), self, self.reload)

    def new_asking(self) -> Asking:
        """For questions that go on beside others; closing the window ends them."""
        asking = Asking(self._tasks, self)
        self.finished.connect(asking.stop)
        return asking

    def reload(self) -> None:
        """Ask again. For each window to define."""
        raise NotImplementedError

    def obstacle(self, questions: object) -> Trouble | None:
        """Why nothing can be asked, where that is known before asking."""
        return missing_scope(self.store.me, self.scope) or (no_gateway() if questions is None else None)

    def header(self, title: QWidget, *others: QWidget) -> QWidget:
        """The line on top: a title on the left, what can be done on the right."""
        row = QHBoxLayout()
        row.setContentsMargins(EDGE_PX, 12, EDGE_PX, 12)
        row.setSpacing(8)
        row.addWidget(title, 1)
        for widget in others:
            row.addWidget(widget)
        made = QWidget(self)
        made.setLayout(row)
        return made

    def column(self, *widgets: QWidget, stretch: QWidget) -> None:
        """Fill the window with these, below each other."""
        rows = QVBoxLayout(self)
        rows.setContentsMargins(1, 1, 1, 1)  # the frame of the window stays in sight
        rows.setSpacing(0)
        for widget in widgets:
            rows.addWidget(widget, 1 if widget is stretch else 0)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)  # Enter is for the field or the table it is pressed in


class StatusLine(QFrame):
    """A sentence at the foot, with an icon of its level."""

    def __init__(self, look: Look, parent: QWidget, *others: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._icon_name = ""
        self._level = "normal"
        self._icon, self._words = QLabel(self), QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(EDGE_PX, 6, EDGE_PX, 6)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        for widget in others:
            row.addWidget(widget)
        look.changed.connect(self._draw_icon)
        self.say("")

    @property
    def text(self) -> str:
        """What it says."""
        return self._words.text()

    def say(self, words: str, *, icon: str = "", level: str = "normal") -> None:
        """Show this; the words are announced to screen readers by their label."""
        self._icon_name, self._level = icon, level
        self._words.setText(words)
        self._words.setAccessibleName(words)
        self._words.setProperty("level", level)
        self._words.setProperty("role", "muted" if level == "normal" else "")
        restyle(self._words)
        self._icon.setVisible(bool(icon))
        self._draw_icon()

    def _draw_icon(self) -> None:
        if self._icon_name:
            color = self._look.color(self._level if self._level != "normal" else "muted")
            self._icon.setPixmap(self._look.pixmap(self._icon_name, color, 16, self.devicePixelRatio()))


def hairline(parent: QWidget) -> QFrame:
    """A line between parts of a window."""
    line = QFrame(parent)
    line.setProperty("role", "line")
    return line


def title_label(text: str, parent: QWidget) -> QLabel:
    """A window's title, inside it; foreign text as it is."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", "title")
    return label
