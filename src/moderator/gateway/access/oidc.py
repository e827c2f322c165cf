"""Tokens of a team's own OpenID Connect issuer: who they are of, and what they allow. How the issuer's documents are
read is in `issuer_keys`.
"""

import asyncio
import hashlib
import logging
from typing import Any, Final

import jwt

from moderator.clock import Clock
from moderator.feed.addresses import is_secure
from moderator.gateway.access.issuer_keys import Discovery, IssuerError, IssuerKey, read_discovery, read_keys
from moderator.gateway.access.tokens import LEEWAY_S, Access, AccessError, as_text, bad_token, expired_token, header_of
from moderator.gateway.configuration.sections import OidcSection
from moderator.gateway.scopes import SCOPES
from moderator.gateway.waiting import sleep
from moderator.http import HttpClient, HttpError

logger = logging.getLogger(__name__)

TYPES: Final = frozenset({"jwt", "at+jwt", "application/at+jwt", ""})
REQUIRED_CLAIMS: Final = ["exp", "iat", "iss", "aud", "sub"]
MOST_BYTES: Final = 1024 * 1024
"""Of a document of the issuer."""
LOOK_EVERY_S: Final = 3600.0
"""So long a key that the issuer has withdrawn may still be used."""
LOOK_AGAIN_S: Final = 60.0
"""Tokens with unknown keys make the gateway look at most this often, whoever sends them."""


class Oidc:
    """Checks the tokens of one issuer by the keys it publishes. While it is away, the keys that are known go on."""

    def __init__(self, section: OidcSection, clock: Clock) -> None:
        self._section = section
        self._http = HttpClient()
        self._clock = clock
        self._keys: dict[str, IssuerKey] = {}
        self._looked_at: float | None = None
        self._looking = asyncio.Lock()
        """Who needs a key waits for the look that is under way."""
        self._is_failing = False
        self.discovery: Discovery | None = None
        """None until the issuer has been reached once."""

    @property
    def client_id(self) -> str:
        """Of the desktop, at the issuer; empty: moderators sign in at the gateway itself."""
        return self._section.client_id

    async def aclose(self) -> None:
        """Close the connections to the issuer."""
        await self._http.aclose()

    async def run(self) -> None:
        """Until cancelled: look at the issuer's keys, every hour, or every minute until it answers."""
        while True:
            async with self._looking:
                await self._look()
            await sleep(self._clock, LOOK_AGAIN_S if self._is_failing else LOOK_EVERY_S)

    async def verify(self, token: str) -> Access:
        """The access that a token grants. Raises AccessError."""
        header = header_of(token)
        key = self._keys.get(header.get("kid", ""))
        if key is None:
            key = await self._new_key(header.get("kid", ""))
        if key is None or header.get("alg") != key.algorithm or header.get("typ", "").lower() not in TYPES:
            raise bad_token()
        return self._access(token, self._claims(token, key))

    async def _new_key(self, kid: str) -> IssuerKey | None:
        async with self._looking:
            due = self._looked_at is None or self._clock.monotonic() - self._looked_at >= LOOK_AGAIN_S
            if kid not in self._keys and due:
                await self._look()
        return self._keys.get(kid)

    async def _look(self) -> None:
        self._looked_at = self._clock.monotonic()
        try:
            self.discovery = discovery = read_discovery(await self._get(self._well_known), self._section.issuer)
            self._keys = read_keys(await self._get(discovery.jwks_uri))
        except (HttpError, IssuerError) as error:
            if not self._is_failing:
                logger.error("the issuer %s cannot be used, known keys go on: %s", self._section.issuer, error)
            self._is_failing = True
        else:
            self._is_failing = False

    @property
    def _well_known(self) -> str:
        return self._section.issuer.rstrip("/") + "/.well-known/openid-configuration"

    async def _get(self, url: str) -> bytes:
        if not is_secure(url):
            raise IssuerError("its address is not https")
        headers = {"accept": "application/json"}
        reply = await self._http.request("GET", url, headers=headers, most_bytes=MOST_BYTES)
        if reply.status != 200:
            raise IssuerError(f"it answers {reply.status}")
        return reply.body

    def _claims(self, token: str, key: IssuerKey) -> dict[str, Any]:
        try:
            return jwt.decode(
                token,
                key.key,
                algorithms=[key.algorithm],
                audience=self._section.audience,
                issuer=self._section.issuer,
                leeway=LEEWAY_S,
                options={"require": REQUIRED_CLAIMS},
            )
        except jwt.ExpiredSignatureError as error:
            raise expired_token() from error
        except jwt.InvalidTokenError as error:
            raise AccessError("bad_token", "the token is not one of the issuer that this gateway trusts") from error

    def _access(self, token: str, claims: dict[str, Any]) -> Access:
        subject, name, jti = str(claims["sub"]), claims.get("name"), claims.get("jti")
        scopes = _words(claims.get(self._section.scopes_claim)) & SCOPES
        return Access(
            subject=as_text(subject),
            name=as_text(name) if isinstance(name, str) and name else subject,
            jti=as_text(jti) if isinstance(jti, str) and jti else hashlib.sha256(token.encode()).hexdigest(),
            expires_at=int(claims["exp"]),
            scopes=scopes or frozenset(self._section.default_scopes) & SCOPES,
            patterns=tuple(as_text(one) for one in sorted(_words(claims.get(self._section.rooms_claim)))),
        )


def _words(claim: object) -> frozenset[str]:
    """A claim that is one string with spaces, or a list of strings."""
    if isinstance(claim, str):
        return frozenset(claim.split())
    return frozenset(one for one in claim if isinstance(one, str)) if isinstance(claim, list) else frozenset()
