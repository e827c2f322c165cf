"""How the window is divided: the rooms in the middle, the panels around them, and where each panel stands. Which panels
there are is the main window's business.
"""

from typing import Final

from PySide6.QtCore import QByteArray, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from moderator.desktop.preferences import Preference, Preferences
from moderator.desktop.theme.look import Look
from moderator.desktop.window.dock import BAR_PX, Dock

STATE: Final = Preference("window/docks", QByteArray())
LOCKED: Final = Preference("window/locked", True)
VERSION: Final = 1
"""Of the remembered state; another makes what older programs wrote be forgotten."""
WIDE_PX: Final = 960
"""From here on a panel at the foot leaves the corners to the panels beside it; below it needs all the width."""
LARGEST_SHARE: Final = 0.45
"""Of a small window, for a panel that nobody has sized."""
REACHABLE_PX: Final = 48
"""As much of a floating panel's bar has to be on a screen to take hold of it."""
_Area = Qt.DockWidgetArea
_OPPOSITE: Final = {
    _Area.LeftDockWidgetArea: _Area.RightDockWidgetArea,
    _Area.RightDockWidgetArea: _Area.LeftDockWidgetArea,
}
_FLOW: Final = {
    _Area.LeftDockWidgetArea: Qt.Orientation.Horizontal,
    _Area.RightDockWidgetArea: Qt.Orientation.Horizontal,
    _Area.TopDockWidgetArea: Qt.Orientation.Vertical,
    _Area.BottomDockWidgetArea: Qt.Orientation.Vertical,
}


