"""Who may do what: moderator tokens (JWT), their scopes and room patterns."""

import uuid
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any, Final

import jwt
from msgspec import Struct

ALGORITHM: Final = "HS256"
REQUIRED_CLAIMS: Final = ["exp", "iat", "iss", "aud", "sub", "jti", "scope"]
LEEWAY_S: Final = 5
SCOPES: Final = frozenset(
    {
        "rooms:read",
        "rooms:write",
        "rooms:extend",
        "rooms:end",
        "rooms:message",
        "rooms:watch",
        "participants:disconnect",
        "participants:mute",
        "policy:hold",
        "audit:read",
        "join:issue",
        "stats:read",
        "access:manage",
    }
)


class AccessError(Exception):
    """No access. `code` is stable; the message says what is wrong with the token, never the token."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Access(Struct, frozen=True):
    """What the bearer of a token may do."""

    subject: str
    name: str
    jti: str
    expires_at: int
    """Seconds since the epoch."""
    scopes: frozenset[str]
    patterns: tuple[str, ...]
    """Globs on `SOURCE/ROOM`, the room by name or id."""

    def sees_room(self, source: str, room: str, name: str) -> bool:
        """Whether a room is within this token's patterns."""
        return any(
            fnmatchcase(f"{source}/{room}", pattern) or fnmatchcase(f"{source}/{name}", pattern)
            for pattern in self.patterns
        )

    def sees_source(self, source: str) -> bool:
        """Whether any room of a source could be within this token's patterns."""
        return any("/" not in pattern or fnmatchcase(source, pattern.split("/", 1)[0]) for pattern in self.patterns)


def issue_token(
    key: str, issuer: str, name: str, scopes: Sequence[str], rooms: Sequence[str], ttl_s: int, now_ms: int
) -> str:
    """A moderator's token, valid for `ttl_s` seconds. Raises ValueError with a sentence for what cannot be granted."""
    unknown = sorted(set(scopes) - SCOPES)
    if unknown:
        raise ValueError(f"there is no scope {unknown[0]}: choose of {', '.join(sorted(SCOPES))}")
    if not name.strip() or not scopes or ttl_s <= 0:
        raise ValueError("a token needs a name, at least one scope and a positive lifetime")
    issued_at = now_ms // 1000
    claims = {
        "iss": issuer,
        "aud": issuer,
        "sub": name,
        "name": name,
        "jti": uuid.uuid4().hex,
        "iat": issued_at,
        "exp": issued_at + ttl_s,
        "scope": " ".join(scopes),
        "rooms": list(rooms) or ["*"],
    }
    return jwt.encode(claims, key, algorithm=ALGORITHM)


class TokenVerifier:
    """Checks the tokens of one issuer."""

    def __init__(self, key: str, issuer: str) -> None:
        self._key = key
        self._issuer = issuer

    def verify(self, authorization: str) -> Access:
        """The access that an `Authorization` header grants. Raises AccessError."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise AccessError("no_token", "send a moderator token: Authorization: Bearer ...")
        return _access(self._claims(token.strip()))

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            return jwt.decode(
                token,
                self._key,
                algorithms=[ALGORITHM],
                audience=self._issuer,
                issuer=self._issuer,
                leeway=LEEWAY_S,
                options={"require": REQUIRED_CLAIMS},
            )
        except jwt.ExpiredSignatureError as error:
            raise AccessError("token_expired", "the token has expired: get a new one") from error
        except jwt.InvalidTokenError as error:
            raise AccessError("bad_token", "the token is not one of this gateway") from error


def _access(claims: dict[str, Any]) -> Access:
    scope, rooms, subject, jti = (claims.get(key) for key in ("scope", "rooms", "sub", "jti"))
    patterns = [rooms] if isinstance(rooms, str) else rooms if rooms is not None else []
    if not (
        isinstance(scope, str)
        and isinstance(subject, str)
        and isinstance(jti, str)
        and isinstance(patterns, list)
        and all(isinstance(one, str) for one in patterns)
    ):
        raise AccessError("bad_token", "the token's claims are not of the right form")
    name = claims.get("name")
    return Access(
        subject=subject,
        name=name if isinstance(name, str) else subject,
        jti=jti,
        expires_at=int(claims["exp"]),
        scopes=frozenset(scope.split()),
        patterns=tuple(patterns),
    )
