"""Dropping a connection with what waits in it: an orderly close would wait for the other side, and keep the memory."""

from collections.abc import Mapping
from typing import Any, Final

ABORT: Final = "moderator.abort"
"""The extension of the ASGI scope by which the server lets us do so."""


def drop(scope: Mapping[str, Any]) -> None:
    """Nothing more is sent or received."""
    abort = scope.get("extensions", {}).get(ABORT)
    if abort is not None:
        abort["call"]()
