"""The account that the cloud is simulated for: who may call its API, how its webhooks are signed, its session ids."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any, Final, Literal

import jwt
from cryptography.hazmat.primitives import serialization
from msgspec import Struct

from moderator.simulator.credentials import BadCredentials, require

Environment = Literal["vonage", "opentok"]

LEEWAY_S: Final = 60
DEFAULT_LIFE_S: Final = 15 * 60
LONGEST_LIFE_S: Final = 24 * 60 * 60


class Refused(Exception):
    """A request that the platform answers with an error."""

    def __init__(self, status: int, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code


class Credentials(Struct, frozen=True, forbid_unknown_fields=True):
    """What the account's owner knows; of the private key only the public half is used."""

    application_id: str = ""
    public_key: str = ""
    private_key: str = ""
    api_key: str = ""
    api_secret: str = ""
    signature_secret: str = ""


class Account:
    """One application of Vonage, or one project of OpenTok."""

    def __init__(self, environment: Environment, credentials: Credentials) -> None:
        """Raises BadCredentials."""
        required = ("application_id", "signature_secret") if environment == "vonage" else ("api_key", "api_secret")
        require(credentials, environment, *required)
        self.environment = environment
        self.project = credentials.application_id if environment == "vonage" else credentials.api_key
        self._api_key = credentials.api_key
        self._signature_secret = credentials.signature_secret
        self._key = _public_key(credentials) if environment == "vonage" else credentials.api_secret

    # --- REST -------------------------------------------------------------------------------------------------------

    def authorize(self, headers: Mapping[str, str], now_ms: int) -> None:
        """Raises Refused unless the request carries a current token of this account. Header names are in lower case."""
        if self.environment == "vonage":
            scheme, _, token = headers.get("authorization", "").partition(" ")
            claims = self._claims(token if scheme.lower() == "bearer" else "", "RS256", 401)
            if claims.get("application_id") != self.project:
                raise Refused(403, "Forbidden", -1)
        else:
            claims = self._claims(headers.get("x-opentok-auth", ""), "HS256", 403)
            if claims.get("iss") != self.project:
                raise Refused(403, "Issuer not found", -1)
            if claims.get("ist") != "project":
                raise Refused(403, "Invalid token", -1)
        if not _is_current(claims, now_ms // 1000):
            raise Refused(401 if self.environment == "vonage" else 403, "Token expired or not yet valid", -1)

    def _claims(self, token: str, algorithm: str, status: int) -> dict[str, Any]:
        try:
            return jwt.decode(
                token,
                self._key,
                algorithms=[algorithm],
                # Times are judged by the simulator's clock, below.
                options={"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False},
            )
        except jwt.InvalidTokenError:
            raise Refused(status, "Invalid token", -1) from None

    # --- webhooks ---------------------------------------------------------------------------------------------------

    @property
    def is_signed(self) -> bool:
        """Whether webhooks carry a signature (the platform's "secure callbacks")."""
        return bool(self._signature_secret)

    def sign(self, body: bytes, now_ms: int, delivery: str) -> dict[str, str]:
        """The headers that prove who sent a webhook; `delivery` is the name of this one."""
        if not self.is_signed:
            return {}
        claims = {"iat": now_ms // 1000, "jti": delivery, "iss": "Vonage"}
        claims["payload_hash"] = hashlib.sha256(body).hexdigest()
        claims |= {"api_key": self._api_key} if self._api_key else {}
        claims |= {"application_id": self.project} if self.environment == "vonage" else {}
        return {"Authorization": f"Bearer {jwt.encode(claims, self._signature_secret, algorithm='HS256')}"}

    # --- session ids ------------------------------------------------------------------------------------------------

    def make_session_id(self, name: str, created_ms: int, noise: str) -> str:
        """An id as the platform makes them: it names the project and the time, and nothing else."""
        prefix, tail = ("1_", "~~~") if self.environment == "vonage" else ("2_", "~fn4")
        short = base64.urlsafe_b64encode(noise.encode())[:24].decode()
        text = f"1~{self.project}~~{created_ms}~{short}{tail}"
        return prefix + base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()

    def owns(self, session_id: str) -> bool:
        """Whether this is well-formed, and an id of this project."""
        prefix, encoded = session_id[:2], session_id[2:]
        try:
            text = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
        except (binascii.Error, ValueError):
            return False
        return prefix in ("1_", "2_") and text.split("~")[1:2] == [self.project]


def _public_key(credentials: Credentials) -> Any:
    try:
        if credentials.public_key:
            return serialization.load_pem_public_key(credentials.public_key.encode())
        return serialization.load_pem_private_key(credentials.private_key.encode(), password=None).public_key()
    except (ValueError, TypeError):
        raise BadCredentials("credentials for vonage need public_key or private_key, as PEM text") from None


def _is_current(claims: dict[str, Any], now_s: int) -> bool:
    """No `exp` means 15 minutes, and no token lives longer than 24 hours."""
    begins, ends = claims.get("iat"), claims.get("exp")
    if not isinstance(begins, int | float):
        return False
    if not isinstance(ends, int | float):
        ends = begins + DEFAULT_LIFE_S
    return begins - LEEWAY_S <= now_s < min(ends, begins + LONGEST_LIFE_S)
