"""What the gateway answers when it cannot do a thing: problem details (RFC 9457) with a stable `code`."""

from typing import Any

import msgspec
from starlette.responses import Response


class Problem(Exception):
    """Raised anywhere below a route; becomes the answer. The detail is a sentence for people and holds no secret."""

    def __init__(self, status: int, code: str, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.members = members

    def body(self) -> bytes:
        """The JSON of the answer."""
        title = self.code.replace("_", " ").capitalize()
        problem = {"type": "about:blank", "title": title, "status": self.status, "code": self.code}
        return msgspec.json.encode({**problem, "detail": self.detail, **self.members})

    def response(self) -> Response:
        headers = {"WWW-Authenticate": "Bearer"} if self.status == 401 else None
        return Response(self.body(), self.status, headers, media_type="application/problem+json")
