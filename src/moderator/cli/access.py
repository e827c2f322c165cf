"""The commands of who manages access: `moderator approve`, `deny` and `revoke`."""

import asyncio
from argparse import Namespace
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from moderator.cli.connection import connection
from moderator.client.access import AccessClient
from moderator.client.requests import Accepted
from moderator.client.texts import safe

_REVOKED: Final = "refused from now on, if there is such a token"
"""The gateway does not know of every token that was made with its key."""


def approve(arguments: Namespace) -> int:
    """Let whoever sees the code sign in."""
    scopes = [scope for words in arguments.scope for scope in words.replace(",", " ").split()]
    code = arguments.code.upper()
    return _run(
        arguments,
        lambda access: access.approve(code, arguments.name, scopes, arguments.rooms),
        f"{arguments.name} is being signed in",
    )


def deny(arguments: Namespace) -> int:
    """Refuse whoever sees the code."""
    return _run(arguments, lambda access: access.deny(arguments.code.upper()), "the code counts no more")


def revoke(arguments: Namespace) -> int:
    """Have a token refused."""
    return _run(arguments, lambda access: access.revoke(arguments.id), _REVOKED)


def _run(arguments: Namespace, order: Callable[[AccessClient], Awaitable[Accepted]], said: str) -> int:
    async def run() -> Accepted:
        async with connection(arguments) as at:
            return await order(AccessClient(*at))

    answer = asyncio.run(run())
    print(msgspec.json.encode(answer).decode() if arguments.json else safe(said))
    return 0
