"""`POST /v1/join/...`: the application's own backend asks for what one of its people joins a room with.

Who may have it is decided in `issuing`; the open routes of older backends are in `sample_backend`.
"""

import unicodedata
from typing import Final

from starlette.responses import Response

from moderator.domain.events import Actor
from moderator.gateway.access.authorization import Authorization
from moderator.gateway.joining.issuing import Asked, Issuing
from moderator.gateway.problems import Problem
from moderator.gateway.requests import Body, Call, json_response
from moderator.gateway.rules import Rule
from moderator.providers.identity import MAX_NAME

UNCACHED: Final = {"Cache-Control": "no-store"}
BIDI_CONTROLS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
BLANK_LETTERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Fillers, which count as letters or symbols and show nothing."""


class Join(Body, frozen=True, kw_only=True):
    """Who is to join, as the application knows them."""

    user: str
    name: str = ""
    role: str = ""


class Joining:
    """Answers applications."""

    def __init__(self, issuing: Issuing, authorization: Authorization) -> None:
        self._issuing = issuing
        self._authorization = authorization

    def rules(self) -> tuple[Rule, ...]:
        """The route that gives credentials."""
        summary = "What one person joins a room with; the room is made where there is none"
        path = "/v1/join/{source}/{name}"
        return (Rule("POST", path, "join:issue", self.join, summary, Join, 200, dict[str, str]),)

    async def join(self, call: Call) -> Response:
        """`POST /v1/join/{source}/{name}`"""
        source, name = call.path_id("source"), call.path_id("name")
        body = await call.body(Join)
        if not call.access.sees_room(source, name, name):
            raise self._authorization.outside_patterns(call.access, f"{source}/{name}")
        asked = Asked(
            source=source,
            name=_text("name of the room", name),
            user=_required("user", body.user),
            person=_text("name", body.name),
            role=_text("role", body.role),
            actor=Actor("application", call.access.subject, call.access.name),
        )
        response = json_response(await self._issuing.issue(asked))
        response.headers.update(UNCACHED)
        return response


def _required(key: str, text: str) -> str:
    """An id that people can see, and that shows as what it is: they decide by it who has to go."""
    if not any(map(_is_seen, text)):
        raise Problem(422, "invalid_body", f"{key}: without it nobody can be told apart: give the application's own id")
    if any(one in BIDI_CONTROLS for one in text):
        raise Problem(422, "invalid_body", f"{key}: leave out characters that change the direction of writing")
    return _text(key, text)


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LNPS" and letter not in BLANK_LETTERS


def _text(key: str, text: str) -> str:
    """As the platform will tell it again: blanks around it would be lost there, and control characters are no text."""
    if len(text) > MAX_NAME:
        raise Problem(422, "invalid_body", f"{key}: at most {MAX_NAME} characters")
    if text != text.strip() or any(unicodedata.category(one) in ("Cc", "Cs") for one in text):
        raise Problem(422, "invalid_body", f"{key}: leave out blanks around it, and control characters")
    return text
