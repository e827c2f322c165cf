"""What can be read of a window: on the screen, as tooltips, by a screen reader, and in the tray's menu."""

from collections.abc import Iterator

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QSystemTrayIcon, QWidget

from moderator.desktop.desk import Desk


def readable(desk: Desk) -> list[str]:
    """Every text there is, each with where it stands."""
    (icon,) = desk.findChildren(QSystemTrayIcon)
    found = list(_in_menu(icon.contextMenu()))
    for window in QApplication.topLevelWidgets():
        if window.isVisible():
            found += _by_screen_reader(QAccessible.queryAccessibleInterface(window))
    for widget in QApplication.allWidgets():
        if widget.isVisible():
            found += _of(widget)
    return found


def _of(widget: QWidget) -> Iterator[str]:
    texts = (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
    title = widget.windowTitle() if widget.isWindow() else ""
    typed = widget.text() if isinstance(widget, QLineEdit) else ""
    return (f"{type(widget).__name__}: {text}" for text in (*texts, title, typed) if text)


def _by_screen_reader(interface: QAccessibleInterface | None) -> Iterator[str]:
    if interface is None or interface.state().invisible:
        return
    for kind in (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value):
        if text := interface.text(kind):
            yield f"{interface.role().name}: {text}"
    for number in range(interface.childCount()):
        yield from _by_screen_reader(interface.child(number))


def _in_menu(menu: QMenu) -> Iterator[str]:
    for action in menu.actions():
        yield f"tray: {action.text()}"
        yield f"tray: {action.toolTip()}"
        if isinstance(submenu := action.menu(), QMenu):
            yield from _in_menu(submenu)
