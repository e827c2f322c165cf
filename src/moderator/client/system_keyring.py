"""The system's own store of secrets, which may hang, fail or be missing: it is asked on a thread, for so long only."""

import queue
import threading
from collections.abc import Callable
from typing import Any, Final, TypeVar

from moderator.language import marked, tr

SERVICE: Final = "moderator"
"""Under which everything of ours stands in it."""
KEYRING_S: Final = 10.0
"""How long a keyring may take: somebody may have to unlock it, but where nobody can, it would take for ever."""
NOT_INSTALLED: Final = marked("the package `keyring` is not installed")
NO_KEYRING: Final = marked("this system has no keyring")
DOES_NOT_KEEP: Final = marked("the system's keyring does not keep what it is given")
T = TypeVar("T")


class NoKeyring(Exception):
    """The keyring cannot be used; the message says why, as a part of a sentence."""


def system_keyring() -> Any:
    """The library, which looks for the system's keyring when it is first asked. Raises NoKeyring."""
    try:
        import keyring  # noqa: PLC0415  # slow, and not needed by who has a token file
    except ImportError as error:
        raise NoKeyring(tr(NOT_INSTALLED)) from error
    return keyring


def within(seconds: float, call: Callable[[], T]) -> T:
    """What the call returns. Raises NoKeyring when it fails, or takes longer; then its thread is left behind."""
    outcome: queue.SimpleQueue[tuple[T | None, Exception | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            outcome.put((call(), None))
        except Exception as error:  # noqa: BLE001  # a keyring is a plugin, and raises what it likes
            outcome.put((None, error))

    threading.Thread(target=run, name="keyring", daemon=True).start()
    try:
        value, error = outcome.get(timeout=seconds)
    except queue.Empty:
        words = tr("the system's keyring did not answer within {seconds} s")
        raise NoKeyring(words.format(seconds=f"{seconds:g}")) from None
    if error is not None:
        raise error if isinstance(error, NoKeyring) else NoKeyring(_why(error)) from error
    return value  # type: ignore[return-value]  # None only where T is


def keep_in_keyring(name: str, secret: str) -> None:
    """Keep a secret, and see that it is kept: some take only short words. Raises NoKeyring."""

    def keep() -> bool:
        keyring = system_keyring()
        keyring.set_password(SERVICE, name, secret)
        return bool(keyring.get_password(SERVICE, name) == secret)

    if not within(KEYRING_S, keep):
        raise NoKeyring(tr(DOES_NOT_KEEP))


def found_in_keyring(name: str) -> str:
    """What is kept under this name; empty when nothing is. Raises NoKeyring."""
    return within(KEYRING_S, lambda: str(system_keyring().get_password(SERVICE, name) or ""))


def forget_in_keyring(name: str) -> None:
    """Keep it no longer. Raises NoKeyring."""
    within(KEYRING_S, lambda: system_keyring().delete_password(SERVICE, name))


def _why(error: Exception) -> str:
    """By the kind of error alone: its words may hold what was to be kept."""
    if type(error).__name__ == "NoKeyringError":
        return tr(NO_KEYRING)
    if type(error).__name__ == "KeyringLocked":
        return tr("the system's keyring is locked")
    return tr("the system's keyring failed ({kind})").format(kind=type(error).__name__)
