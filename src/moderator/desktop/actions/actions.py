"""Every command of the window, in one table: menus, palette, shortcuts, help and names for screen readers come from it.

What a command does is elsewhere: `commands` for the window's own, `routing` for what is done to rooms and people. Which
keys are in force is `key_bindings`' to say: people change them.
"""

from typing import Final

from moderator.desktop.actions.action import Action, Place
from moderator.desktop.actions.list_actions import LIST_ACTIONS
from moderator.language import marked

ACTIONS: Final = (
    *LIST_ACTIONS,
    Action(
        name="duty",
        text=marked("Go on duty, or off duty"),
        keys=("Ctrl+Shift+D",),
        icon="headset",
        group="work",
    ),
    Action(
        name="acknowledge_all",
        text=marked("Acknowledge everything that needs somebody"),
        label=marked("Acknowledge all"),
        icon="check-check",
        group="work",
    ),
    Action(
        name="hold",
        text=marked("Hold automatic disconnects, or resume them"),
        label=marked("Hold or resume disconnects"),
        icon="pause",
        group="work",
    ),
    Action(
        name="undo",
        text=marked("Undo: re-admit, take an extension back, unlock, give a microphone back"),
        label=marked("Undo"),
        keys=("Ctrl+Z",),
        icon="undo-2",
        group="work",
    ),
    Action(
        name="palette",
        text=marked("Any room, person or command"),
        label=marked("All commands…"),
        keys=("Ctrl+K",),
        icon="command",
        group="work",
    ),
    Action(
        name="find",
        text=marked("Search rooms, people, sources"),
        label=marked("Search the rooms"),
        keys=("Ctrl+F", "/"),
        icon="search",
        group="go",
    ),
    Action(
        name="upcoming",
        text=marked("What is announced, or back to the rooms"),
        label=marked("What is announced"),
        keys=("F8",),
        icon="calendar-clock",
        group="go",
    ),
    Action(
        name="next_pane",
        text=marked("To the next part of the window"),
        label=marked("Next part of the window"),
        keys=("F6",),
        icon="panels-top-left",
        group="go",
    ),
    Action(
        name="audit",
        text=marked("Audit: who did what"),
        keys=("F7",),
        also=marked("log history past"),
        icon="scroll-text",
        group="records",
    ),
    Action(
        name="policy_report",
        text=marked("What policies would have done"),
        keys=("F9",),
        icon="clipboard-list",
        group="records",
    ),
    Action(
        name="overview",
        text=marked("Show or hide the overview of many rooms"),
        label=marked("Overview"),
        keys=("F10",),
        icon="chart-column",
    ),
    Action(
        name="single",
        text=marked("The selected room alone, or all rooms"),
        label=marked("One room alone"),
        keys=("F12",),
        icon="maximize",
    ),
    Action(
        name="wallboard",
        text=marked("Wallboard: fills the screen, without names"),
        label=marked("Wallboard"),
        keys=("F11",),
        also=marked("full screen"),
        icon="presentation",
    ),
    Action(
        name="theme",
        text=marked("Light or dark"),
        keys=("Ctrl+Shift+L",),
        also=marked("theme dark mode colours"),
        icon="sun-moon",
    ),
    Action(
        name="alerts_panel",
        text=marked("Show or hide the alerts"),
        keys=("Ctrl+Shift+A",),
        icon="panel-right",
    ),
    Action(
        name="room_panel",
        text=marked("Show or hide the room's pane"),
        also=marked("people blocked timeline past scrub back"),
        keys=("Ctrl+Shift+R",),
        icon="panel-bottom",
    ),
    Action(
        name="lock_layout",
        text=marked("Unlock the layout to move panels, or lock it"),
        label=marked("Lock or unlock the layout"),
        icon="layout-dashboard",
    ),
    Action(
        name="reset_layout",
        text=marked("Panels back to where they were at first"),
        label=marked("Reset the layout"),
        icon="layout-dashboard",
    ),
    Action(
        name="columns",
        text=marked("Columns and sort order of the rooms…"),
        label=marked("Columns and order…"),
        keys=("Ctrl+Shift+O",),
        icon="columns-3",
    ),
    Action(
        name="density",
        text=marked("Rows closer together, or further apart"),
        label=marked("Height of rows"),
        also=marked("density height compact"),
        icon="rows-3",
    ),
    Action(
        name="reset_table",
        text=marked("Columns and sort order as they were at first"),
        label=marked("Reset columns and order"),
        icon="columns-3",
    ),
    Action(name="test_warning", text=marked("Play a test warning"), icon="flask-conical", group="program"),
    Action(
        name="mute_sounds",
        text=marked("Mute the sounds for 15 min, or hear them again"),
        label=marked("Mute sounds for 15 min"),
        also=marked("silence quiet"),
        icon="volume-x",
        group="program",
    ),
    Action(
        name="add_source",
        text=marked("Connect another platform…"),
        also=marked("welcome demo gateway source"),
        icon="plug",
        group="program",
    ),
    Action(name="demo", text=marked("Look around in the demo…"), icon="play", group="program"),
    Action(
        name="settings",
        text=marked("Settings…"),
        keys=("Ctrl+,",),
        also=marked("options look appearance language english german spanish arabic deutsch español"),
        icon="settings",
        group="program",
    ),
    Action(name="about", text=marked("About Moderator"), icon="badge-info", group="program"),
    Action(
        name="help",
        text=marked("All keys"),
        keys=("?", "F1"),
        also=marked("shortcuts help"),
        icon="keyboard",
        group="program",
    ),
    Action(name="sign_in", text=marked("Sign in…"), icon="log-in", group="program"),
    Action(name="sign_out", text=marked("Sign out"), icon="door-open", group="program"),
    Action(name="quit", text=marked("Quit"), keys=("Ctrl+Q",), icon="log-out", group="program"),
)


def action(name: str, place: Place | None = None) -> Action:
    """The first entry of this name, or the one of this place. Raises StopIteration where there is none."""
    return next(found for found in ACTIONS if found.name == name and place in (None, found.place))
