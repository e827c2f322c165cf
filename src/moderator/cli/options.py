"""The arguments that several commands share. Which command takes which is in `arguments`."""

import argparse
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Final, get_args

from moderator.cli import values
from moderator.domain.kinds import Reason

URL_VARIABLE: Final = "MODERATOR_GATEWAY"
TOKEN_VARIABLE: Final = "MODERATOR_TOKEN_FILE"
REASONS: Final[tuple[str, ...]] = get_args(Reason)
ROOM_HELP: Final = "SOURCE/ROOM by id, or a name that only one room has"


def participant(command: ArgumentParser) -> None:
    """Somebody in a room."""
    room(command)
    command.add_argument("participant", metavar="PARTICIPANT", help="an id, or the user or name of one who is here")


def room(command: ArgumentParser) -> None:
    """A room at a gateway."""
    connection(command)
    command.add_argument("room", metavar="ROOM", help=ROOM_HELP)


def reason(command: ArgumentParser) -> None:
    """Why somebody or everybody has to go."""
    command.add_argument("--reason", required=True, choices=REASONS)


def config(command: argparse._ActionsContainer, *, required: bool = True) -> None:
    """The configuration of a gateway on this machine."""
    command.add_argument("--config", type=Path, required=required, metavar="FILE", help="the gateway's configuration")


def connection(command: ArgumentParser) -> None:
    """A gateway elsewhere, and the token for it."""
    command.add_argument("--json", action="store_true", help="for scripts")
    gateway_url(command)
    command.add_argument("--token-file", type=Path, default=os.environ.get(TOKEN_VARIABLE) or None, metavar="FILE")
    command.epilog = (
        f"--gateway and --token-file default to {URL_VARIABLE} and {TOKEN_VARIABLE} of the environment; without a "
        "token file the sign-in of `moderator login` is used."
    )


def gateway_url(command: argparse._ActionsContainer) -> None:
    """Where the gateway is."""
    command.add_argument("--gateway", type=values.url, default=os.environ.get(URL_VARIABLE) or None, metavar="URL")
