"""Where secrets come from: the environment, a file, the OS keyring, or the program that started this one.

They never stand in the configuration itself.
"""

import importlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

_NAMES: Final = {
    "env": re.compile(r"[A-Z_][A-Z0-9_]{0,63}"),
    "file": re.compile(r"(?:~|\.{0,2})/.+|[\w ./-]*\.[a-z]{0,5}|[A-Za-z_-]{1,20}"),
    "keyring": re.compile(r"[A-Za-z_-]{1,20}"),
    "pipe": re.compile(r"[A-Za-z_-]{1,20}"),
}
"""What names usually look like. Anything else may be the secret, written where its name should stand."""
_NO_NAME: Final = "(not shown: it looks like a secret, and the name of one belongs here)"


class SecretError(Exception):
    """A secret cannot be had. The message says which and what to do, never the secret."""


class Handed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the program that started an embedded gateway gives it: one line of JSON on its standard input."""

    key: str
    """Of moderator tokens, whatever the file says of `access`."""
    name: str
    """Of the moderator for whom a token is made."""
    log: str
    """The journal's file, whatever the file says of `gateway.log`."""
    secrets: dict[str, str] = {}
    """What `{ pipe = NAME }` stands for."""

    def __repr__(self) -> str:
        return f"Handed({self.name!r})"


def read_handed(line: bytes) -> Handed:
    """What was handed over. Raises SecretError, whose message repeats nothing of it."""
    try:
        return msgspec.json.decode(line, type=Handed)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        pass  # the error may quote the line
    raise SecretError("--embedded is for the window's own gateway: standard input holds no line that can be used")


def is_secret_reference(value: object) -> bool:
    """Whether a configuration value is written `{ env = ... }`, or another of the ways to name a secret."""
    return isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in {*_READERS, "pipe"}


def read_secret(reference: Mapping[str, Any], folder: Path, handed: Mapping[str, str] | None = None) -> str:
    """The secret that a reference names; files relative to `folder`, pipes out of `handed`. Raises SecretError."""
    (kind, name), *_ = reference.items()
    if not isinstance(name, str) or not name:
        raise SecretError(f"{kind} needs a name in quotes")
    return _from_pipe(name, handed or {}) if kind == "pipe" else _READERS[kind](name, folder)


def _from_pipe(name: str, handed: Mapping[str, str]) -> str:
    value = handed.get(name, "")
    if not value:
        raise SecretError(f"no secret {_shown('pipe', name)} was handed over: use {{ env = ... }} or {{ file = ... }}")
    return value


def _from_environment(name: str, folder: Path) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise SecretError(f"the environment variable {_shown('env', name)} is not set: export it before the start")
    return value


def _from_file(name: str, folder: Path) -> str:
    path = (folder / Path(name).expanduser()).resolve()
    try:
        value = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise SecretError(
            f"the file {_shown('file', name)} cannot be read ({reason}): create it, readable for this user only"
        ) from error
    if not value:
        raise SecretError(f"the file {_shown('file', name)} is empty: put the secret into it")
    return value


def _from_keyring(name: str, folder: Path) -> str:
    try:
        keyring = importlib.import_module("keyring")
    except ImportError as error:
        raise SecretError("keyring is not installed: install it, or use { env = ... } or { file = ... }") from error
    value = keyring.get_password("moderator", name)
    if not value:
        raise SecretError(
            f"the keyring has no entry {_shown('keyring', name)} of the service moderator: add it with `keyring set`"
        )
    return str(value)


def _shown(kind: str, name: str) -> str:
    return name if _NAMES[kind].fullmatch(name) else _NO_NAME


_READERS = {"env": _from_environment, "file": _from_file, "keyring": _from_keyring}
