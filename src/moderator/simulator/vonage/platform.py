"""What Vonage is to the simulator: an account, its webhooks, how they are delivered, and the API behind its limit."""

import argparse
from collections.abc import Iterator
from typing import Final, get_args

import msgspec
from starlette.types import ASGIApp

from moderator.simulator.cloud import Cloud
from moderator.simulator.credentials import read_credentials
from moderator.simulator.delivery import Attempt, Policy
from moderator.simulator.numbers import positive
from moderator.simulator.vonage.accounts import Account, Credentials, Environment
from moderator.simulator.vonage.rate_limit import Limited, RateLimit
from moderator.simulator.vonage.rest import RestApi
from moderator.simulator.vonage.webhooks import Identity, payload
from moderator.simulator.world import Change

CLOSES_AFTER_S: Final = 60
FIRST_RETRY_S: Final = 5
LONGEST_WAIT_S: Final = 15 * 60
GIVEN_UP_AFTER_S: Final = 24 * 60 * 60
UNSIGNED_RETRIES: Final = 4

DESCRIPTION: Final = """A simulated Vonage Video cloud. Credentials: application_id, public_key or private_key (PEM)
and signature_secret; for OpenTok api_key, api_secret and, if webhooks shall be signed, signature_secret."""


class Vonage:
    """One application of Vonage, or one project of OpenTok."""

    closes_after_s = CLOSES_AFTER_S
    camera_has_sound = True

    def __init__(
        self, account: Account, identity: Identity = "json", limit: float | None = None, tells_when: bool = True
    ) -> None:
        """`limit` is in requests a second; `tells_when`: whether a 429 says when to try again."""
        self._account, self._identity = account, identity
        self._limit, self._tells_when = limit, tells_when
        self.make_room_id = account.make_session_id
        self.policy = Policy(
            headers=self._headers,
            accepts=lambda status: status == 200,
            pauses_s=tuple(retry_pauses_s(account.is_signed)),
        )

    def connect(self, cloud: Cloud) -> ASGIApp:
        """Each change is one webhook."""

        def report(change: Change) -> None:
            body = payload(change, self._account.project, self._identity)
            cloud.deliveries.send(change.room.id, msgspec.json.encode(body))

        cloud.world.listeners.append(report)
        api = RestApi(self._account, cloud).app
        return Limited(api, RateLimit(self._limit, cloud.clock), self._tells_when) if self._limit else api

    def _headers(self, attempt: Attempt) -> dict[str, str]:
        signature = self._account.sign(attempt.body, attempt.at, f"{attempt.delivery}-{attempt.number}")
        return {"Content-Type": "application/json", **signature}


def retry_pauses_s(is_signed: bool) -> Iterator[float]:
    """The waits between the attempts at one delivery, in seconds."""
    pause, total, retries = FIRST_RETRY_S, FIRST_RETRY_S, 0
    while total <= GIVEN_UP_AFTER_S and (is_signed or retries < UNSIGNED_RETRIES):
        yield pause
        pause, retries = min(2 * pause, LONGEST_WAIT_S), retries + 1
        total += pause


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is Vonage's alone on the command line."""
    parser.add_argument(
        "--environment", choices=get_args(Environment), default="vonage", help="account type (%(default)s)"
    )
    parser.add_argument(
        "--identity", choices=get_args(Identity), default="json", help="how connection data is written (%(default)s)"
    )
    parser.add_argument("--limit", type=positive, metavar="RPS", help="requests a second; more get a 429")
    parser.add_argument("--no-retry-after", action="store_true", help="a 429 does not say when to try again")


def make(credentials: bytes, options: argparse.Namespace) -> Vonage:
    """Raises BadCredentials."""
    account = Account(options.environment, read_credentials(credentials, Credentials))
    return Vonage(account, options.identity, options.limit, not options.no_retry_after)
