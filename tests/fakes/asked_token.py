"""The tokens of a test that changes them while a client runs."""

from collections.abc import Callable


class AskedToken:
    """A token that somebody else keeps, and may replace at any time."""

    def __init__(self, ask: Callable[[], str]) -> None:
        self._ask = ask

    async def token(self) -> str:
        """As it is now."""
        return self._ask()

    async def rejected(self, token: str) -> bool:
        """Whether it was replaced meanwhile."""
        return self._ask() != token