class Docks(QMainWindow):
    """Part of a window. Panels are locked until somebody unlocks them."""

    left = Signal()
    """The panel with the keyboard was put away."""

    def __init__(self, central: QWidget, look: Look, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Widget)
        self._look = look
        self._preferences = preferences
        self._docks: dict[str, Dock] = {}
        self._defaults: dict[str, tuple[_Area, int]] = {}
        self._lent: dict[str, bool] = {}
        """Panels whose content is shown elsewhere, and whether they were open."""
        self._sized = False
        self._covered = False
        self._central = central
        self.setCentralWidget(_place_of(central))
        self.setDockOptions(QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AllowTabbedDocks)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # the window's own menu has it all
        application = QApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenRemoved.connect(self._bring_back)

    def add(self, name: str, title: str, content: QWidget, area: _Area, size_px: int) -> None:
        """A panel that stands at this edge, so wide or high, until somebody moves it."""
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:  # Qt mirrors what stands in a dock, not the docks
            area = _OPPOSITE.get(area, area)
        dock = Dock(name, title, content, self._look, self)
        dock.close_wanted.connect(lambda: self.toggle(name))
        self._docks[name] = dock
        self._defaults[name] = (area, size_px)
        self.addDockWidget(area, dock)

    # --- what the moderator does with it -----------------------------------------------------------------------------

    @property
    def locked(self) -> bool:
        """Whether the panels stay where they are."""
        return self._preferences.get(LOCKED)

    def toggle_lock(self) -> None:
        """Let the panels be moved, or not any more."""
        self._lock(locked=not self.locked)

    def is_shown(self, name: str) -> bool:
        """Whether the panel is open."""
        return not self._docks[name].isHidden()

    def open(self, name: str) -> None:
        """Show a panel that may have been closed, in front of others; what is shown elsewhere is seen there."""
        if name in self._lent:
            return
        self._docks[name].show()
        self._docks[name].raise_()

    def toggle(self, name: str) -> None:
        """Show a panel, or put it away; not while its content is shown elsewhere."""
        dock = self._docks[name]
        if name in self._lent:
            return
        if not self.is_shown(name):
            self.open(name)
            return
        focused = QApplication.focusWidget()
        dock.hide()
        if focused is not None and dock.isAncestorOf(focused):
            self.left.emit()

    def take_out(self, name: str) -> None:
        """Somebody shows the panel's content elsewhere: nothing is left of it here."""
        self._lent[name] = self.is_shown(name)
        self._docks[name].hide()

    def put_back(self, name: str, content: QWidget) -> None:
        """The content comes back, into a panel as it was."""
        self._docks[name].setWidget(content)
        content.show()
        self._docks[name].cover(covered=self._covered)
        self._docks[name].setVisible(self._lent.pop(name))

    def cover(self, *, covered: bool) -> None:
        """Hide what all panels show, those too that float: neither a key nor a screen reader gets there; or show it
        again. The panels keep their places and sizes.
        """
        self._covered = covered
        self._central.setVisible(not covered)
        for dock in self._docks.values():
            dock.cover(covered=covered)

    def reset(self) -> None:
        """As it was in the beginning: every panel at its edge, in its size, locked. The keyboard stays where it was:
        a panel that is moved would pass it on to whatever comes next in the window.
        """
        focused = QApplication.focusWidget()
        for name, dock in self._docks.items():
            dock.setFloating(False)
            self.addDockWidget(self._defaults[name][0], dock)
            dock.setVisible(name not in self._lent)
        self._lent = dict.fromkeys(self._lent, True)
        self._give_sizes()
        self._lock(locked=True)
        if focused is not None and self.isAncestorOf(focused) and QApplication.focusWidget() is not focused:
            focused.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what is remembered ------------------------------------------------------------------------------------------

    def remember(self) -> None:
        """Keep where everything stands."""
        self._preferences.put(STATE, self.saveState(VERSION))

    def recall(self) -> None:
        """Put everything where it stood; where that is not known or cannot be read, as in the beginning."""
        state = self._preferences.get(STATE)
        self._sized = not state.isEmpty() and self.restoreState(state, VERSION)
        if not self._sized:
            self.reset()
        self._lock(locked=self.locked)
        self._bring_back()

    # --- how ---------------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._sized:
            self._sized = True
            QTimer.singleShot(0, self, self._give_sizes)  # sizes hold only once the window has its own

    def resizeEvent(self, event: QResizeEvent) -> None:
        bottom = event.size().width() < WIDE_PX
        for corner, side in (
            (Qt.Corner.BottomLeftCorner, _Area.LeftDockWidgetArea),
            (Qt.Corner.BottomRightCorner, _Area.RightDockWidgetArea),
        ):
            self.setCorner(corner, _Area.BottomDockWidgetArea if bottom else side)
        super().resizeEvent(event)

    def _lock(self, *, locked: bool) -> None:
        self._preferences.put(LOCKED, locked)
        for dock in self._docks.values():
            dock.set_locked(locked=locked)

    def _give_sizes(self) -> None:
        for name, (area, size_px) in self._defaults.items():
            flow = _FLOW[area]
            whole_px = self.width() if flow == Qt.Orientation.Horizontal else self.height()
            self.resizeDocks([self._docks[name]], [min(size_px, round(whole_px * LARGEST_SHARE))], flow)

    def _bring_back(self) -> None:
        """A panel that floats where no screen is any more goes back to its edge."""
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        for dock in self._docks.values():
            if dock.isFloating() and not is_reachable(dock.geometry(), screens):
                dock.setFloating(False)


def _place_of(content: QWidget) -> QWidget:
    """What stays where it is and as large while its content is hidden."""
    place = QWidget()
    place.setMinimumSize(content.minimumSize())
    rows = QVBoxLayout(place)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.addWidget(content)
    return place


def is_reachable(panel: QRect, screens: list[QRect]) -> bool:
    """Whether the bar of a floating panel can be taken hold of."""
    bar = QRect(panel.topLeft(), QSize(panel.width(), BAR_PX))
    parts = (screen.intersected(bar) for screen in screens)
    return any(part.width() >= min(REACHABLE_PX, bar.width()) and part.height() >= BAR_PX // 2 for part in parts)
