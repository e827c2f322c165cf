"""How requests to each environment, and the tokens of its clients, are signed: JWTs of our own making."""

import uuid
from collections.abc import Mapping
from typing import Final, Protocol

import jwt

from moderator.providers.vonage.options import OpenTokOptions, VonageOptions, read_private_key

LIFETIME_S: Final = 180


class Account(Protocol):
    """The credentials of one project."""

    @property
    def project(self) -> str:
        """Its id, as it stands in paths and in events."""
        ...

    @property
    def called(self) -> str:
        """What clients call it."""
        ...

    def authorization(self, now_ms: int) -> Mapping[str, str]:
        """The header that a request needs now, by the platform's clock."""
        ...

    def client_token(self, claims: Mapping[str, object], now_ms: int) -> str:
        """What a client connects with from now on, by the platform's clock. The claims say until when, and where to."""
        ...


class Application:
    """A Vonage application: RS256 with its private key."""

    called = "applicationId"

    def __init__(self, options: VonageOptions) -> None:
        self.project = options.application_id
        self._key = read_private_key(options.private_key)

    def authorization(self, now_ms: int) -> Mapping[str, str]:
        """`Authorization: Bearer`."""
        claims = {"application_id": self.project, **_times(now_ms)}
        return {"authorization": f"Bearer {jwt.encode(claims, self._key, algorithm='RS256')}"}

    def client_token(self, claims: Mapping[str, object], now_ms: int) -> str:
        """For the paths of sessions alone."""
        about = {"application_id": self.project, "sub": "video", "acl": {"paths": {"/session/**": {}}}}
        return jwt.encode({**about, **_times(now_ms), **claims}, self._key, algorithm="RS256")


class Project:
    """An OpenTok project: HS256 with its secret."""

    called = "apiKey"

    def __init__(self, options: OpenTokOptions) -> None:
        self.project = options.api_key
        self._secret = options.api_secret

    def authorization(self, now_ms: int) -> Mapping[str, str]:
        """`X-OPENTOK-AUTH`, without `Bearer`."""
        claims = {"iss": self.project, "ist": "project", **_times(now_ms)}
        return {"x-opentok-auth": jwt.encode(claims, self._secret, algorithm="HS256")}

    def client_token(self, claims: Mapping[str, object], now_ms: int) -> str:
        """Of its scope alone: the claims have to name one."""
        about = {"iss": self.project, "ist": "project", "nonce": str(uuid.uuid4())}
        return jwt.encode({**about, **_times(now_ms), **claims}, self._secret, algorithm="HS256")


def _times(now_ms: int) -> dict[str, object]:
    now_s = now_ms // 1000
    return {"iat": now_s, "exp": now_s + LIFETIME_S, "jti": str(uuid.uuid4())}
