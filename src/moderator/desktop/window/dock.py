"""One panel that can be moved, floated and closed while the layout is not locked. Locked it looks as if it were built
in: its own heading is its title.
"""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QLabel, QToolButton, QWidget

from moderator.desktop.theme.look import Look
from moderator.language import tr

BAR_PX: Final = 28
ICON_PX: Final = 16
_Feature = QDockWidget.DockWidgetFeature


class Dock(QDockWidget):
    """A panel at an edge of the window, or in a window of its own."""

    close_wanted = Signal()
    """Put it away."""

    def __init__(self, name: str, title: str, content: QWidget, look: Look, parent: QWidget) -> None:
        """`name` is what the layout is remembered by; `title` is shown."""
        super().__init__(title, parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self._content = content
        self._blank = QWidget(self)
        """In place of the content while that must not be read; it keeps the panel as large."""
        self._blank.hide()
        self.setWidget(content)
        self._bar = DockBar(title, look, self)
        self._nothing = QWidget(self)
        self._bar.float_wanted.connect(self._float_or_not)
        self._bar.close_wanted.connect(self.close_wanted)
        self._locked = False
        self.topLevelChanged.connect(self._show_bar)
        self.set_locked(locked=True)

    def set_locked(self, *, locked: bool) -> None:
        """A locked panel stays where it is and has no bar, but for one that floats: that would have no name."""
        self._locked = locked
        all_ = _Feature.DockWidgetMovable | _Feature.DockWidgetFloatable | _Feature.DockWidgetClosable
        self.setFeatures(_Feature.NoDockWidgetFeatures if locked else all_)
        self._show_bar()

    def cover(self, *, covered: bool) -> None:
        """Hide what the panel shows, also from who asks for names by other ways than the eye; or show it again."""
        if covered and self.widget() is self._content:  # else it is shown elsewhere
            self._blank.setMinimumSize(self._content.minimumSizeHint().expandedTo(self._content.minimumSize()))
            self._content.hide()
            self.setWidget(self._blank)
            self._blank.show()
        elif not covered and self.widget() is self._blank:
            self._blank.hide()
            self.setWidget(self._content)
            self._content.show()

    def _float_or_not(self) -> None:
        self.setFloating(not self.isFloating())

    def _show_bar(self) -> None:
        bar = self._nothing if self._locked and not self.isFloating() else self._bar
        other = self._bar if bar is self._nothing else self._nothing
        self.setTitleBarWidget(bar)
        bar.show()
        other.hide()


class DockBar(QWidget):
    """A thin handle with the panel's name, to drag it by."""

    float_wanted = Signal()
    close_wanted = Signal()

    def __init__(self, title: str, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        name = QLabel(title, self, textFormat=Qt.TextFormat.PlainText)
        name.setProperty("role", "muted")
        self._float = self._button(tr("A window of its own, or back: {panel}").format(panel=title))
        self._close = self._button(tr("Close the panel: {panel}").format(panel=title))
        self._float.clicked.connect(self.float_wanted)
        self._close.clicked.connect(self.close_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 8, 0)
        row.setSpacing(4)
        row.addWidget(name, 1)
        row.addWidget(self._float)
        row.addWidget(self._close)
        self.setFixedHeight(BAR_PX)
        self.setAutoFillBackground(True)
        look.changed.connect(self._draw_icons)
        self._draw_icons()

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setProperty("kind", "bare")
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setFixedSize(24, 24)
        return button

    def _draw_icons(self) -> None:
        self._float.setIcon(self._look.icon("picture-in-picture-2", "muted"))
        self._close.setIcon(self._look.icon("x", "muted"))
