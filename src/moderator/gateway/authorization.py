"""Every request under `/v1` passes here: a valid token, the scope of the route, and the audit of who was refused."""

from moderator.gateway.access import Access, AccessError, TokenVerifier
from moderator.gateway.denials import Denials
from moderator.gateway.problems import Problem


class Authorization:
    """Grants access or raises the problem to answer with."""

    def __init__(self, verifier: TokenVerifier, denials: Denials) -> None:
        self._verifier = verifier
        self._denials = denials

    def allow(self, header: str, scope: str | None, peer: str) -> Access:
        """The access of a request, when it has `scope` (None: any token will do). Raises Problem 401 or 403."""
        try:
            access = self._verifier.verify(header)
        except AccessError as error:
            self._denials.note(f"api from {peer}", error.code)
            raise Problem(401, error.code, str(error)) from error
        if scope is not None and scope not in access.scopes:
            self._denials.note(f"api by {access.subject}", f"missing scope {scope}")
            raise Problem(403, "missing_scope", f"this needs the scope {scope}, which your token does not have")
        return access

    def outside_patterns(self, access: Access, where: str) -> Problem:
        """What to answer when a room is beyond a token's patterns: the same as for a room that does not exist."""
        self._denials.note(f"api by {access.subject}", f"room outside the token's patterns: {where[:200]}")
        return Problem(404, "unknown_room", "there is no such room, or your token may not see it")
