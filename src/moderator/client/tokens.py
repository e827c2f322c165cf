"""What a request shows to the gateway: the token, and what is done when it is refused. Where tokens come from is in
`session` and `account`."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from moderator.client.errors import SignedOut

T = TypeVar("T")


class Tokens(Protocol):
    """Asked for every request, so that a renewed token counts at once."""

    async def token(self) -> str:
        """The token to show now. Raises GatewayError when there is none and none can be had."""
        ...

    async def rejected(self, token: str) -> bool:
        """The gateway answered 401 to this one: whether there is another now. Raises GatewayError as `token` does."""
        ...


class FixedToken:
    """One token, for as long as the gateway takes it."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self) -> str:
        """That one."""
        return self._token

    async def rejected(self, token: str) -> bool:
        """There is no other."""
        return False


async def with_token(tokens: Tokens, attempt: Callable[[str], Awaitable[T]]) -> T:
    """What the attempt returns; after a 401 it is made once more, if there is another token.

    To repeat even a command is safe: what was answered with 401 was not carried out. Nothing else is repeated here.
    """
    token = await tokens.token()
    try:
        return await attempt(token)
    except SignedOut:
        if not await tokens.rejected(token):
            raise
    return await attempt(await tokens.token())
