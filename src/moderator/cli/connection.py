"""From arguments to a gateway: its address, the token out of its file, and gateway errors as failures."""

import contextlib
from argparse import Namespace
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

from moderator.cli.arguments import TOKEN_VARIABLE, URL_VARIABLE
from moderator.cli.failures import Failure, UsageError
from moderator.client.commands import GatewayClient
from moderator.client.errors import GatewayError
from moderator.client.selectors import NotSelected
from moderator.http import HttpClient

MAX_TOKEN_CHARACTERS: Final = 8192


class TokenFile:
    """The token in a file, read again for every request, so that it can be renewed while a command runs."""

    def __init__(self, path: Path) -> None:
        """Raises Failure when there is no token in it."""
        self._path = path
        self._token = self._read()

    def __call__(self) -> str:
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


def token_file(arguments: Namespace) -> TokenFile:
    """Where the token is. Raises UsageError when it was not said, Failure when it is not there."""
    if arguments.token_file is None:
        raise UsageError(f"which token? Give --token-file FILE, or set {TOKEN_VARIABLE}; `moderator token` makes one")
    return TokenFile(Path(arguments.token_file))


@contextlib.asynccontextmanager
async def connected(arguments: Namespace) -> AsyncIterator[GatewayClient]:
    """A client of the gateway that was asked for; what the gateway refuses becomes a Failure."""
    url, token = address(arguments), token_file(arguments)
    with failures():
        async with HttpClient() as http:
            yield GatewayClient(url, token, http)


@contextlib.contextmanager
def failures() -> Iterator[None]:
    """Sentences of the client as failures of the command."""
    try:
        yield
    except (GatewayError, NotSelected) as error:
        raise Failure(str(error)) from error
