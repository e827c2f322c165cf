"""What LiveKit is to the simulator: an account, its webhooks and how they are delivered, and the room service."""

import argparse
from typing import Final

from starlette.types import ASGIApp

from moderator.simulator.cloud import Cloud
from moderator.simulator.credentials import read_credentials
from moderator.simulator.delivery import Attempt, Outcome, Policy
from moderator.simulator.livekit.accounts import Account, Credentials
from moderator.simulator.livekit.server import DEPARTURE_TIMEOUT_S, Server
from moderator.simulator.livekit.service import RoomService
from moderator.simulator.livekit.twirp import Twirp
from moderator.simulator.livekit.webhooks import Webhooks
from moderator.simulator.numbers import probability

PAUSES_S: Final = (1, 2, 4, 8)
LOST_AFTER_S: Final = 30
COMPANY: Final = 0.3

DESCRIPTION: Final = """A simulated LiveKit cloud. Credentials: api_key and api_secret."""


class LiveKit:
    """One project of LiveKit."""

    closes_after_s = DEPARTURE_TIMEOUT_S
    camera_has_sound = False

    def __init__(self, account: Account, company: float = COMPANY) -> None:
        """`company` is the probability of an agent, and of a recorder, in a room."""
        self._account, self._company = account, company
        self.policy = Policy(
            headers=self._headers,
            accepts=lambda status: 200 <= status < 300,
            pauses_s=PAUSES_S,
            tries_again=_tries_again,
            lost_after_s=LOST_AFTER_S,
            is_serial=True,
        )

    def make_room_id(self, name: str, created_ms: int, noise: str) -> str:
        """Rooms are addressed by name."""
        return name or f"room-{noise[:8]}"

    def connect(self, cloud: Cloud) -> ASGIApp:
        """Each change is one webhook, or several."""
        server = Server()
        webhooks = Webhooks(server, cloud.world, cloud.deliveries.send, self._company)
        service = RoomService(cloud, server, webhooks)
        return Twirp(self._account, cloud.now, service.methods).app

    def _headers(self, attempt: Attempt) -> dict[str, str]:
        return {"Content-Type": "application/webhook+json", **self._account.sign(attempt.body, attempt.at)}


def _tries_again(outcome: Outcome, attempts: int) -> bool:
    """Other refusals are final."""
    return not isinstance(outcome, int) or outcome == 429 or (outcome >= 500 and outcome != 501)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is LiveKit's alone on the command line."""
    parser.add_argument(
        "--company",
        type=probability,
        default=COMPANY,
        metavar="P",
        help="probability of an agent, and of a recorder, in a room (%(default)s)",
    )


def make(credentials: bytes, options: argparse.Namespace) -> LiveKit:
    """Raises BadCredentials."""
    return LiveKit(Account(read_credentials(credentials, Credentials)), options.company)
