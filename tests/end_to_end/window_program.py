"""A program: the real desktop, and a line of JSON about what its windows show whenever a line comes in on stdin.

It looks through Qt at any program's windows and knows nothing of ours. Run as `python -m
tests.end_to_end.window_program ARGUMENTS`, with the arguments of `moderator`; the tests' handle on it is
`window_process.WindowProcess`.
"""

import json
import os
import sys
import threading
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QCoreApplication, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLabel, QWidget

from moderator.cli import main


class Eyes(QObject):
    """Lives in the thread of the windows; is asked from the one that reads stdin."""

    asked = Signal(str)

    def __init__(self, answers: int) -> None:
        super().__init__()
        self._answers = answers
        self.asked.connect(self._look, Qt.ConnectionType.QueuedConnection)

    def _look(self, picture: str) -> None:
        answer(self._answers, describe(picture))


def listen(answers: int) -> None:
    """Each line is the path of a picture to take, or empty."""
    eyes: Eyes | None = None
    for line in sys.stdin:
        application = QCoreApplication.instance()
        if application is None:
            answer(answers, {"windows": []})
            continue
        if eyes is None:
            eyes = Eyes(answers)
            eyes.moveToThread(application.thread())
        eyes.asked.emit(line.strip())


def answer(answers: int, seen: dict[str, Any]) -> None:
    os.write(answers, json.dumps(seen).encode() + b"\n")


def describe(picture: str) -> dict[str, Any]:
    """What is on the screen now."""
    if picture:
        QGuiApplication.primaryScreen().grabWindow(0).save(picture)
    focus = QApplication.focusWidget()
    active = QApplication.activeWindow()
    return {
        "active": active.windowTitle() if active else "",
        "focus": name(focus) if focus else "",
        "windows": [window(top) for top in QApplication.topLevelWidgets() if top.isVisible() and top.windowTitle()],
    }


def window(top: QWidget) -> dict[str, Any]:
    visible = [widget for widget in top.findChildren(QWidget) if widget.isVisible()]
    return {
        "title": top.windowTitle(),
        "texts": [text for widget in visible if (text := text_of(widget))],
        "lists": {name(view): rows(view) for view in visible if isinstance(view, QAbstractItemView)},
    }


def text_of(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""


def rows(view: QAbstractItemView) -> list[dict[str, Any]]:
    model = view.model()
    chosen = {index.row() for index in view.selectionModel().selectedIndexes()}
    return [{"text": row_text(model, row), "selected": row in chosen} for row in range(model.rowCount(QModelIndex()))]


def row_text(model: QAbstractItemModel, row: int) -> str:
    """What a screen reader would read of a row: each column, and what is said of the first."""
    count = model.columnCount(QModelIndex()) if isinstance(model, QAbstractTableModel) else 1
    columns = [model.index(row, column, QModelIndex()) for column in range(count)]
    told = [model.data(index, Qt.ItemDataRole.AccessibleTextRole) for index in columns[:1]]
    shown = [model.data(index, Qt.ItemDataRole.DisplayRole) for index in columns]
    return " | ".join(str(text) for text in [*told, *shown] if text)


def name(widget: QWidget) -> str:
    return widget.accessibleName() or text_of(widget) or type(widget).__name__


if __name__ == "__main__":
    channel = os.dup(1)  # what the program prints must not mix with the answers
    os.dup2(2, 1)
    threading.Thread(target=listen, args=(channel,), daemon=True).start()
    sys.exit(main(sys.argv[1:]))
