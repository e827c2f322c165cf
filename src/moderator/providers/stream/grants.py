"""What an account may do in a call, out of the capabilities that Stream lists with it. Pure."""

from collections.abc import Iterable
from typing import Final

NEEDED: Final = {
    "extend": ("change-max-duration",),
    "disconnect": ("kick-user",),
    "block": ("kick-user", "block-users"),
    "readmit": ("block-users",),
    "mute": ("mute-users",),
    "revoke": ("update-call-permissions", "mute-users"),
    "stop_stream": ("mute-users", "update-call-permissions"),
    "end": ("end-call",),
}
"""By action of `providers.provider.ACTIONS`. (Grants in the settings of a call type have other names.)"""


def unavailable(own: Iterable[str] | None) -> dict[str, str] | None:
    """The actions that are not allowed, each with the reason; None where nothing is told.

    Nothing at all is what a platform answers that does not count the capabilities of servers: no account that may list
    calls has none.
    """
    has = frozenset(own or ())
    if not has:
        return None
    missing = {action: next((one for one in needed if one not in has), "") for action, needed in NEEDED.items()}
    return {action: f"Stream does not grant {one} to this account here." for action, one in missing.items() if one}
