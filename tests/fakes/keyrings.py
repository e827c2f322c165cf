"""Keyrings of every kind, for the real library: none of them is the system's."""

import contextlib
import time
from collections.abc import Iterator

import keyring
from keyring.backend import KeyringBackend
from keyring.backends import fail


class InMemory(KeyringBackend):
    """Works, until the test run ends."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library's
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Raising(InMemory):
    """Fails in words of its own, which hold what it was given."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError("the bus is gone")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(f"cannot keep {password}")


class Hanging(InMemory):
    """Waits for somebody to unlock it."""

    asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        time.sleep(0.3)
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.asked += 1
        time.sleep(0.3)


class Forgetful(InMemory):
    """Takes everything and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


@contextlib.contextmanager
def system_keyring(backend: KeyringBackend | None = None) -> Iterator[None]:
    """As if this were the system's; without one, the system has none."""
    before = keyring.core._keyring_backend
    keyring.set_keyring(backend or fail.Keyring())  # type: ignore[no-untyped-call]  # the library's
    try:
        yield
    finally:
        keyring.core._keyring_backend = before
