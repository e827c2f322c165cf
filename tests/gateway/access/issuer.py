"""An OpenID Connect issuer on a port of this machine, whose documents and keys the test changes."""

import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.fakes.serving import served

AUDIENCE = "moderation"
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


class Issuer:
    """Publishes `keys` by their ids; `asked` counts how often they were fetched."""

    def __init__(self) -> None:
        self.url = ""
        self.reset()

    def reset(self) -> None:
        """As at the beginning."""
        self.keys: dict[str, Any] = {"rsa": RSA_KEY, "ec": EC_KEY}
        self.more: dict[str, str] = {}
        self.asked = 0
        self.is_down = False

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Issuer"]:
        routes = [Route("/.well-known/openid-configuration", self._discovery), Route("/keys", self._keys)]
        async with served(Starlette(routes=routes)) as url:
            self.url = url
            yield self

    def token(self, kid: str = "rsa", key: Any = None, typ: str = "at+jwt", alg: str = "", **changes: Any) -> str:
        """A good one, but for the changes; None leaves a claim out."""
        key = key or self.keys[kid]
        algorithm = alg or ("RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256")
        return jwt.encode(self.claims(**changes), key, algorithm=algorithm, headers={"kid": kid, "typ": typ})

    def claims(self, **changes: Any) -> dict[str, Any]:
        now = int(time.time())
        good = {
            **{"iss": self.url, "aud": AUDIENCE, "sub": "u-1", "name": "Maya", "jti": "jti-1"},
            **{"iat": now, "exp": now + 300, "scope": "openid rooms:read", "rooms": ["clinic/*"]},
        }
        return {name: value for name, value in (good | changes).items() if value is not None}

    async def _discovery(self, request: Request) -> Response:
        if self.is_down:
            return Response(status_code=503)
        return JSONResponse({"issuer": self.url, "jwks_uri": f"{self.url}/keys", **self.more})

    async def _keys(self, request: Request) -> Response:
        self.asked += 1
        return JSONResponse({"keys": [{**_jwk(key), "kid": kid} for kid, key in self.keys.items()]})


def _jwk(key: Any) -> dict[str, Any]:
    if isinstance(key, rsa.RSAPrivateKey):
        return RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
