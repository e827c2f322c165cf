"""A question to a platform whose answer somebody waits for: in time, and with what goes wrong as a problem."""

from collections.abc import Awaitable
from typing import Final, TypeVar

from moderator.gateway.platforms.sources import LiveSource
from moderator.gateway.problems import Problem
from moderator.providers.errors import ProviderError

TIMEOUT_S: Final = 10.0
T = TypeVar("T")
_STATUSES: Final = {"not_supported": 409, "provider_rejected": 422}
"""What is wrong with the question. All else is the platform's fault: 503 when it is worth another try."""


async def answer_of(source: LiveSource, asking: Awaitable[T]) -> T:
    """What the platform answers. Raises Problem, whose sentence says whose turn it is."""
    try:
        async with source.time_limit(TIMEOUT_S):
            return await asking
    except TimeoutError as error:
        sentence = f"{source.name} did not answer within {TIMEOUT_S:.0f} s: try again"
        raise Problem(503, "provider_unavailable", sentence) from error
    except ProviderError as error:
        source.heed(error)
        status = 503 if error.temporary else _STATUSES.get(error.code, 502)
        raise Problem(status, error.code, str(error)) from error
