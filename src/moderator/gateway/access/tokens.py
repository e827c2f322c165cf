"""Who may do what: moderator tokens (JWT), their scopes and room patterns. Keys are in `keys`, the tokens of a team's
own issuer in `oidc`.
"""

import unicodedata
import uuid
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any, Final

import jwt
from msgspec import Struct

from moderator.gateway.access.keys import Keys
from moderator.gateway.access.patterns import EVERYTHING
from moderator.gateway.scopes import SCOPES

ALGORITHM: Final = "HS256"
ACCESS_TYPE: Final = "mod+jwt"
REFRESH_TYPE: Final = "refresh+jwt"
ACCESS_TYPES: Final = frozenset({ACCESS_TYPE, "jwt", ""})
"""A program that makes tokens with the key by itself writes what its library writes. The key alone tells the kinds
apart already.
"""
REQUIRED_CLAIMS: Final = ["exp", "iat", "iss", "aud", "sub", "jti", "scope"]
FAMILY_MARK: Final = "."
LEEWAY_S: Final = 5
MAX_TOKEN_CHARS: Final = 8 * 1024


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
    family: str = ""
    """Shared by all tokens of one sign-in; empty for a token that was made without one."""

    @property
    def revocable(self) -> tuple[str, ...]:
        """The ids under which it can be taken away."""
        return (self.jti, self.family) if self.family else (self.jti,)

    def sees_room(self, source: str, room: str, name: str) -> bool:
        """Whether a room is within this token's patterns."""
        return any(
            fnmatchcase(f"{source}/{room}", pattern) or fnmatchcase(f"{source}/{name}", pattern)
            for pattern in self.patterns
        )

    def sees_source(self, source: str) -> bool:
        """Whether any room of a source could be within this token's patterns."""
        return any("/" not in pattern or fnmatchcase(source, pattern.split("/", 1)[0]) for pattern in self.patterns)


class Grant(Struct, frozen=True):
    """What a token is to allow, and to whom."""

    name: str
    scopes: tuple[str, ...]
    rooms: tuple[str, ...] = (EVERYTHING,)
    family: str = ""


def issue_token(
    key: str, issuer: str, name: str, scopes: Sequence[str], rooms: Sequence[str], ttl_s: int, now_ms: int
) -> str:
    """A moderator's token, valid for `ttl_s` seconds; the first line of `key` signs it.

    Raises ValueError with a sentence for what cannot be granted, or a key that is none.
    """
    grant = Grant(name, tuple(scopes), tuple(rooms) or (EVERYTHING,))
    return sign_access(Keys(key.splitlines()), issuer, grant, ttl_s, now_ms)[0]


def sign_access(keys: Keys, issuer: str, grant: Grant, ttl_s: int, now_ms: int) -> tuple[str, Access]:
    """A token to be sent with requests, and what it allows. Raises ValueError as `issue_token`."""
    return _signed(keys.access[0], ACCESS_TYPE, issuer, issuer, grant, ttl_s, now_ms)


def sign_refresh(keys: Keys, issuer: str, grant: Grant, ttl_s: int, now_ms: int) -> tuple[str, Access]:
    """A token that is only good for getting the next ones of its family. Raises ValueError as `issue_token`."""
    return _signed(keys.refresh[0], REFRESH_TYPE, issuer, _refresh_audience(issuer), grant, ttl_s, now_ms)


def _signed(
    key: str, type_: str, issuer: str, audience: str, grant: Grant, ttl_s: int, now_ms: int
) -> tuple[str, Access]:
    unknown = sorted(set(grant.scopes) - SCOPES)
    if unknown:
        raise ValueError(f"there is no scope {unknown[0]}: choose of {', '.join(sorted(SCOPES))}")
    if not grant.name.strip() or not grant.scopes or ttl_s <= 0:
        raise ValueError("a token needs a name, at least one scope and a positive lifetime")
    if not all(map(_is_text, (grant.name, *grant.rooms))):
        raise ValueError("leave control characters out of the token's name and patterns")
    issued_at = now_ms // 1000
    claims = {
        "iss": issuer,
        "aud": audience,
        "sub": grant.name,
        "name": grant.name,
        "jti": _new_id(grant.family),
        "iat": issued_at,
        "exp": issued_at + ttl_s,
        "scope": " ".join(grant.scopes),
        "rooms": list(grant.rooms),
    } | ({"fam": grant.family} if grant.family else {})
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"typ": type_}), _access(claims)


