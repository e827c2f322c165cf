"""The credentials of the account that a cloud is simulated for, as they come by standard input."""

from typing import TypeVar

import msgspec
from msgspec import Struct

Credentials = TypeVar("Credentials", bound=Struct)


class BadCredentials(Exception):
    """The account cannot be made of these. The message names the field, never its value."""


def read_credentials(line: bytes, kind: type[Credentials]) -> Credentials:
    """One line of JSON, which has no fields but those of `kind`. Raises BadCredentials."""
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadCredentials("standard input must begin with one line of JSON: the account's credentials") from None


def require(credentials: Struct, platform: str, *names: str) -> None:
    """Raises BadCredentials unless each of these fields has a value."""
    if missing := [name for name in names if not getattr(credentials, name)]:
        raise BadCredentials(f"credentials for {platform} need {' and '.join(missing)}")
