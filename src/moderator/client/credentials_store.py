"""Where a sign-in is kept between two runs: the system's keyring, or a file that only its user can read. Each gateway
has its own, and beside it the access token that it last brought, so that not every command has to renew it. Every
method may take seconds: call them on a thread."""

import contextlib
import hashlib
import os
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, Protocol, TypeVar

import msgspec
from msgspec import Struct

from moderator.client.lifetimes import AccessToken, mark_of
from moderator.client.system_keyring import (
    DOES_NOT_KEEP,
    KEYRING_S,
    NO_KEYRING,
    NOT_INSTALLED,
    SERVICE,
    NoKeyring,
    system_keyring,
    within,
)
from moderator.language import marked, tr

IN_KEYRING: Final = marked("in the system's keyring")
OWNER_ONLY: Final = 0o600
T = TypeVar("T")


@dataclass(frozen=True)
class Credentials:
    """What the next run signs in with. Secret."""

    kind: Literal["refresh", "token"]
    secret: str = field(repr=False)
    """A refresh token, or a token that somebody was given."""
    endpoint: str = ""
    """Where the refresh token may be sent; empty for a token."""


@dataclass(frozen=True)
class Kept:
    """What was found, and where, as a part of a sentence: `in the system's keyring`."""

    credentials: Credentials
    where: str


class StoreError(Exception):
    """A sign-in cannot be kept or read. The message is a sentence for people and holds no secret."""


class Lock(Protocol):
    """Held by one program at a time (`moderator.launch.sharing.OwnerLock`)."""

    def take(self) -> bool:
        """Whether it is ours now."""

    def release(self) -> None:
        """Let another have it."""


class _Record(Struct, frozen=True):
    kind: Literal["refresh", "token"]
    secret: str
    endpoint: str = ""
    because: str = ""
    """Why it is in a file."""


