"""The simulator's command line. Credentials are no arguments: they come by standard input, as one line of JSON."""

import argparse
import math
from collections.abc import Sequence
from typing import Final, get_args

from moderator.simulator.vonage.accounts import Environment
from moderator.simulator.vonage.traffic import MODES
from moderator.simulator.vonage.webhooks import Identity

DESCRIPTION: Final = """A simulated Vonage Video cloud: rooms with people, webhooks and a REST API.
The first line of standard input is the account's credentials as JSON: application_id, public_key or private_key (PEM)
and signature_secret; for OpenTok api_key, api_secret and, if webhooks shall be signed, signature_secret.
Prints one line of JSON with its url when it is ready, and ends on SIGTERM, SIGINT or when standard input ends.
Appointments are planned for 10 to 60 minutes; some people stay too long. Everything but the REST API is divided by the
speed. Routes under /_simulator direct the world and tell the truth about it."""
DISORDERS: Final = (
    ("late", "an event comes up to a minute late"),
    ("duplicate", "an event comes twice"),
    ("shuffle", "an event is overtaken by others"),
)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Exits with status 2 and one line when they make no sense."""
    parser = argparse.ArgumentParser(prog="python -m moderator.simulator", description="Simulated video platforms.")
    platforms = parser.add_subparsers(dest="platform", required=True, metavar="PLATFORM")
    vonage = platforms.add_parser("vonage", help="Vonage Video and OpenTok", description=DESCRIPTION)
    _add_connection(vonage)
    _add_world(vonage)
    _add_faults(vonage)
    return parser.parse_args(arguments)


def _add_connection(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--webhook", required=True, metavar="URL", help="where every event is posted")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0, the default, picks a free one")
    parser.add_argument(
        "--environment", choices=get_args(Environment), default="vonage", help="account type (%(default)s)"
    )


def _add_world(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rooms", type=_natural, default=20, help="rooms kept alive at a time (%(default)s)")
    parser.add_argument("--speed", type=_positive, default=1.0, help="how much quicker than in life (%(default)s)")
    parser.add_argument("--seed", type=int, help="the same number makes the same people do the same")
    parser.add_argument("--quiet", action="store_true", help="nothing happens by itself, only through /_simulator")
    parser.add_argument(
        "--identity", choices=get_args(Identity), default="json", help="how connection data is written (%(default)s)"
    )


def _add_faults(parser: argparse.ArgumentParser) -> None:
    for name, what in DISORDERS:
        parser.add_argument(f"--{name}", type=_probability, default=0.0, metavar="P", help=f"probability that {what}")
    parser.add_argument("--limit", type=_positive, metavar="RPS", help="REST requests a second; more get a 429")
    parser.add_argument("--no-retry-after", action="store_true", help="a 429 does not say when to try again")
    parser.add_argument("--mode", choices=MODES, default="ok", help="how the REST API behaves (%(default)s)")


def _natural(text: str) -> int:
    if (value := int(text)) < 0:
        raise argparse.ArgumentTypeError(f"{text} is less than 0")
    return value


def _positive(text: str) -> float:
    if not 0 < (value := float(text)) < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return value


def _probability(text: str) -> float:
    if not 0 <= (value := float(text)) <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return value
