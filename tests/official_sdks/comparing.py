"""Two clients' requests side by side: every aspect in which they differ, so that a test can name those that are meant.

A request is taken apart into aspects such as `method`, `path`, `query limit`, `header accept`, `claim iss` and
`body user_id`. What is new in every request (times, ids that are used once) is compared by its kind.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl

import jwt
from msgspec import Struct

from moderator.providers.conformance import Recorder, Request

ABSENT: Final = "absent"
OF_THE_HTTP_LIBRARY: Final = frozenset(
    {"host", "user-agent", "accept-encoding", "connection", "content-length", "transfer-encoding"}
)
"""Headers that say nothing about what is asked for."""
NEW_EACH_TIME: Final = {"claim iat": "<time>", "claim nbf": "<time>", "claim exp": "<time>", "claim jti": "<once>"}
_TOKEN: Final = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")
_ONCE: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Difference(Struct, frozen=True):
    """An aspect in which we differ from the official SDK, and why we do."""

    aspect: str
    official: object
    ours: object
    why: str


def json_body(request: Request) -> object:
    """The decoded body, or ABSENT."""
    return request.json() if request.body else ABSENT


class Wire(Struct, frozen=True):
    """How the requests of one platform are read."""

    key: Any
    """With which the platform checks tokens."""
    body: Callable[[Request], object] = json_body


async def recorded(recorder: Recorder, call: Awaitable[object]) -> list[Request]:
    """What this call alone asked for."""
    recorder.requests = []
    await call
    return recorder.requests


def unexplained(
    wire: Wire, official: Sequence[Request], ours: Sequence[Request], named: Sequence[Difference]
) -> list[str]:
    """Differences that `named` does not have, and those in it that are not there; empty when all is as it should be.

    Where an action takes several requests, aspects begin with their number; one without a number is about all of them.
    """
    if len(official) != len(ours) or not ours:
        return [f"requests: {_lines(official)}, ours {_lines(ours)}"]
    found = {}
    for number, pair in enumerate(zip(official, ours, strict=True), start=1):
        for aspect, values in _differing(*(_aspects(wire, one) for one in pair)).items():
            found[f"{number}. {aspect}" if len(ours) > 1 else aspect] = values
    missing = []
    for one in named:
        for aspect in _meant(one.aspect, len(ours)):
            if found.pop(aspect, None) != (one.official, one.ours):
                missing.append(f"{aspect}: {one.official!r}, ours {one.ours!r}: is named, but not so")
    return [f"{aspect}: {theirs!r}, ours {own!r}" for aspect, (theirs, own) in found.items()] + missing


def lifetime_s(wire: Wire, request: Request) -> int:
    """How long the request's token is good for, as far as it tells."""
    claims = _token(wire, request)[1]
    return int(claims["exp"] - claims.get("iat", claims.get("nbf")))


def _meant(aspect: str, requests: int) -> list[str]:
    if requests == 1 or aspect[0].isdigit():
        return [aspect]
    return [f"{number}. {aspect}" for number in range(1, requests + 1)]


def _lines(requests: Sequence[Request]) -> list[str]:
    return [f"{one.method} {one.target}" for one in requests]


def _differing(official: Mapping[str, object], ours: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    pairs = {name: (official.get(name, ABSENT), ours.get(name, ABSENT)) for name in {**official, **ours}}
    return {name: (theirs, own) for name, (theirs, own) in pairs.items() if theirs != own}


def _aspects(wire: Wire, request: Request) -> dict[str, object]:
    header, claims = _token(wire, request)
    found: dict[str, object] = {"method": request.method, "path": request.path}
    found |= {f"query {name}": value for name, value in parse_qsl(request.query, keep_blank_values=True)}
    for name, value in request.headers.items():
        if name not in OF_THE_HTTP_LIBRARY:
            found[f"header {name}"] = _kind(value)
    found |= {f"token {name}": value for name, value in header.items()}
    found |= {name: NEW_EACH_TIME.get(name, value) for name, value in _members("claim", claims or ABSENT).items()}
    return found | _members("body", wire.body(request))


def _kind(value: str) -> str:
    return "<once>" if _ONCE.fullmatch(value) else _TOKEN.sub("<token>", value)


def _token(wire: Wire, request: Request) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of the one token in the request, which must be of our key. When it is good is not looked at."""
    (token,) = [token for name, value in request.headers.items() if "auth" in name for token in _TOKEN.findall(value)]
    header = jwt.get_unverified_header(token)
    unchecked: Any = {"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False}
    return header, jwt.decode(token, wire.key, algorithms=["HS256", "RS256"], options=unchecked)


def _members(of: str, value: object) -> dict[str, object]:
    """The innermost members of an object, each with its whole name; anything else is one by itself."""
    if value == ABSENT:
        return {}
    if not isinstance(value, dict) or not value:
        return {of: value}
    found: dict[str, object] = {}
    for name, inner in value.items():
        found |= _members(f"{of}{'.' if ' ' in of else ' '}{name}", inner)
    return found
