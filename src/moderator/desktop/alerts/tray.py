"""The icon in the system's tray, and its menu. Where there is no tray it does nothing."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from moderator.desktop.actions.actions import ACTIONS
from moderator.desktop.actions.actions import action as find_action
from moderator.desktop.actions.menu_entries import Command, add_entry, plain
from moderator.desktop.alerts.alert import Alert, AlertAction, when
from moderator.desktop.alerts.board import AlertBoard
from moderator.desktop.alerts.tray_icon import MOST, tray_icon
from moderator.desktop.link_text import link_text
from moderator.desktop.live_store import LiveStore
from moderator.desktop.orders.availability import why_none
from moderator.desktop.orders.intents import Intent
from moderator.desktop.plain_tips import plain_tip
from moderator.desktop.room_status import Level
from moderator.desktop.theme.look import Look
from moderator.desktop.theme.tokens import Theme
from moderator.language import ntr, tr, tr_in

MOST_ROOMS: Final = 8
OFFERED: Final = ("duty", "mute_sounds", "quit")
"""Of the window's own commands, by name."""


class Tray(QObject):
    """Follows the board, also while the window is hidden."""

    wanted = Signal(object)
    """`Intent` or a tuple of them."""
    open_wanted = Signal()
    """Show the window."""

    def __init__(self, board: AlertBoard, store: LiveStore, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self._store = store
        self._look = look
        self._notice = ""
        self._picture: tuple[Theme, Level, int] | None = None
        """What the icon shows."""
        self._commands: Mapping[str, Command] = {}
        self._submenus: list[QMenu] = []
        """Of the menu as it was filled last; clearing the menu does not delete them."""
        self.menu = QMenu()
        self.icon = QSystemTrayIcon(self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._on_activated)
        self.menu.aboutToShow.connect(self._fill)
        board.changed.connect(self.refresh)
        store.link_updated.connect(self._on_link)
        store.somebody_else.connect(self._fill)
        look.changed.connect(self.refresh)
        self.refresh()
        self._fill()  # some trays ask for the entries before the menu is opened for the first time

    @property
    def is_there(self) -> bool:
        """Whether a closed window can still be found by its icon."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show(self) -> None:
        """Show the icon, where there is a tray."""
        if self.is_there:
            self.icon.show()

    def close(self) -> None:
        """The program ends."""
        self.icon.hide()
        self.menu.deleteLater()

    def offer(self, commands: Mapping[str, Command]) -> None:
        """What the window can do beside: those of `OFFERED` stand in the menu from now on."""
        self._commands = commands
        self._fill()

    def say(self, notice: str) -> None:
        """What else is to be known, such as that there is no notification service; empty for nothing."""
        self._notice = notice

    def refresh(self) -> None:
        """Show how it is. The menu is left alone: it may be open, and a click means the entry it was aimed at."""
        needs = self._board.needs
        level = needs[0].level if needs else "normal"
        picture = (self._look.theme, level, min(len(needs), MOST + 1))
        if picture != self._picture:
            self._picture = picture
            self.icon.setIcon(tray_icon(self._look, level, len(needs)))
        self.second()

    def second(self) -> None:
        """Time has passed: nothing may have been heard for too long."""
        words = tr("Moderator: {alerts}. {status}")
        self.icon.setToolTip(words.format(alerts=self._headline(len(self._board.needs)), status=self._status()))

    def _fill(self) -> None:
        """Anew whenever it is opened, for the times in it have passed."""
        self.menu.clear()
        while self._submenus:
            self._submenus.pop().deleteLater()
        needs = [alert for alert in self._shown() if alert.level != "info"]
        self._add(self._headline(len(self._board.needs))).setEnabled(False)
        for alert in needs[:MOST_ROOMS]:
            self._add_alert(alert)
        if len(needs) > MOST_ROOMS:
            rest = len(needs) - MOST_ROOMS
            self._add(ntr("1 more…", "{count} more…", rest).format(count=rest)).triggered.connect(self.open_wanted)
        self.menu.addSeparator()
        self._add(self._status()).setEnabled(False)
        if self._notice:
            self._add(self._notice).setEnabled(False)
        self.menu.addSeparator()
        opens = self._add(tr_in("window", "Open"))
        opens.setIcon(self._look.icon("app-window", "muted"))
        opens.triggered.connect(self.open_wanted)
        for name in OFFERED:
            if command := self._commands.get(name):
                add_entry(self.menu, find_action(name), self._look, None, command.do, command.why_not())

    def _on_link(self) -> None:
        """Where nobody is let in any more the names go at once: some trays keep what they were given."""
        self.refresh()
        if self._store.shut_out:
            self._fill()

    def _shown(self) -> tuple[Alert, ...]:
        return () if self._store.shut_out or not self._store.ready else self._board.shown

    def _add_alert(self, alert: Alert) -> None:
        title = f"{plain(alert.title)}\t{when(alert, self._store.now_ms())}"
        submenu = self.menu.addMenu(title)
        self._submenus.append(submenu)
        submenu.setToolTipsVisible(True)
        for action in alert.actions:
            why = why_none(action.intents, self._store.why_not)
            entry = submenu.addAction(plain(action.label))
            entry.setIcon(self._look.icon(_icon(action), "muted"))
            entry.setEnabled(not why)
            entry.setToolTip(plain_tip(why))
            entry.triggered.connect(partial(self._ask, action))

    def _add(self, text: str) -> QAction:
        return self.menu.addAction(plain(text))

    def _ask(self, action: AlertAction) -> None:
        wish: Intent | tuple[Intent, ...] = action.intents[0] if len(action.intents) == 1 else action.intents
        self.wanted.emit(wish)

    def _headline(self, count: int) -> str:
        if not count:
            return tr("Nothing needs you")
        return ntr("1 needs you", "{count} need you", count).format(count=count)

    def _status(self) -> str:
        store = self._store
        found = link_text(store.link, store.freshness, store.age_s, store.clock_error_ms)
        return tr("Status: {state}").format(state=found.word)

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in {QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick}:
            self.open_wanted.emit()


def _icon(action: AlertAction) -> str:
    """The one that the table of actions has for it."""
    names = {one.name: one.icon for one in reversed(ACTIONS)}
    return names.get(action.intents[0].action, "panels-top-left")
