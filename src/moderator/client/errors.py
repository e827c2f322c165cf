"""What can go wrong between a moderator's program and the gateway, and how an answer becomes one of these.

GatewayError
 |- GatewayUnreachable   no connection, or no answer in time: whether a command was taken is not known
 |- SignedOut            401: the token is missing, expired, revoked or not this gateway's
 |- Forbidden            403: the token does not allow this
 |- NotFound             404: there is no such room, participant or route
 |- Conflict             409: somebody was quicker, or it is not possible now; `members` says what holds instead
 |- Invalid              400 and 422: the request itself is wrong
 |- Busy                 429 and 503: worth another try later
 +- GatewayFailed        any other status, and answers that make no sense
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import msgspec

MAX_SENTENCE: Final = 500
"""Characters. A gateway that answers with a page instead of a sentence does not fill the screen."""


class GatewayError(Exception):
    """Its message is a sentence for people and holds no secret; `code` is the gateway's stable one."""

    default_code: ClassVar[str] = "gateway_error"

    def __init__(
        self, message: str, code: str = "", *, status: int = 0, members: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code or self.default_code
        self.status = status
        """0 when there was no answer."""
        self.members = dict(members or {})
        """What else the problem details say, such as the current deadline."""


class GatewayUnreachable(GatewayError):
    default_code = "unreachable"


class SignedOut(GatewayError):
    default_code = "signed_out"


class Forbidden(GatewayError):
    default_code = "forbidden"


class NotFound(GatewayError):
    default_code = "not_found"


class Conflict(GatewayError):
    default_code = "conflict"


class Invalid(GatewayError):
    default_code = "invalid"


class Busy(GatewayError):
    default_code = "busy"


class GatewayFailed(GatewayError):
    default_code = "gateway_failed"


_BY_STATUS: Final[dict[int, tuple[type[GatewayError], str]]] = {
    400: (Invalid, "the gateway did not understand the request"),
    401: (SignedOut, "the gateway does not accept this token: get a new one"),
    403: (Forbidden, "this token does not allow that"),
    404: (NotFound, "the gateway knows no such thing"),
    409: (Conflict, "that is not possible now: somebody else was quicker"),
    422: (Invalid, "the gateway does not accept these values"),
    429: (Busy, "the gateway asks for a pause: try again later"),
    503: (Busy, "the gateway cannot do that now: try again later"),
}


def refusal(status: int, body: bytes) -> GatewayError:
    """The error that an answer stands for. Problem details (RFC 9457) are read as far as they are some."""
    kind, sentence = _BY_STATUS.get(status, (GatewayFailed, f"the gateway answered with status {status}"))
    problem = _problem(body)
    code, detail = problem.pop("code", ""), problem.pop("detail", "")
    known = {key: value for key, value in problem.items() if key not in {"type", "title", "status"}}
    return kind(_text(detail) or sentence, _text(code), status=status, members=known)


def _problem(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return {}


def _text(value: object) -> str:
    return value.strip()[:MAX_SENTENCE] if isinstance(value, str) else ""
