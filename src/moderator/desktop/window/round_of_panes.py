"""From one part of the window to the next by key, wherever the part stands."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QApplication, QWidget


def go_to_next(panes: Sequence[tuple[QWidget, Callable[[], None]]]) -> None:
    """Give the keyboard to the part after the one that has it; each with how it takes it. What is put away is passed
    over, and what is empty and does not take it.
    """
    at = next((place for place, (pane, _) in enumerate(panes) if _has_focus(pane)), -1)
    for step in range(1, len(panes) + 1):
        pane, take_focus = panes[(at + step) % len(panes)]
        if not pane.isVisible():
            continue
        pane.window().activateWindow()  # it may float
        take_focus()
        if _has_focus(pane):
            return


def _has_focus(pane: QWidget) -> bool:
    focused = QApplication.focusWidget()
    return focused is not None and (pane is focused or pane.isAncestorOf(focused))
