"""Requests that the platform refuses, in its own words and numbers."""

from typing import Any, Final, Literal

from msgspec import Struct

Kind = Literal["api key", "token", "expired", "too early", "from the future", "signature", "input", "limit", "gone"]

CODES: Final[dict[Kind | Literal["not allowed"], tuple[int, int]]] = {
    "api key": (2, 401),
    "token": (5, 401),
    "expired": (40, 401),
    "too early": (41, 401),
    "from the future": (42, 401),
    "signature": (43, 401),
    "input": (4, 400),
    "limit": (9, 429),
    "gone": (16, 404),
    "not allowed": (17, 403),
}
"""The number in the body, and the status."""
MORE: Final = "https://getstream.io/chat/docs/api_errors_response"
DURATION: Final = "1.10ms"


class Refused(Exception):
    """A request that is answered with an error."""

    def __init__(self, kind: Kind | Literal["not allowed"], message: str) -> None:
        super().__init__(message)
        self.message = message
        self.code, self.status = CODES[kind]

    def body(self) -> dict[str, Any]:
        """What is answered."""
        told: dict[str, Any] = {"code": self.code, "message": self.message, "StatusCode": self.status}
        return told | {"duration": DURATION, "more_info": MORE, "details": []}


class Caller(Struct, frozen=True):
    """Who sent a request: a server, or a user."""

    user: str | None = None


def not_allowed(action: str, call_type: str, caller: Caller) -> Refused:
    """This action lacks a permission."""
    who = f"User '{caller.user or 'server'}' with role 'user'"
    why = f"{who} is not allowed to perform action {action} in scope 'video:{call_type}'"
    return Refused("not allowed", f'{action} failed with error: "{why}"')
