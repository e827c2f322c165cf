"""What is said of each sort of order when the gateway took it, and when it did not. Pure; tables."""

from typing import Final

from msgspec import Struct

from moderator.desktop.orders.intents import ActionName
from moderator.language import marked


class OrderWords(Struct, frozen=True):
    """Two sentences with places for `{room}`, `{who}` and, where it failed, `{why}`: for `tr` at the place of use."""

    done: str
    failed: str


WORDS: Final[dict[ActionName, OrderWords]] = {
    "acknowledge": OrderWords(marked("{room}: seen."), marked("Could not acknowledge {room}: {why}.")),
    "claim": OrderWords(marked("You look after {room}."), marked("Could not claim {room}: {why}.")),
    "release": OrderWords(marked("Nobody looks after {room} now."), marked("Could not release {room}: {why}.")),
    "lock": OrderWords(
        marked("{room} is locked: nobody else comes in, unless you let them."),
        marked("Could not lock {room}: {why}."),
    ),
    "unlock": OrderWords(marked("{room} is open again."), marked("Could not unlock {room}: {why}.")),
    "end": OrderWords(marked("Ending {room}."), marked("Could not end {room}: {why}.")),
    "message": OrderWords(marked("Message sent to {room}."), marked("Could not write to {room}: {why}.")),
    "allow": OrderWords(marked("{who} may stay."), marked("Could not allow {who}: {why}.")),
    "readmit": OrderWords(marked("{who} may come back to {room}."), marked("Could not re-admit {who}: {why}.")),
    "mute": OrderWords(marked("{who} is being muted."), marked("Could not mute {who}: {why}.")),
    "revoke": OrderWords(
        marked("{who} is losing the microphone."), marked("Could not take the microphone of {who} away: {why}.")
    ),
    "restore": OrderWords(
        marked("{who} is getting the microphone back."), marked("Could not give {who} the microphone back: {why}.")
    ),
    "stop_stream": OrderWords(marked("The stream is being stopped."), marked("Could not stop the stream: {why}.")),
    "hold": OrderWords(
        marked("Automatic disconnects are paused."), marked("Could not pause automatic disconnects: {why}.")
    ),
    "resume": OrderWords(
        marked("Automatic disconnects go on."), marked("Could not resume automatic disconnects: {why}.")
    ),
    "go_on_duty": OrderWords(marked("You are on duty."), marked("Could not put you on duty: {why}.")),
    "go_off_duty": OrderWords(marked("You are off duty."), marked("Could not take you off duty: {why}.")),
}
"""More time, and removing somebody, have sentences of their own: `outcomes`."""
COMES_IN: Final = marked("{who} may come in again.")
"""Of `allow`, where the person is not there."""
IN_PASSING: Final[frozenset[ActionName]] = frozenset({
    "acknowledge", "claim", "release", "go_on_duty", "go_off_duty",
})  # fmt: skip
"""What changes nothing for anybody in a room: what was done before it stays the last thing that can be taken back."""
UNDONE_BY: Final[dict[ActionName, tuple[ActionName, str]]] = {
    "lock": ("unlock", marked("Undo")),
    "revoke": ("restore", marked("Give back")),
}
"""What takes an order back that needs nothing but the same names, and what the button for it says."""
