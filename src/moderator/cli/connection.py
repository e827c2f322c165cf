"""From arguments to a gateway: its address, the token out of its file or the sign-in that is kept, and gateway errors
as failures."""

import contextlib
from argparse import Namespace
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from moderator.cli.failures import Failure, UsageError
from moderator.cli.options import TOKEN_VARIABLE, URL_VARIABLE
from moderator.client.account import Account
from moderator.client.commands import GatewayClient
from moderator.client.credentials_store import CredentialsStore
from moderator.client.errors import GatewayError
from moderator.client.selectors import NotSelected
from moderator.client.tokens import Tokens
from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.launch import sign_ins
from moderator.tasks import TaskScope

MAX_TOKEN_CHARACTERS: Final = 8192
NO_TOKEN: Final = (
    "{nobody}: sign in with `moderator login --gateway {url}`, or give --token-file FILE, or set " + TOKEN_VARIABLE
)


class TokenFile:
    """The token in a file, read again for every request, so that it can be renewed while a command runs."""

    def __init__(self, path: Path) -> None:
        """Raises Failure when there is no token in it."""
        self._path = path
        self._token = self._read()

    async def token(self) -> str:
        """As the file is now."""
        return self.current()

    async def rejected(self, token: str) -> bool:
        """Whether the file holds another one by now."""
        return self.current() != token

    def current(self) -> str:
        """As the file is now."""
        with contextlib.suppress(Failure):  # being replaced, or a pipe that can be read once: the last one counts
            self._token = self._read()
        return self._token

    def _read(self) -> str:
        try:
            with self._path.open(encoding="ascii") as file:
                token = file.read(MAX_TOKEN_CHARACTERS).strip()
        except OSError as error:
            raise Failure(f"the token file {self._path} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise Failure(f"the token file {self._path} holds no token: it is not plain text") from error
        if not token or not token.isprintable() or " " in token:
            raise Failure(f"the token file {self._path} holds no token: it should be one word and nothing else")
        return token


def address(arguments: Namespace) -> str:
    """The gateway's URL. Raises UsageError when none was given."""
    if arguments.gateway is None:
        raise UsageError(f"which gateway? Give --gateway URL, or set {URL_VARIABLE}")
    return str(arguments.gateway)


def kept_sign_ins() -> CredentialsStore:
    """Where this user's sign-ins are kept. Raises Failure when there can be no such place."""
    try:
        return sign_ins.kept_sign_ins()
    except OSError as error:
        raise Failure(f"{error.filename} cannot be made: {error.strerror}") from error


class Connection(NamedTuple):
    """What a request needs."""

    url: str
    tokens: Tokens
    http: HttpClient


@contextlib.asynccontextmanager
async def connection(arguments: Namespace) -> AsyncIterator[Connection]:
    """To the gateway that was asked for, with the token file that was named, else with the sign-in that is kept.

    What the gateway refuses becomes a Failure. Raises UsageError when there is neither.
    """
    url = address(arguments)
    file = None if arguments.token_file is None else TokenFile(Path(arguments.token_file))
    async with TaskScope() as tasks, HttpClient() as http:
        with failures():
            if file is not None:
                yield Connection(url, file, http)
                return
            account = Account(url, http, kept_sign_ins(), SystemClock(), tasks)
            if await account.kept() is None:
                raise UsageError(NO_TOKEN.format(nobody=account.nobody, url=url))
            yield Connection(url, account.session, http)


@contextlib.asynccontextmanager
async def connected(arguments: Namespace) -> AsyncIterator[GatewayClient]:
    """A client of the gateway that was asked for; what the gateway refuses becomes a Failure."""
    async with connection(arguments) as at:
        yield GatewayClient(at.url, at.tokens, at.http)


@contextlib.contextmanager
def failures() -> Iterator[None]:
    """Sentences of the client as failures of the command."""
    try:
        yield
    except (GatewayError, NotSelected) as error:
        raise Failure(str(error)) from error
