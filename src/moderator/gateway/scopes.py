"""What a moderator's token may allow. Which request needs which of them says the table of routes."""

from typing import Final

SCOPES: Final = frozenset(
    {
        "rooms:read",
        "rooms:write",
        "rooms:extend",
        "rooms:end",
        "rooms:message",
        "rooms:watch",
        "participants:disconnect",
        "participants:mute",
        "policy:hold",
        "audit:read",
        "join:issue",
        "stats:read",
        "access:manage",
    }
)
