"""Every command of the window, in one table: menu, shortcuts, help and names for screen readers come from it."""

from typing import Final, Literal

from msgspec import Struct

from moderator.desktop.intents import ActionName

WindowAction = Literal[
    "find", "undo", "help", "theme", "next_pane", "sort_again", "sign_in", "sign_out", "quit", "upcoming", "duty",
    "audit", "policy_report", "settings",
    "select_nobody", "step", "press_first", "dismiss",
]  # fmt: skip
Place = Literal["room", "person", "alert", "window"]


class Action(Struct, frozen=True, kw_only=True):
    """A command: what it is called, its keys, and what has to have the focus for them."""

    name: ActionName | WindowAction
    text: str
    keys: tuple[str, ...] = ()
    """In Qt's spelling. Single letters count only while a list has the focus, never while somebody types."""
    place: Place = "window"
    icon: str = ""


ACTIONS: Final = (
    Action(name="extend", text="Extend by the room's step, or set its end", keys=("E",), place="room", icon="timer"),
    Action(name="extend_custom", text="Extend by…", keys=("Shift+E",), place="room", icon="timer"),
    Action(name="disconnect", text="Disconnect somebody…", keys=("D",), place="room", icon="user-minus"),
    Action(name="acknowledge", text="Acknowledge the warnings", keys=("A",), place="room", icon="check"),
    Action(name="claim", text="Look after the room, or stop", keys=("C",), place="room", icon="user-check"),
    Action(
        name="lock", text="Lock the room: nobody else comes in, or unlock it", keys=("L",), place="room", icon="lock"
    ),
    Action(name="message", text="Message to the room…", keys=("M",), place="room", icon="message-square"),
    Action(name="end", text="End the room…", keys=("Ctrl+Shift+E",), place="room", icon="circle-x"),
    Action(name="sort_again", text="Sort the rooms again", keys=("R",), place="room", icon="arrow-down-up"),
    Action(
        name="disconnect",
        text="Disconnect the selected person…",
        keys=("D", "Del"),
        place="person",
        icon="user-minus",
    ),
    Action(name="mute", text="Mute", place="person", icon="mic-off"),
    Action(name="revoke", text="Take the microphone away", place="person", icon="mic-off"),
    Action(name="restore", text="Give the microphone back", place="person", icon="mic"),
    Action(name="stop_stream", text="Stop the shared screen", place="person", icon="screen-share"),
    Action(name="allow", text="Let this person in", place="person", icon="user-check"),
    Action(name="sessions", text="Sessions and quality", keys=("Q",), place="person", icon="activity"),
    Action(name="select_nobody", text="Select nobody", keys=("Esc",), place="person"),
    Action(name="step", text="To the next alert, or the one before", keys=("Up", "Down"), place="alert"),
    Action(name="press_first", text="The alert's first button", keys=("Enter",), place="alert"),
    Action(name="acknowledge", text="Acknowledge the alert, or the first that can be", keys=("A",), place="alert"),
    Action(name="dismiss", text="Dismiss the alert", keys=("Del", "Esc"), place="alert"),
    Action(
        name="undo",
        text="Undo: re-admit, take an extension back, unlock, give a microphone back",
        keys=("Ctrl+Z",),
        icon="undo-2",
    ),
    Action(name="find", text="Search rooms, people, sources", keys=("Ctrl+F", "/"), icon="search"),
    Action(name="upcoming", text="What is announced, or back to the rooms", keys=("F8",), icon="calendar-clock"),
    Action(name="duty", text="Go on duty, or off duty", keys=("Ctrl+Shift+D",), icon="headset"),
    Action(name="audit", text="Audit: who did what", keys=("F7",), icon="scroll-text"),
    Action(name="policy_report", text="What policies would have done", keys=("F9",), icon="clipboard-list"),
    Action(name="next_pane", text="To the next part of the window", keys=("F6",)),
    Action(name="theme", text="Light or dark", keys=("Ctrl+Shift+L",), icon="sun-moon"),
    Action(name="settings", text="Settings…", keys=("Ctrl+,",), icon="settings"),
    Action(name="help", text="All keys", keys=("?", "F1"), icon="keyboard"),
    Action(name="sign_in", text="Sign in…", icon="log-in"),
    Action(name="sign_out", text="Sign out", icon="door-open"),
    Action(name="quit", text="Quit", keys=("Ctrl+Q",), icon="log-out"),
)


def action(name: str) -> Action:
    """The entry of this name. Raises StopIteration where there is none."""
    return next(found for found in ACTIONS if found.name == name)
