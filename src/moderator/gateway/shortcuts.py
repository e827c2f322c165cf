"""A request that is here as a whole, and an answer in one piece, without ASGI's messages: they are half of what a
webhook costs before it is looked at. And a piece of an answer that goes on, without a task's turn for it.

Offered by our server (`connections`), as extensions of the scope. Where there are none, or it is not so simple, they
say so, and the ordinary way is gone.
"""

from typing import Final

from moderator.gateway.asgi import Headers, Scope

WHOLE_BODY: Final = "moderator.whole_body"
ANSWER: Final = "moderator.answer"
PIECE: Final = "moderator.piece"


def whole_body(scope: Scope) -> bytes | None:
    """The body, if all of it is here already: it is taken. None: it has to be received."""
    extension = scope.get("extensions", {}).get(WHOLE_BODY)
    return None if extension is None else extension["call"](scope)


def answered(scope: Scope, status: int, headers: Headers, body: bytes) -> bool:
    """Answer at once. False: it has to be sent. The length is added to the headers."""
    extension = scope.get("extensions", {}).get(ANSWER)
    return extension is not None and extension["call"](scope, status, headers, body)


def written_at_once(scope: Scope, piece: bytes) -> bool:
    """Write a piece of an answer that has begun and goes on. False: it has to be sent, as to who does not keep up."""
    extension = scope.get("extensions", {}).get(PIECE)
    return extension is not None and extension["call"](scope, piece)
