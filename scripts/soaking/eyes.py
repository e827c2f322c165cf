"""Counts what the window is made of, and looks at one room after the other as a moderator does."""

from __future__ import annotations

import random

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QTableView


class Eyes(QObject):
    """Lives in the thread of the window; asked from another one."""

    asked = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[str, int] = {}
        self._chance = random.Random(1)
        self.asked.connect(self._look, Qt.ConnectionType.QueuedConnection)

    @classmethod
    def of_application(cls) -> Eyes | None:
        """None while there is no application yet."""
        application = QApplication.instance()
        if application is None:
            return None
        eyes = cls()
        eyes.moveToThread(application.thread())
        return eyes

    def _look(self, at_another_room: bool) -> None:
        tops = QApplication.topLevelWidgets()
        timers = sum(len(top.findChildren(QTimer)) for top in tops)
        tables = [table for top in tops for table in top.findChildren(QTableView) if table.isVisible()]
        rows = sum(table.model().rowCount() for table in tables)
        self.seen = {"widgets": len(QApplication.allWidgets()), "timers": timers, "rows": rows}
        if at_another_room:
            for table in tables:
                self._select(table)

    def _select(self, table: QTableView) -> None:
        model = table.model()
        if rows := model.rowCount():
            table.setCurrentIndex(model.index(self._chance.randrange(rows), 0))
