"""Where secrets come from: the environment, a file or the OS keyring. They never stand in the configuration itself."""

import importlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class SecretError(Exception):
    """A secret cannot be had. The message says which and what to do, never the secret."""


def is_secret_reference(value: object) -> bool:
    """Whether a configuration value is written `{ env = ... }`, `{ file = ... }` or `{ keyring = ... }`."""
    return isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in _READERS


def read_secret(reference: Mapping[str, Any], folder: Path) -> str:
    """The secret that a reference names; files relative to `folder`. Raises SecretError."""
    (kind, name), *_ = reference.items()
    if not isinstance(name, str) or not name:
        raise SecretError(f"{kind} needs a name in quotes")
    return _READERS[kind](name, folder)


def _from_environment(name: str, folder: Path) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise SecretError(f"the environment variable {name} is not set: export it before the start")
    return value


def _from_file(name: str, folder: Path) -> str:
    path = (folder / Path(name).expanduser()).resolve()
    try:
        value = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise SecretError(
            f"the file {name} cannot be read ({reason}): create it, readable for this user only"
        ) from error
    if not value:
        raise SecretError(f"the file {name} is empty: put the secret into it")
    return value


def _from_keyring(name: str, folder: Path) -> str:
    try:
        keyring = importlib.import_module("keyring")
    except ImportError as error:
        raise SecretError("keyring is not installed: install it, or use { env = ... } or { file = ... }") from error
    value = keyring.get_password("moderator", name)
    if not value:
        raise SecretError(f"the keyring has no entry {name} of the service moderator: add it with `keyring set`")
    return str(value)


_READERS = {"env": _from_environment, "file": _from_file, "keyring": _from_keyring}
