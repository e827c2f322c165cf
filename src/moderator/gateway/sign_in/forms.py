"""Requests and errors in the shapes of OAuth 2.0 (RFC 6749): forms in, `{"error": ...}` out."""

from typing import Final
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from moderator.gateway.problems import Problem
from moderator.gateway.requests import read_body

MEDIA_TYPE: Final = "application/x-www-form-urlencoded"
MAX_FIELDS: Final = 20


class OAuthError(Problem):
    """`code` is one of the specification; the detail is for people."""

    def __init__(self, code: str, detail: str, status: int = 400) -> None:
        super().__init__(status, code, detail)

    def body(self) -> bytes:
        """The JSON of the answer."""
        return msgspec.json.encode({"error": self.code, "error_description": self.detail})

    def response(self) -> Response:
        return Response(self.body(), self.status, self.headers, media_type="application/json")


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form. Raises OAuthError, or Problem for a body that is too large or too slow."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        raise OAuthError("invalid_request", f"send a form: Content-Type: {MEDIA_TYPE}")
    raw = await read_body(request)
    try:
        fields = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise OAuthError("invalid_request", "the body is not a form that can be read") from error
    form = dict(fields)
    if len(form) != len(fields):
        raise OAuthError("invalid_request", "a field stands there twice")
    return form


def field(form: dict[str, str], name: str) -> str:
    """A field that has to be there. Raises OAuthError."""
    value = form.get(name, "")
    if not value:
        raise OAuthError("invalid_request", f"the field {name} is missing")
    return value
