"""Every request under `/v1` passes here: a valid token that nobody has taken away, the scope of the route, how often,
and the audit of who was refused.
"""

from collections.abc import Callable, Container
from typing import Final

from moderator.clock import Clock
from moderator.gateway.access.denials import Denials
from moderator.gateway.access.limits import Buckets
from moderator.gateway.access.oidc import Oidc
from moderator.gateway.access.tokens import ALGORITHM, Access, AccessError, TokenVerifier, bearer_token, header_of
from moderator.gateway.problems import Problem, too_many

REQUESTS_PER_S: Final = 50
REQUESTS_AT_ONCE: Final = 200
"""Of one token."""
FAILURES_PER_S: Final = 5
FAILURES_AT_ONCE: Final = 300
"""Of one peer, which may be a proxy that many are behind: who has a good token is not held up by others' bad ones."""


class Authorization:
    """Grants access or raises the problem to answer with."""

    def __init__(
        self,
        verifier: TokenVerifier,
        denials: Denials,
        clock: Clock,
        revoked: Callable[[], Container[str]],
        oidc: Oidc | None = None,
    ) -> None:
        """`revoked` says which ids of tokens are refused now."""
        self._verifier = verifier
        self._denials = denials
        self._clock = clock
        self._revoked = revoked
        self._oidc = oidc
        self._requests = Buckets(REQUESTS_PER_S, REQUESTS_AT_ONCE)
        self._failures = Buckets(FAILURES_PER_S, FAILURES_AT_ONCE)

    async def allow(self, header: str, scope: str | None, peer: str) -> Access:
        """The access of a request, when it has `scope` (None: any token will do). Raises Problem 401, 403 or 429."""
        try:
            access = await self._verified(bearer_token(header))
        except AccessError as error:
            self.failed(f"api from {peer}", error.code, peer)
            raise Problem(401, error.code, str(error)) from error
        wait_s = self._requests.take(access.jti, self._clock.monotonic())
        if wait_s:
            raise too_many(wait_s, "this token is used for too many requests")
        if scope is not None and scope not in access.scopes:
            self._denials.note(f"api by {access.subject}", f"missing scope {scope}")
            raise Problem(403, "missing_scope", f"this needs the scope {scope}, which your token does not have")
        return access

    def failed(self, origin: str, reason: str, peer: str) -> None:
        """Somebody did not show who they are. Raises Problem 429 where that has been so too often."""
        self._denials.note(origin, reason)
        wait_s = self._failures.take(peer, self._clock.monotonic())
        if wait_s:
            raise too_many(wait_s, "too many attempts without a good token came from this address")

    def outside_patterns(self, access: Access, where: str) -> Problem:
        """What to answer when a room is beyond a token's patterns: the same as for a room that does not exist."""
        self._denials.note(f"api by {access.subject}", f"room outside the token's patterns: {where[:200]}")
        return Problem(404, "unknown_room", "there is no such room, or your token may not see it")

    async def _verified(self, token: str) -> Access:
        own = self._oidc is None or header_of(token).get("alg") == ALGORITHM
        access = self._verifier.verify(token) if self._oidc is None or own else await self._oidc.verify(token)
        if any(id_ in self._revoked() for id_ in access.revocable):
            raise AccessError("token_revoked", "the token was taken away, or signed out: sign in again")
        return access
