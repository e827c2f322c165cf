"""What the pages of the welcome have in common, and the parts that they are made of. The frame around them is
`welcome_dialog`."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from moderator.desktop.theme.look import Look
from moderator.desktop.widgets.labels import plain_label
from moderator.language import tr

ICON_PX = 20


class Page(QWidget):
    """One question. It says what the frame shows: heading, lead, and the verb on the button that goes on."""

    done = Signal()
    """Go on: what was asked for is there."""
    changed = Signal()
    """Whether and how it goes on may be another."""

    def __init__(self, heading: str, lead: str = "", verb: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading, self.lead = heading, lead
        self.verb = verb
        """On the button; empty: there is none."""
        self.back_verb = tr("Back")
        """On the button to the page before; empty: there is none now."""
        self.back_to: Page | None = None
        """Where that leads, if not to the page before."""
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(8)

    @property
    def ready(self) -> bool:
        """Whether it can go on."""
        return True

    @property
    def sure(self) -> bool:
        """Whether going on is what is to be done now."""
        return True

    def go_on(self) -> None:
        """The button was pressed."""
        self.done.emit()

    def take_focus(self) -> None:
        """The page is shown, or is not complete yet: the keyboard goes to what is asked for next, if anything is."""


class ChoiceCard(QPushButton):
    """One of a few ways to go: an icon, what it is called, and a line about it. Up and Down go to its neighbours."""

    def __init__(self, icon: str, title: str, line: str, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name, self._look = icon, look
        self.setAutoDefault(False)
        self.setAccessibleName(title)
        self.setAccessibleDescription(line)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._picture = QLabel(self)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(plain_label(self, title, role="heading"))
        words.addWidget(plain_label(self, line, role="muted"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(16)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        for label in self.findChildren(QLabel):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        look.changed.connect(self._dress)
        self._dress()

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.sizeHint() if layout else super().sizeHint()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return layout.totalHeightForWidth(width) if layout else super().heightForWidth(width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def _dress(self) -> None:
        color = self._look.theme.accent
        self._picture.setPixmap(self._look.pixmap(self._icon_name, color, ICON_PX, self.devicePixelRatio()))


class IconLine(QWidget):
    """An icon with a sentence, and below it what to do."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._icon_name, self._color = "loader-circle", "muted"
        self._picture = QLabel(self)
        self.text, self.hint = plain_label(self), plain_label(self, role="muted")
        for label in (self.text, self.hint):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._picture.setFixedSize(16, 20)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.text)
        words.addWidget(self.hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        look.changed.connect(self._dress)

    def say(self, icon: str, color: str, text: str, hint: str = "") -> None:
        """`color` is a level or a token of the theme."""
        self._icon_name, self._color = icon, color
        self.text.setText(text)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self._dress()

    def _dress(self) -> None:
        color = self._look.color(self._color)
        self._picture.setPixmap(self._look.pixmap(self._icon_name, color, 16, self.devicePixelRatio()))
