"""What the gateway answers when it cannot do a thing: problem details (RFC 9457) with a stable `code`."""

import math
from typing import Any, Final

import msgspec
from starlette.responses import Response

MEDIA_TYPE: Final = "application/problem+json"
_HEADERS: Final = {
    401: {"WWW-Authenticate": "Bearer"},
    # The rest of the body is not read, so nothing else can come over this connection.
    408: {"Connection": "close"},
    413: {"Connection": "close"},
}


class Problem(Exception):
    """Raised anywhere below a route; becomes the answer. The detail is a sentence for people and holds no secret."""

    def __init__(self, status: int, code: str, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.members = members
        self.headers: dict[str, str] = dict(_HEADERS.get(status, {}))

    def body(self) -> bytes:
        """The JSON of the answer."""
        title = self.code.replace("_", " ").capitalize()
        problem = {"type": "about:blank", "title": title, "status": self.status, "code": self.code}
        return msgspec.json.encode({**problem, "detail": self.detail, **self.members})

    def response(self) -> Response:
        return Response(self.body(), self.status, self.headers, media_type=MEDIA_TYPE)


def too_many(wait_s: float, what: str) -> Problem:
    """The answer to somebody who asks too often, and may again in `wait_s` seconds."""
    seconds = max(1, math.ceil(wait_s))
    problem = Problem(429, "too_many_requests", f"{what}: try again in {seconds} s")
    problem.headers["Retry-After"] = str(seconds)
    return problem
