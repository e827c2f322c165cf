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

from moderator.http_faults import Fault
from moderator.language import marked, tr

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

    def __init__(self, message: str, *, fault: Fault = "") -> None:
        super().__init__(message)
        self.fault: Fault = fault
        """What stood in the way, where that is known."""


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
    400: (Invalid, marked("the gateway did not understand the request")),
    401: (SignedOut, marked("the gateway does not accept this token: get a new one")),
    403: (Forbidden, marked("this token does not allow that")),
    404: (NotFound, marked("the gateway knows no such thing")),
    405: (Invalid, marked("the gateway does not know this request: it may be older than this program")),
    409: (Conflict, marked("that is not possible now: somebody else was quicker")),
    422: (Invalid, marked("the gateway does not accept these values")),
    429: (Busy, marked("the gateway asks for a pause: try again later")),
    503: (Busy, marked("the gateway cannot do that now: try again later")),
}
_NOT_A_GATEWAY: Final[dict[int, str]] = {
    404: marked("something else than a gateway answers at this address (status {status}): compare the address"),
    502: marked("what stands before the gateway does not reach it (status {status}): is the gateway running?"),
    503: marked("what stands before the gateway does not reach it (status {status}): is the gateway running?"),
    504: marked("what stands before the gateway does not reach it (status {status}): is the gateway running?"),
    511: marked("this network wants you to sign in first: open a page in the browser (status {status})"),
}
"""What answers without problem details is seldom the gateway."""
_ELSEWHERE: Final = marked(
    "this address leads elsewhere (status {status}): compare it; in a guest network, open a page in the browser first"
)
_OTHER: Final = marked("the gateway answered with status {status}")


def refusal(status: int, body: bytes) -> GatewayError:
    """The error that an answer stands for. Problem details (RFC 9457) are read as far as they are some."""
    kind, sentence = _BY_STATUS.get(status, (GatewayFailed, _OTHER))
    problem = _problem(body)
    if not problem:
        sentence = _ELSEWHERE if 300 <= status < 400 else _NOT_A_GATEWAY.get(status, sentence)
    code, detail = problem.pop("code", ""), problem.pop("detail", "")
    known = {key: value for key, value in problem.items() if key not in {"type", "title", "status"}}
    said = _text(detail) or tr(sentence).format(status=status)
    return kind(said, _text(code), status=status, members=known)


def is_page(beginning: bytes) -> bool:
    """Whether somebody else answers with a page for browsers, such as a guest network that wants a sign-in."""
    return beginning.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def page_instead() -> GatewayFailed:
    """The error for a good answer that is a page."""
    words = tr(
        "the answer makes no sense: it is a web page. In a guest network, open a page in the browser and sign in "
        "there; else compare the gateway's address"
    )
    return GatewayFailed(words, "garbled")


def _problem(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}


def _text(value: object) -> str:
    return value.strip()[:MAX_SENTENCE] if isinstance(value, str) else ""