class CredentialsStore:
    """The sign-ins of one user."""

    def __init__(self, folder: Path, lock: Lock, keyring_s: float = KEYRING_S) -> None:
        """`folder` is the user's own, for what the keyring does not take; `lock` is for who renews a sign-in."""
        self.lock = lock
        self._folder = folder / "sign-ins"
        self._keyring_s = keyring_s
        self._no_keyring = ""
        """Why the keyring is asked no more."""

    def read(self, gateway: str) -> Kept | None:
        """What is kept for this gateway. Raises StoreError where it should not be believed."""
        record = self._read_file(gateway)
        if record is not None:
            return Kept(_credentials(record), _in_a_file(record.because))
        try:
            found = self._ask(lambda keyring: keyring.get_password(SERVICE, gateway))
            record = msgspec.json.decode(found, type=_Record) if found else None
        except (NoKeyring, msgspec.MsgspecError, RecursionError):
            return None
        return Kept(_credentials(record), tr(IN_KEYRING)) if record else None

    def keep(self, gateway: str, credentials: Credentials) -> str:
        """Keep it, in place of what was there; returns where, as a part of a sentence. Raises StoreError.

        What is in a file stays there until it is forgotten: a keyring that comes and goes would hold an old one.
        """
        record = _Record(credentials.kind, credentials.secret, credentials.endpoint)
        before = self._read_file(gateway)
        because = before.because if before else self._put(gateway, msgspec.json.encode(record).decode())
        if not because:
            return tr(IN_KEYRING)
        self._write_file(gateway, msgspec.structs.replace(record, because=because))
        return _in_a_file(because)

    def read_access(self, gateway: str, credentials: Credentials) -> AccessToken | None:
        """The access token that these credentials last brought. Raises StoreError where it should not be believed."""
        name = _access_name(gateway)
        try:
            if self._path(gateway).exists():
                found = self._read_private(name)
            else:
                found = (self._ask(lambda keyring: keyring.get_password(SERVICE, name)) or "").encode()
            access = msgspec.json.decode(found, type=AccessToken) if found else None
        except (NoKeyring, msgspec.MsgspecError, UnicodeError, RecursionError):
            return None
        return access if access and access.belongs_to == mark_of(credentials.secret) else None

    def keep_access(self, gateway: str, access: AccessToken) -> None:
        """Keep it where the sign-in is, or not at all: who has none renews. Raises StoreError."""
        name, words = _access_name(gateway), msgspec.json.encode(access)
        if self._path(gateway).exists():
            self._write_private(name, words)
        elif not self._no_keyring:
            with contextlib.suppress(NoKeyring):  # some keep short words only; the sign-in itself stays in it
                within(self._keyring_s, lambda: system_keyring().set_password(SERVICE, name, words.decode()))

    def forget(self, gateway: str) -> None:
        """Keep nothing for this gateway any more. Raises StoreError."""
        names = _access_name(gateway), gateway
        for path in map(self._path, names):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise StoreError(tr("{path} cannot be removed: {why}").format(path=path, why=error.strerror)) from error
        with contextlib.suppress(NoKeyring):
            for name in names:
                self._forget_in_keyring(name)

    @property
    def trouble(self) -> str:
        """Why something may be kept that could not be read, as a part of a sentence; empty when nothing can."""
        return "" if self._no_keyring in {tr(NOT_INSTALLED), tr(NO_KEYRING)} else self._no_keyring

    # --- the keyring -----------------------------------------------------------------------------------------------

    def _put(self, gateway: str, words: str) -> str:
        """Why the keyring cannot keep it; empty when it does."""
        try:
            self._ask(lambda keyring: keyring.set_password(SERVICE, gateway, words))
            kept = self._ask(lambda keyring: keyring.get_password(SERVICE, gateway))
        except NoKeyring as error:
            return str(error)
        return "" if kept == words else tr(DOES_NOT_KEEP)

    def _forget_in_keyring(self, name: str) -> None:
        if self._ask(lambda keyring: keyring.get_password(SERVICE, name)):
            self._ask(lambda keyring: keyring.delete_password(SERVICE, name))

    def _ask(self, question: Callable[[Any], T]) -> T:
        """Raises NoKeyring; after a failure it is not asked again, so that a hanging one is waited for once."""
        if self._no_keyring:
            raise NoKeyring(self._no_keyring)
        try:
            return within(self._keyring_s, lambda: question(system_keyring()))
        except NoKeyring as error:
            self._no_keyring = str(error)
            raise

    # --- the file --------------------------------------------------------------------------------------------------

    def _path(self, name: str) -> Path:
        return self._folder / f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.json"

    def _read_file(self, gateway: str) -> _Record | None:
        try:
            found = self._read_private(gateway)
            return msgspec.json.decode(found, type=_Record) if found else None
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None

    def _write_file(self, gateway: str, record: _Record) -> None:
        self._write_private(gateway, msgspec.json.encode(record))

    def _read_private(self, name: str) -> bytes:
        """What is in the file, empty when there is none. Raises StoreError where others could read it too."""
        path = self._path(name)
        try:
            with path.open("rb") as file:
                if not _is_private(os.fstat(file.fileno())):
                    raise StoreError(
                        tr("{path} is not for your eyes only: remove it, and sign in again").format(path=path)
                    )
                return file.read()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise StoreError(tr("{path} cannot be read: {why}").format(path=path, why=error.strerror)) from error

    def _write_private(self, name: str, words: bytes) -> None:
        path = self._path(name)
        draft = path.with_suffix(".new")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.unlink(missing_ok=True)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as file:
                file.write(words)
                file.flush()
                os.fsync(file.fileno())  # before it takes the place of what was there
            draft.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                draft.unlink()
            sentence = tr("the sign-in cannot be kept in {path}: {why}")
            raise StoreError(sentence.format(path=path, why=error.strerror)) from error


def _credentials(record: _Record) -> Credentials:
    return Credentials(record.kind, record.secret, record.endpoint)


def _access_name(gateway: str) -> str:
    return f"{gateway}#access"  # no gateway's address: they have no fragment


def _in_a_file(because: str) -> str:
    return tr("in a file only you can read, because {why}").format(why=because)


def _is_private(status: os.stat_result) -> bool:
    if sys.platform == "win32":  # the user's own folder is
        return True
    return status.st_uid == os.getuid() and not stat.S_IMODE(status.st_mode) & 0o077
