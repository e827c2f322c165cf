"""What Stream is to the simulator: an application, its webhooks, how they are delivered, and the API."""

import argparse
import gzip
from collections.abc import Collection
from itertools import count
from typing import Any, Final, Literal, get_args

from starlette.types import ASGIApp

from moderator.simulator.cloud import Cloud
from moderator.simulator.credentials import read_credentials
from moderator.simulator.delivery import Attempt, Outcome, Policy
from moderator.simulator.numbers import natural
from moderator.simulator.stream.accounts import Account, Credentials
from moderator.simulator.stream.calls import Call, Calls
from moderator.simulator.stream.dates import Form, encode
from moderator.simulator.stream.moderation import Moderation
from moderator.simulator.stream.rest import RestApi
from moderator.simulator.stream.shapes import CAPABILITIES
from moderator.simulator.stream.webhooks import event
from moderator.simulator.stream.windows import RateLimit

Dates = Literal[Form, "both"]

CLOSES_AFTER_S: Final = 30
PAUSES_S: Final = (2.0, 4.0)
TIMEOUT_S: Final = 6
LOST_AFTER_S: Final = 15
ATTEMPTS: Final[dict[str, int]] = {"unreachable": 2, "timeout": 3}
ATTEMPTS_OF_A_STATUS: Final = 3
LIMIT: Final = 1000

DESCRIPTION: Final = "A simulated Stream Video cloud. Credentials: api_key and api_secret."


class Stream:
    """One application of Stream."""

    closes_after_s = CLOSES_AFTER_S
    camera_has_sound = True

    def __init__(
        self,
        account: Account,
        dates: Dates = "both",
        *,
        compresses: bool = False,
        limit: int = LIMIT,
        without: Collection[str] = (),
    ) -> None:
        """`limit` is in requests a minute to each endpoint; `without` are capabilities that nobody has."""
        self._account, self._limit = account, limit
        self._forms: tuple[Form, ...] = get_args(Form) if dates == "both" else (dates,)
        self._capabilities = [one for one in CAPABILITIES if one not in without]
        self._compresses = compresses
        self.policy = Policy(
            headers=self._headers,
            accepts=lambda status: 200 <= status < 300,
            pauses_s=PAUSES_S,
            tries_again=tries_again,
            lost_after_s=LOST_AFTER_S,
            timeout_s=TIMEOUT_S,
            pack=(lambda body: gzip.compress(body, mtime=0)) if compresses else (lambda body: body),
        )

    def make_room_id(self, name: str, created_ms: int, noise: str) -> str:
        """`lesson-7` is the call `lesson:7`; a room without a name is a call of the type `default`."""
        kind, _, number = name.rpartition("-")
        return f"{kind or 'default'}:{number or noise}"

    def connect(self, cloud: Cloud) -> ASGIApp:
        """Events take the forms of dates in turn."""
        sent = count()

        def tell(call: Call, kind: str, at: int, /, **members: Any) -> None:
            form = self._forms[next(sent) % len(self._forms)]
            body = event(call, kind, at, members, self._capabilities)
            cloud.deliveries.send(call.room.id, encode(body, form))

        calls = Calls(cloud.world, tell)
        moderation = Moderation(cloud, calls, tell)
        limit = RateLimit(self._limit, cloud.clock)
        return RestApi(self._account, cloud, calls, moderation, limit, self._capabilities).app

    def _headers(self, attempt: Attempt) -> dict[str, str]:
        return self._account.headers(attempt) | ({"Content-Encoding": "gzip"} if self._compresses else {})


def tries_again(outcome: Outcome, attempts: int) -> bool:
    """Whether the platform makes another attempt."""
    if isinstance(outcome, str):
        return attempts < ATTEMPTS[outcome]
    return (outcome in (408, 429) or outcome >= 500) and attempts < ATTEMPTS_OF_A_STATUS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is Stream's alone on the command line."""
    parser.add_argument("--dates", choices=(*get_args(Form), "both"), default="both", help="in webhooks (%(default)s)")
    parser.add_argument("--gzip", action="store_true", help="webhooks are compressed")
    parser.add_argument(
        "--limit", type=natural, default=LIMIT, metavar="N", help="requests a minute to each endpoint (%(default)s)"
    )
    parser.add_argument(
        "--without",
        choices=CAPABILITIES,
        action="append",
        default=[],
        metavar="CAPABILITY",
        help="nobody may do this; can be given several times",
    )


def make(credentials: bytes, options: argparse.Namespace) -> Stream:
    """Raises BadCredentials."""
    account = Account(read_credentials(credentials, Credentials))
    return Stream(account, options.dates, compresses=options.gzip, limit=options.limit, without=options.without)
