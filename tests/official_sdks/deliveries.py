"""Webhooks as the simulated clouds post them, and what may become of them on the way, for those who verify them."""

import argparse
import contextlib
import gzip
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Final

import jwt
from msgspec import Struct
from msgspec.structs import replace

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.providers.errors import BadSignature
from moderator.providers.provider import Delivery
from moderator.simulator.platforms import PLATFORMS
from tests.simulator.running import RunningCloud, running

OTHER_SECRET: Final = "somebody else's secret, long enough for any algorithm"
HOUR_S: Final = 3600


class Posted(Struct, frozen=True):
    """One webhook. Header names are in lower case."""

    headers: Mapping[str, str]
    body: bytes


class Sender(Struct, frozen=True):
    """A platform that signs, with one account."""

    simulated: str
    """The platform's name on the simulator's command line, with what stands behind it."""
    credentials: Callable[[], Mapping[str, str]]
    provider: Any
    options: Callable[[], Any]
    official: Callable[[Posted], object]
    """Raises for what the official verifier refuses."""
    header: str
    """Where the signature stands."""
    secret: str
    changes: "Mapping[str, Change]"
    """What may become of a webhook on its way, by name."""

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[RunningCloud]:
        """The simulated cloud of this account."""
        name, *arguments = self.simulated.split()
        parser = argparse.ArgumentParser()
        PLATFORMS[name].add_arguments(parser)
        platform = PLATFORMS[name].make(json.dumps(self.credentials()).encode(), parser.parse_args(arguments))
        async with running(platform) as cloud:
            yield cloud

    def accepts(self, posted: Posted, http: HttpClient) -> bool:
        """Whether our provider does."""
        delivery = Delivery(posted.headers, posted.body, "127.0.0.1", SystemClock().now_ms())
        try:
            self.provider("source", self.options(), http, SystemClock()).authenticate(delivery)
        except BadSignature:
            return False
        return True

    def officially_accepts(self, posted: Posted) -> bool:
        """Whether the official verifier does."""
        try:
            self.official(posted)
        except Exception:  # noqa: BLE001 -- some of them raise nothing more particular
            return False
        return True

    def replayed(self, body: bytes) -> Posted:
        """A webhook signed by our provider, as for replays."""
        headers = self.provider.sign(self.options(), {}, body)
        return Posted({name.lower(): value for name, value in headers.items()}, body)


Change = Callable[[Sender, Posted], Posted]


def with_header(change: Callable[[str], str], name: str = "") -> Change:
    """Another text in the signature's header, or in that of the name given."""

    def changed(sender: Sender, posted: Posted) -> Posted:
        header = name or sender.header
        return replace(posted, headers={**posted.headers, header: change(posted.headers[header])})

    return changed


def without_header(sender: Sender, posted: Posted) -> Posted:
    return replace(posted, headers={name: text for name, text in posted.headers.items() if name != sender.header})


def with_body(change: Callable[[bytes], bytes]) -> Change:
    return lambda sender, posted: replace(posted, body=change(posted.body))


def with_code(algorithm: str = "sha256", secret: str = "") -> Change:
    """A new HMAC of the body; with the sender's own secret, unless another is given."""

    def change(sender: Sender, posted: Posted) -> Posted:
        code = hmac.new((secret or sender.secret).encode(), posted.body, algorithm).hexdigest()
        return with_header(lambda text: code)(sender, posted)

    return change


def with_token(algorithm: str = "HS256", secret: str = "", **claims: object) -> Change:
    """A new token of the same claims but these; numbers are seconds from now, None leaves a claim out."""

    def change(sender: Sender, posted: Posted) -> Posted:
        scheme, blank, token = posted.headers[sender.header].rpartition(" ")
        now_s = SystemClock().now_ms() // 1000
        others = {name: now_s + value if isinstance(value, int) else value for name, value in claims.items()}
        together = jwt.decode(token, options={"verify_signature": False}) | others
        kept = {name: value for name, value in together.items() if value is not None}
        key = "" if algorithm == "none" else secret or sender.secret
        made = jwt.encode(kept, key, algorithm=algorithm)
        return with_header(lambda text: f"{scheme}{blank}{made}")(sender, posted)

    return change


def flipped(body: bytes) -> bytes:
    """With another bit in the middle."""
    middle = len(body) // 2
    return body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]


ANY: Final[dict[str, Change]] = {
    "no signature": without_header,
    "an empty signature": with_header(lambda text: ""),
    "half a signature": with_header(lambda text: text[: len(text) // 2]),
    "a signature and more": with_header(lambda text: f"{text}a"),
    "one bit of the body is another": with_body(flipped),
    "a blank after the body": with_body(lambda body: body + b" "),
    "no body": with_body(lambda body: b""),
}
TOKENS: Final[dict[str, Change]] = {
    **ANY,
    "signed anew": with_token(),
    "signed with another secret": with_token(secret=OTHER_SECRET),
    "signed with nothing": with_token("none"),
    "signed with another algorithm": with_token("HS512"),
    "expired": with_token(exp=-HOUR_S),
    "expired half a minute ago": with_token(exp=-30),
    "from the future": with_token(iat=HOUR_S, nbf=HOUR_S, exp=2 * HOUR_S),
    "from a clock half a minute ahead": with_token(iat=30, nbf=30, exp=HOUR_S),
}
"""Of a signature that is a JWT."""
KEYED_TOKENS: Final[dict[str, Change]] = {
    **TOKENS,
    "signed for another key": with_token(iss="another"),
    "good for ever": with_token(exp=None),
    "without a hash": with_token(sha256=None),
    "with a hash of another kind": with_token(sha256=hashlib.sha256(b"").hexdigest()),
    "with a scheme": with_header("Bearer {}".format),
}
"""Of a JWT as LiveKit makes it."""
COMPRESSED: Final = with_body(gzip.compress)
CODES: Final[dict[str, Change]] = {
    **ANY,
    "signed anew": with_code(),
    "signed with another secret": with_code(secret=OTHER_SECRET),
    "signed with another algorithm": with_code("sha512"),
    "in capitals": with_header(str.upper),
    "of another app": with_header(lambda text: "another", "x-api-key"),
    "compressed": COMPRESSED,
    "compressed before it was signed": lambda sender, posted: with_code()(sender, COMPRESSED(sender, posted)),
    "compressed and cut": with_body(lambda body: gzip.compress(body)[:-9]),
    "something behind it when compressed": with_body(lambda body: gzip.compress(body) + b"more"),
}
"""Of a signature that is an HMAC, as Stream makes it."""
