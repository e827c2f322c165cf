"""A request to a platform whose answer somebody waits for: in time, and heeding the pause that the platform asks for.

When it is the request's turn is for the caller to say, except where the turn is a part of what is asked.
"""

from collections.abc import Awaitable
from typing import Final, TypeVar

from moderator.gateway.platforms.sources import LiveSource
from moderator.gateway.problems import Problem
from moderator.providers.errors import ProviderError, Unavailable

TIMEOUT_S: Final = 10.0
T = TypeVar("T")
_STATUSES: Final = {"not_supported": 409, "provider_rejected": 422}
"""What is wrong with the question. All else is the platform's fault: 503 when it is worth another try."""


async def ask(source: LiveSource, asking: Awaitable[T], within_s: float = TIMEOUT_S) -> T:
    """What the platform answers. Raises ProviderError; Unavailable when it takes too long."""
    try:
        with source.calls.one():
            async with source.time_limit(within_s):
                return await asking
    except TimeoutError as error:
        source.measures.errors[Unavailable.code] += 1
        raise Unavailable(f"{source.name} did not answer within {within_s:.0f} s: try again") from error
    except ProviderError as error:
        source.measures.errors[error.code] += 1
        source.heed(error)
        raise


async def answer_of(source: LiveSource, asking: Awaitable[T]) -> T:
    """The same for a route. Raises Problem, whose sentence says whose turn it is."""
    try:
        return await ask(source, asking)
    except ProviderError as error:
        status = 503 if error.temporary else _STATUSES.get(error.code, 502)
        raise Problem(status, error.code, str(error)) from error
