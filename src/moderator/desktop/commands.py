"""What the window's own commands do: one line for each. Which there are, their words and keys, says `actions`; who is
asked about rooms and people, `routing`. What a command opens is loaded when it is first opened, not with the window."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from moderator.desktop.about.about_facts import places_of
from moderator.desktop.actions.key_bindings import shown
from moderator.desktop.desk import Desk
from moderator.desktop.orders.intents import Intent
from moderator.desktop.orders.notices import Notice
from moderator.desktop.window.main_window import MainWindow
from moderator.language import tr


def offer_commands(desk: Desk) -> None:
    """Give a new window the commands that its session has, in its menu and in the tray's."""
    commands, session = window_commands(desk), desk.session
    if session.sign_ins is not None:
        commands |= account_commands(desk)
    if session.embedded is not None:
        commands |= own_gateway_commands(desk)
    if session.config_path:
        commands |= demo_commands(desk)
    desk.window.bind(commands, reasons(desk))
    desk.tray.offer(desk.window.commands)


def window_commands(desk: Desk) -> dict[str, Callable[[], None]]:
    """By the action's name. What is not in here is in no menu either."""
    window, reviews = desk.window, desk.reviews
    return {
        "palette": desk.late_parts.open_palette,
        "undo": desk.routing.undo,
        "acknowledge_all": window.alerts.acknowledge_all,
        "hold": lambda: window.take(_hold(desk)),
        "find": lambda: _find(desk),
        "settings": lambda: _show_settings(desk),
        "help": lambda: _show_keys(desk),
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
        "room_panel": lambda: _toggle_pane(desk),
        "lock_layout": window.docks.toggle_lock,
        "reset_layout": window.docks.reset,
        "columns": window.table.view.arranging.show_menu,
        "density": window.remembered_table.other_density,
        "reset_table": window.remembered_table.reset,
        "test_warning": desk.reach.play_test,
        "mute_sounds": desk.reach.hush.toggle_mute,
        "about": lambda: _show_about(desk),
        "quit": desk.quit_wanted.emit,
    }


def reasons(desk: Desk) -> dict[str, Callable[[], str]]:
    """By the action's name: why it cannot be done now, in a sentence; what is not in here always can be."""
    return {
        "undo": desk.routing.why_no_undo,
        "acknowledge_all": desk.window.alerts.why_not_acknowledge_all,
        "hold": lambda: desk.store.why_not(_hold(desk)) if desk.store.ready else tr("Not connected yet."),
        "duty": desk.window.top_bar.duty.why_not,
        "room_panel": lambda: _why_pane_stays(desk.window),
        "sign_out": lambda: "" if desk.store.me else tr("Nobody is signed in."),
    }


def own_gateway_commands(desk: Desk) -> dict[str, Callable[[], None]]:
    """For whoever looks after the gateway too; from the demo it leads to a gateway of one's own."""
    return {"add_source": desk.late_parts.open_welcome}


def demo_commands(desk: Desk) -> dict[str, Callable[[], None]]:
    """For whoever is not in the demo, and has no team's gateway."""
    return {"demo": desk.late_parts.offer_demo}


def account_commands(desk: Desk) -> dict[str, Callable[[], None]]:
    """For whoever signs in."""
    return {"sign_in": desk.signing_in.open, "sign_out": desk.signing_in.sign_out}


def _show_settings(desk: Desk) -> None:
    from moderator.desktop.settings.keys_page import KeysPage  # noqa: PLC0415  # loaded when it is first opened
    from moderator.desktop.settings.look_page import LookPage  # noqa: PLC0415
    from moderator.desktop.settings.settings_window import SettingsWindow  # noqa: PLC0415
    from moderator.desktop.settings.warnings_page import WarningsPage  # noqa: PLC0415

    pages = [LookPage(desk.preferences), KeysPage(desk.window.keys), WarningsPage(desk.preferences, desk.reach)]
    _show(desk, SettingsWindow(pages, desk.window))


def _show_keys(desk: Desk) -> None:
    from moderator.desktop.dialogs.key_help import KeyHelp, key_lines  # noqa: PLC0415  # loaded when it is first opened

    _show(desk, KeyHelp(key_lines(desk.window.keys), desk.window))


def _show_about(desk: Desk) -> None:
    from moderator.desktop.about.about_window import AboutWindow  # noqa: PLC0415  # loaded when it is first opened

    _show(desk, AboutWindow(desk.store.me, places_of(desk.session), desk.look, desk.window))


def _hold(desk: Desk) -> Intent:
    """The other of what is now."""
    return Intent(action="resume" if desk.store.hold else "hold")


def _toggle_pane(desk: Desk) -> None:
    if why_not := _why_pane_stays(desk.window):
        desk.window.tell(Notice(tone="info", text=why_not))
    else:
        desk.window.docks.toggle("room")


def _why_pane_stays(window: MainWindow) -> str:
    """Where a room is shown alone there is nothing but its pane."""
    if not window.one_room.shown:
        return ""
    if key := shown(window.keys.key("single", "window")):
        return tr("The room is shown alone. {key} brings the table back.").format(key=key)
    return tr("The room is shown alone: show all rooms first.")


def _show(desk: Desk, dialog: QDialog) -> None:
    dialog.finished.connect(lambda _: desk.window.activateWindow())  # see Routing._on_closed
    dialog.open()


def _fill_screen(desk: Desk) -> None:
    """The window stays behind the wallboard, and is back when that is left."""
    from moderator.desktop.wallboard.wallboard import Wallboard  # noqa: PLC0415  # loaded when it is first opened

    board = Wallboard(desk.store, desk.look, desk.window)
    board.left.connect(desk.window.bring_to_front)
    board.fill_screen_of(desk.window)


def _find(desk: Desk) -> None:
    search = desk.window.top_bar.search
    search.setFocus(Qt.FocusReason.ShortcutFocusReason)
    search.selectAll()