class TokenVerifier:
    """Checks the tokens that this gateway's keys have signed."""

    def __init__(self, keys: Keys, issuer: str) -> None:
        self._keys = keys
        self._issuer = issuer

    def verify(self, token: str) -> Access:
        """The access that a token grants. Raises AccessError."""
        return self._verified(token, self._keys.access, ACCESS_TYPES, self._issuer)

    def verify_refresh(self, token: str) -> Access:
        """What the next tokens of a refresh token's family allow. Raises AccessError."""
        return self._verified(token, self._keys.refresh, frozenset({REFRESH_TYPE}), _refresh_audience(self._issuer))

    def _verified(self, token: str, keys: Sequence[str], types: frozenset[str], audience: str) -> Access:
        if header_of(token).get("typ", "").lower() not in types:
            raise bad_token()
        for key in keys[:-1]:
            try:
                return _access(self._claims(token, key, audience))
            except _OtherKey:
                continue
        try:
            return _access(self._claims(token, keys[-1], audience))
        except _OtherKey as error:
            raise bad_token() from error

    def _claims(self, token: str, key: str, audience: str) -> dict[str, Any]:
        try:
            return jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=audience,
                issuer=self._issuer,
                leeway=LEEWAY_S,
                options={"require": REQUIRED_CLAIMS},
            )
        except jwt.ExpiredSignatureError as error:
            raise expired_token() from error
        except jwt.InvalidSignatureError as error:
            raise _OtherKey from error
        except jwt.InvalidTokenError as error:
            raise bad_token() from error


class _OtherKey(Exception):
    """Signed by somebody else, or with another of our keys."""


def bearer_token(authorization: str) -> str:
    """The token in an `Authorization` header. Raises AccessError."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise AccessError("no_token", "send a moderator token: Authorization: Bearer ...")
    return token.strip()


def header_of(token: str) -> dict[str, str]:
    """The texts in the header of a token, which nobody has vouched for yet. Raises AccessError."""
    if len(token) > MAX_TOKEN_CHARS:
        raise bad_token()
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.InvalidTokenError, ValueError, RecursionError) as error:
        raise bad_token() from error
    return {name: value for name, value in header.items() if isinstance(value, str)}


def bad_token() -> AccessError:
    return AccessError("bad_token", "the token is not one of this gateway")


def expired_token() -> AccessError:
    return AccessError("token_expired", "the token has expired: get a new one")


def as_text(claim: str) -> str:
    """A claim that can be stored, compared and shown. Raises AccessError."""
    if not _is_text(claim):
        raise AccessError("bad_token", "a claim of the token holds control characters, or what is no text")
    return claim


def _is_text(text: str) -> bool:
    """Half a surrogate pair cannot even be written down, and a record of who did something would be lost."""
    return not any(unicodedata.category(one) in ("Cc", "Cs") for one in text)


def family_of(jti: str) -> str:
    """The family that a token's id names; empty when it was made without a sign-in."""
    return jti.partition(FAMILY_MARK)[0] if FAMILY_MARK in jti else ""


def _new_id(family: str) -> str:
    """So that who takes away one token of a sign-in by its id, as the audit shows it, takes away all of them."""
    id_ = uuid.uuid4().hex
    return f"{family}{FAMILY_MARK}{id_}" if family else id_


def _refresh_audience(issuer: str) -> str:
    return f"{issuer} refresh"


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
    name, family = claims.get("name"), claims.get("fam")
    return Access(
        subject=as_text(subject),
        name=as_text(name) if isinstance(name, str) else subject,
        jti=as_text(jti),
        expires_at=int(claims["exp"]),
        scopes=frozenset(scope.split()),
        patterns=tuple(map(as_text, patterns)),
        family=as_text(family) if isinstance(family, str) else "",
    )
