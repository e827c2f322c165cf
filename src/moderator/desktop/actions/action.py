"""What an action of the window is: its words, its keys, its icon, and what has to have the focus for it.

Which actions there are says `actions`.
"""

from typing import Final, Literal

from msgspec import Struct

from moderator.desktop.orders.intents import ActionName
from moderator.language import marked, tr

WindowAction = Literal[
    "palette", "find", "undo", "help", "theme", "next_pane", "sort_again", "sign_in", "sign_out", "quit", "upcoming",
    "duty", "audit", "policy_report", "settings", "about", "test_warning", "mute_sounds", "add_source", "demo",
    "acknowledge_all",
    "overview", "single", "wallboard",
    "alerts_panel", "room_panel", "lock_layout", "reset_layout", "columns", "density", "reset_table",
    "select_nobody", "next_alert", "previous_alert", "press_first", "dismiss",
]  # fmt: skip
Place = Literal["room", "person", "alert", "window"]
Group = Literal["time", "room", "people", "table", "work", "go", "records", "view", "program"]

PLACES: Final[dict[Place, str]] = {
    "room": marked("In the rooms table"),
    "person": marked("In the people"),
    "alert": marked("In the alerts"),
    "window": marked("Anywhere"),
}
"""What has to have the focus, as the help words it."""


class Action(Struct, frozen=True, kw_only=True):
    """A command: what it is called, its keys, and what has to have the focus for them."""

    name: ActionName | WindowAction
    text: str
    """What it does, in a line: in the help, and everywhere where there is no label."""
    label: str = ""
    """A word or three, for menus and the palette; empty where the text is as short."""
    about: str = ""
    """The same with whom it is about, for the palette: `{room}`, `{person}`, and `{amount}` of the usual time."""
    also: str = ""
    """Other words that people look for it by in the palette."""
    keys: tuple[str, ...] = ()
    """At first, in Qt's spelling. Single letters count only while a list has the focus, never while somebody types."""
    place: Place = "window"
    icon: str = ""
    group: Group = "view"
    """Where it stands in menus."""
    with_focus: bool = False
    """It means what has the focus, and so stands in no menu and not in the palette."""

    @property
    def id(self) -> str:
        """`room/extend`: unique, where names are not."""
        return f"{self.place}/{self.name}"

    @property
    def words(self) -> str:
        """What it is called where there is little room, in the user's language."""
        return tr(self.label or self.text)
