"""What a token may be allowed, as people call it. Which request needs which is the gateway's table."""

from typing import Final

from moderator.language import marked, tr

_ALLOWS: Final = {
    "rooms:read": marked("to see rooms"),
    "rooms:watch": marked("to look after rooms and warnings"),
    "rooms:extend": marked("to give rooms more time"),
    "rooms:end": marked("to end rooms"),
    "rooms:message": marked("to write to rooms"),
    "rooms:write": marked("to announce rooms"),
    "participants:disconnect": marked("to disconnect people, and to let them in again"),
    "participants:mute": marked("to mute people, and to stop what they share"),
    "policy:hold": marked("to hold automatic disconnects"),
    "audit:read": marked("to read the audit and reports"),
    "stats:read": marked("to see sessions and their quality"),
    "access:manage": marked("to manage who may sign in"),
}


def lacking_scope(scope: str) -> str:
    """What it takes, by both its names, and whom to ask."""
    what = _ALLOWS.get(scope)
    if what is None:
        return tr("It needs {scope}. Whoever manages access can give you a token that has it.").format(scope=scope)
    words = tr("It needs the right {what} ({scope}). Whoever manages access can give you a token that has it.")
    return words.format(what=tr(what), scope=scope)
