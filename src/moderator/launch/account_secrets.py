"""Where the secrets of a new account go: the keyring, or files only their user can read. What is there stays."""

import contextlib
import errno
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from moderator.client.system_keyring import NoKeyring, forget_in_keyring, found_in_keyring, keep_in_keyring
from moderator.launch.account import Account
from moderator.launch.private_files import write_new

FOLDER: Final = "secrets"
"""Beside the configuration."""
MOST_NAMES: Final = 20
"""That are tried before it is given up."""


class AccountSecrets:
    """Keeps them one by one, so that all can be forgotten that were kept for nothing. Every method may take seconds."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the configuration's."""
        self._folder = folder
        self._in_keyring: list[str] = []
        self._files: list[Path] = []

    def keep(self, account: Account) -> dict[str, Mapping[str, str]]:
        """References to all of them, for the configuration. Raises OSError."""
        return {key: self._keep(f"{account.source}-{key}", secret) for key, secret in account.secrets.items()}

    def forget(self) -> None:
        """The account is none: forget what was kept here, and nothing else."""
        for path in self._files:
            with contextlib.suppress(OSError):
                path.unlink()
        for name in self._in_keyring:
            with contextlib.suppress(NoKeyring):
                forget_in_keyring(name)

    def _keep(self, name: str, secret: str) -> dict[str, str]:
        with contextlib.suppress(NoKeyring):
            for free in _names(name):
                found = found_in_keyring(free)
                if found == secret:  # of an attempt that was cut off, or another configuration's
                    return {"keyring": free}
                if not found:
                    self._in_keyring.append(free)  # before it is: what it refuses half-way may be there
                    keep_in_keyring(free, secret)
                    return {"keyring": free}
        return {"file": self._in_a_file(name, secret)}

    def _in_a_file(self, name: str, secret: str) -> str:
        """Its path, as the configuration names it. Raises OSError."""
        folder = self._folder / FOLDER
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for free in _names(name):
            path = folder / f"{free}.key"
            with contextlib.suppress(FileExistsError):
                write_new(path, secret)
                self._files.append(path)
                return f"{FOLDER}/{free}.key"
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))


def _names(name: str) -> Iterator[str]:
    """The name, and others like it for when it is taken."""
    yield name
    yield from (f"{name}-{number}" for number in range(2, MOST_NAMES + 1))
