"""What the window's own commands do: one line for each. Which there are, their words and keys, says `actions`; who is
asked about rooms and people, `routing`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from moderator.desktop.about.about_facts import places_of
from moderator.desktop.about.about_window import AboutWindow
from moderator.desktop.dialogs.key_help import KeyHelp, key_lines
from moderator.desktop.orders.intents import Intent
from moderator.desktop.settings.keys_page import KeysPage
from moderator.desktop.settings.look_page import LookPage
from moderator.desktop.settings.settings_window import SettingsWindow
from moderator.desktop.settings.warnings_page import WarningsPage
from moderator.desktop.wallboard.wallboard import Wallboard
from moderator.language import tr

if TYPE_CHECKING:
    from moderator.desktop.desk import Desk


def window_commands(desk: Desk) -> dict[str, Callable[[], None]]:
    """By the action's name. What is not in here is in no menu either."""
    window, reviews = desk.window, desk.reviews
    return {
        "undo": desk.routing.undo,
        "acknowledge_all": window.alerts.acknowledge_all,
        "hold": lambda: window.take(_hold(desk)),
        "find": lambda: _find(desk),
        "settings": lambda: _show(desk, SettingsWindow(_settings_pages(desk), window)),
        "help": lambda: _show(desk, KeyHelp(key_lines(window.keys), window)),
        "theme": desk.theme.other,
        "upcoming": window.lists.show_upcoming,
        "duty": window.top_bar.duty.toggle_duty,
        "audit": reviews.open_audit,
        "policy_report": reviews.open_policy,
        "next_pane": window.next_pane,
        "overview": window.many_rooms.toggle,
        "single": window.one_room.toggle,
        "wallboard": lambda: _fill_screen(desk),
        "alerts_panel": lambda: window.docks.toggle("alerts"),
        "room_panel": lambda: window.docks.toggle("room"),
        "lock_layout": window.docks.toggle_lock,
        "reset_layout": window.docks.reset,
        "columns": window.table.view.arranging.show_menu,
        "density": window.remembered_table.other_density,
        "reset_table": window.remembered_table.reset,
        "test_warning": desk.reach.play_test,
        "mute_sounds": desk.reach.hush.toggle_mute,
        "about": lambda: _show(desk, AboutWindow(desk.store.me, places_of(desk.session), desk.look, window)),
        "quit": desk.quit_wanted.emit,
    }


def reasons(desk: Desk) -> dict[str, Callable[[], str]]:
    """By the action's name: why it cannot be done now, in a sentence; what is not in here always can be."""
    return {
        "undo": desk.routing.why_no_undo,
        "acknowledge_all": desk.window.alerts.why_not_acknowledge_all,
        "hold": lambda: desk.store.why_not(_hold(desk)) if desk.store.ready else tr("Not connected yet."),
        "duty": desk.window.top_bar.duty.why_not,
        "sign_out": lambda: "" if desk.store.me else tr("Nobody is signed in."),
    }


def own_gateway_commands(desk: Desk) -> dict[str, Callable[[], None]]:
    """For whoever looks after the gateway too; from the demo it leads to a gateway of one's own."""
    return {"add_source": desk.welcome.open}


def demo_commands(desk: Desk) -> dict[str, Callable[[], None]]:
    """For whoever is not in the demo, and has no team's gateway."""
    return {"demo": desk.welcome.offer_demo}


def account_commands(desk: Desk) -> dict[str, Callable[[], None]]:
    """For whoever signs in."""
    return {"sign_in": desk.signing_in.open, "sign_out": desk.signing_in.sign_out}


def _settings_pages(desk: Desk) -> list[QWidget]:
    """In the order of their tabs."""
    return [
        LookPage(desk.preferences),
        KeysPage(desk.window.keys),
        WarningsPage(desk.preferences, desk.reach),
    ]


def _hold(desk: Desk) -> Intent:
    """The other of what is now."""
    return Intent(action="resume" if desk.store.hold else "hold")


def _show(desk: Desk, dialog: QDialog) -> None:
    dialog.finished.connect(lambda _: desk.window.activateWindow())  # see Routing._on_closed
    dialog.open()


def _fill_screen(desk: Desk) -> None:
    """The window stays behind the wallboard, and is back when that is left."""
    board = Wallboard(desk.store, desk.look, desk.window)
    board.left.connect(desk.window.bring_to_front)
    board.fill_screen_of(desk.window)


def _find(desk: Desk) -> None:
    search = desk.window.top_bar.search
    search.setFocus(Qt.FocusReason.ShortcutFocusReason)
    search.selectAll()
