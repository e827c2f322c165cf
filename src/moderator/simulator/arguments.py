"""The simulator's command line. Credentials are no arguments: they come by standard input, as one line of JSON."""

import argparse
from collections.abc import Mapping, Sequence
from typing import Final

from moderator.simulator.numbers import natural, positive, probability
from moderator.simulator.people import KINDS
from moderator.simulator.planned import planned
from moderator.simulator.platforms import Kind
from moderator.simulator.traffic import MODES

DESCRIPTION: Final = """Rooms with people, webhooks and the platform's API.
The first line of standard input is the account's credentials as JSON.
Prints one line of JSON with its url when it is ready, and ends on SIGTERM, SIGINT or when standard input ends.
Appointments are planned for 10 to 60 minutes; some people stay too long. Everything but the API is divided by the
speed. Routes under /_simulator direct the world and tell the truth about it."""
DISORDERS: Final = (
    ("late", "an event comes up to a minute late"),
    ("duplicate", "an event comes twice"),
    ("shuffle", "an event is overtaken by others"),
)


def parse(arguments: Sequence[str], platforms: Mapping[str, Kind]) -> argparse.Namespace:
    """Exits with status 2 and one line when they make no sense."""
    parser = argparse.ArgumentParser(prog="python -m moderator.simulator", description="Simulated video platforms.")
    choices = parser.add_subparsers(dest="platform", required=True, metavar="PLATFORM")
    for name, kind in platforms.items():
        one = choices.add_parser(name, help=kind.help, description=f"{kind.description} {DESCRIPTION}")
        _add_connection(one)
        _add_world(one)
        _add_faults(one)
        kind.add_arguments(one)
    return parser.parse_args(arguments)


def _add_connection(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--webhook", required=True, metavar="URL", help="where every event is posted")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0, the default, picks a free one")


def _add_world(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rooms", type=natural, default=20, help="rooms kept alive at a time (%(default)s)")
    parser.add_argument("--appointments", nargs="+", choices=KINDS, default=KINDS, help="what people meet for (all)")
    parser.add_argument(
        "--planned", nargs="*", type=planned, default=(), metavar="NAME,MS,HOST,VISITOR",
        help="what was announced: its name, when it begins (milliseconds since 1970), and the user ids of who comes",
    )  # fmt: skip
    parser.add_argument("--speed", type=positive, default=1.0, help="how much quicker than in life (%(default)s)")
    parser.add_argument(
        "--gentle", type=natural, metavar="SECONDS",
        help="for a first look: most rooms end in time, guests are rare, and the first is this much later than usual",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, help="the same number makes the same people do the same")
    parser.add_argument("--quiet", action="store_true", help="nothing happens by itself, only through /_simulator")


def _add_faults(parser: argparse.ArgumentParser) -> None:
    for name, what in DISORDERS:
        parser.add_argument(f"--{name}", type=probability, default=0.0, metavar="P", help=f"probability that {what}")
    parser.add_argument("--mode", choices=MODES, default="ok", help="how the API behaves (%(default)s)")
