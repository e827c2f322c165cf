"""What refusals of Stream's mean in `providers.errors`. Pure.

The code in the body says more than the status; a body without one is judged by its status. No words of the platform go
into our messages.
"""

from typing import Final

import msgspec
from msgspec import Struct

from moderator.http import Reply
from moderator.providers.errors import Forbidden, Gone, NotSupported, ProviderError, Rejected, Unavailable
from moderator.providers.stream.endpoints import Endpoint

NOT_ALLOWED: Final = 17
RATE_LIMIT: Final = 9
TOO_MANY: Final = 429
_CLOCK: Final = "Stream says that our requests are signed at a wrong time. Set this machine's clock by NTP."
_CREDENTIALS: Final = "Stream refused our credentials. Compare api_key and api_secret with the app's in its dashboard."
_GONE: Final = "That call or person is not there any more."
_WRONG: Final = "Stream says that the request itself is wrong for this call or person."

_CODES: Final[dict[int, tuple[type[ProviderError], str]]] = {
    2: (Forbidden, "Stream does not know our api_key. Compare it with the app's in its dashboard."),
    3: (Forbidden, _CREDENTIALS),
    4: (Rejected, _WRONG),
    5: (Forbidden, _CREDENTIALS),
    16: (Gone, _GONE),
    40: (Forbidden, _CLOCK),
    41: (Forbidden, _CLOCK),
    42: (Forbidden, _CLOCK),
    43: (Forbidden, "Stream says that our signature is wrong. Compare api_secret with the app's in its dashboard."),
    99: (Forbidden, "Stream has suspended this app. Its dashboard, or Stream's support, says why."),
}
_STATUSES: Final[dict[int, tuple[type[ProviderError], str]]] = {
    400: (Rejected, _WRONG),
    401: (Forbidden, _CREDENTIALS),
    404: (Gone, _GONE),
    405: (NotSupported, "There is no such call at that address. Is base_url right?"),
    413: (Rejected, "That is longer than the platform allows."),
}


class _ApiError(Struct):
    code: int | None = None


def asks_for_a_pause(reply: Reply) -> bool:
    """Whether it was refused for now only."""
    return reply.status == TOO_MANY or _code(reply) == RATE_LIMIT


def error_of(reply: Reply, endpoint: Endpoint) -> ProviderError:
    """The error that a reply to this request is, which asks for no pause."""
    code = _code(reply)
    if code == NOT_ALLOWED or (code is None and reply.status == 403):
        return Forbidden(f"Stream does not allow our account to do this: it needs {endpoint.needs or 'more rights'}.")
    if code in _CODES:
        kind, words = _CODES[code]
        return kind(words)
    if reply.status >= 500:
        return Unavailable(f"The platform has trouble of its own (HTTP {reply.status}).")
    if reply.status == 404 and code is None:
        return NotSupported("There is no such call at that address. Is base_url right?")
    unexpected = (Rejected, f"The platform answered HTTP {reply.status}. Is base_url right?")
    kind, words = _STATUSES.get(reply.status, unexpected)
    return kind(words)


def _code(reply: Reply) -> int | None:
    """None for a body that is not of the API."""
    try:
        return msgspec.json.decode(reply.body, type=_ApiError).code
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
