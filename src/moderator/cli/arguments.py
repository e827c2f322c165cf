"""The arguments of every command, as a table, and how their values are read."""

import argparse
import math
import os
import re
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from pathlib import Path
from typing import Final, get_args
from urllib.parse import urlsplit

import moderator
from moderator.client.texts import next_time
from moderator.domain.kinds import Reason
from moderator.gateway.config import parse_duration_ms

URL_VARIABLE: Final = "MODERATOR_GATEWAY"
TOKEN_VARIABLE: Final = "MODERATOR_TOKEN_FILE"
REASONS: Final[tuple[str, ...]] = get_args(Reason)
MAX_ROOMS: Final = 10_000
_NEGATIVE: Final = re.compile(r"-\d")
_ROOM_HELP: Final = "SOURCE/ROOM by id, or a name that only one room has"


def seconds(text: str) -> int:
    """`5m` or `-90s` in whole seconds."""
    sign = -1 if text.startswith("-") else 1
    try:
        milliseconds = parse_duration_ms(text.removeprefix("-"))
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error
    if milliseconds == 0 or milliseconds % 1000:
        raise ArgumentTypeError(f"{text!r} is not a number of whole seconds above zero")
    return sign * milliseconds // 1000


def positive_seconds(text: str) -> int:
    """`8h` in whole seconds."""
    if text.startswith("-"):
        raise ArgumentTypeError(f"{text!r} is below zero")
    return seconds(text)


def time_of_day(text: str) -> str:
    """`14:30`. Which day is meant depends on when it is asked."""
    try:
        next_time(text, 0)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error
    return text


def block(text: str) -> bool | int:
    """`forever` is True, a duration its seconds."""
    return True if text == "forever" else positive_seconds(text)


def url(text: str) -> str:
    """The address of a gateway, without credentials or a query."""
    try:
        parts = urlsplit(text)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or "@" in parts.netloc or parts.query or parts.fragment:
        raise ArgumentTypeError(f"write the gateway's address like https://moderation.example.org, not {text!r}")
    return text.rstrip("/")


def port(text: str) -> int:
    """A TCP port; 0 picks a free one."""
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise ArgumentTypeError(f"a port is a number from 0 to 65535, not {text!r}")
    return int(text)


def speed(text: str) -> float:
    """How many times quicker than recorded; 0 is without pauses."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value >= 0):
        raise ArgumentTypeError(f"a speed is a number such as 1 or 10, or 0 for no pauses, not {text!r}")
    return value


def parser() -> ArgumentParser:
    """The whole command line."""
    root = ArgumentParser(
        prog="moderator",
        description="For the moderators of live video sessions. Without a command it opens the window.",
        epilog="`moderator COMMAND --help` says what a command takes; those of `desktop` do without its name.",
        allow_abbrev=False,
    )
    root.add_argument("--version", action="version", version=f"moderator {moderator.__version__}")
    commands = root.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (help_, add) in _COMMANDS.items():
        add(commands.add_parser(name, help=help_, description=help_[0].upper() + help_[1:] + ".", allow_abbrev=False))
    return root


def positive_speed(text: str) -> float:
    """How many times quicker than real."""
    if (value := speed(text)) == 0:
        raise ArgumentTypeError("write a speed above zero, such as 1 or 10")
    return value


def rooms(text: str) -> int:
    """How many rooms the demo has."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_ROOMS):
        raise ArgumentTypeError(f"write a number of rooms from 1 to {MAX_ROOMS}, not {text!r}")
    return int(text)


def running_time(text: str) -> float:
    """Seconds, without a unit."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise ArgumentTypeError(f"write a number of seconds above zero, not {text!r}")
    return value


def _desktop(command: ArgumentParser) -> None:
    command.add_argument("--self-check", action="store_true", help="see whether the window can be opened here")
    one = command.add_mutually_exclusive_group()
    one.add_argument("--gateway", type=url, default=os.environ.get(URL_VARIABLE) or None, metavar="URL")
    one.add_argument("--profile", metavar="NAME", help="a gateway of profiles.toml")
    _config(one, required=False)
    command.add_argument("--token-file", type=Path, default=os.environ.get(TOKEN_VARIABLE) or None, metavar="FILE")
    command.epilog = (
        f"Without --gateway, --profile and {URL_VARIABLE} it runs a gateway of its own, with the configuration FILE or "
        "the user's moderator.toml."
    )


def _demo(command: ArgumentParser) -> None:
    command.add_argument("--rooms", type=rooms, default=20, metavar="N", help="default: 20")
    command.add_argument(
        "--speed", type=positive_speed, default=10.0, metavar="X", help="times quicker than real; default: 10"
    )
    command.add_argument("--headless", action="store_true", help="no window: print where it is and the token's file")
    command.add_argument("--seconds", type=running_time, metavar="S", help="end by itself after so long")


def _gateway(command: ArgumentParser) -> None:
    _config(command)
    command.add_argument("--host", help="listen there instead of at gateway.host")
    command.add_argument("--port", type=port, help="instead of gateway.port; 0 picks a free one")
    command.add_argument("--embedded", action="store_true", help=argparse.SUPPRESS)  # the window starts it so
    command.add_argument("--listener", type=int, help=argparse.SUPPRESS)  # and hands down the socket of its port


def _check(command: ArgumentParser) -> None:
    _config(command)


def _token(command: ArgumentParser) -> None:
    _config(command)
    command.add_argument("--name", required=True, help="who will use it; shown to others")
    command.add_argument(
        "--scope", required=True, nargs="+", action="extend", metavar="SCOPE", help="such as rooms:read"
    )
    command.add_argument(
        "--rooms", nargs="+", action="extend", default=[], metavar="PATTERN", help="SOURCE/ROOM, with *"
    )
    command.add_argument("--ttl", type=positive_seconds, default=8 * 3600, metavar="DURATION", help="default: 8h")


def _replay(command: ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FILE", help="JSON Lines: at, path, headers, body or body_b64")
    command.add_argument("--to", type=url, required=True, metavar="URL", help="where the paths start")
    command.add_argument("--speed", type=speed, default=1.0, metavar="X", help="default: 1, as recorded; 0: no pauses")
    command.add_argument("--sign-as", metavar="SOURCE", help="sign afresh with this source's secrets; needs --config")
    _config(command, required=False)


def _watch(command: ArgumentParser) -> None:
    _connection(command)


def _rooms(command: ArgumentParser) -> None:
    _connection(command)


def _extend(command: ArgumentParser) -> None:
    _room(command)
    one = command.add_mutually_exclusive_group(required=True)
    one.add_argument("seconds", nargs="?", type=seconds, metavar="DURATION", help="such as 5m; -5m takes time away")
    one.add_argument("--until", type=time_of_day, metavar="HH:MM", help="the end itself, also where there is none yet")
    command._negative_number_matcher = _NEGATIVE  # argparse has no public way to say that -5m is no option


def _disconnect(command: ArgumentParser) -> None:
    _participant(command)
    _reason(command)
    command.add_argument("--block", type=block, default=False, metavar="DURATION", help="keep out for 10m, or forever")


def _readmit(command: ArgumentParser) -> None:
    _room(command)
    command.add_argument("user", metavar="USER", help="the id of the blocked user")


def _message(command: ArgumentParser) -> None:
    _room(command)
    command.add_argument("text", metavar="TEXT")


def _end(command: ArgumentParser) -> None:
    _room(command)
    _reason(command)


def _mute(command: ArgumentParser) -> None:
    _participant(command)
    one = command.add_mutually_exclusive_group()
    one.add_argument(
        "--revoke", dest="mode", action="store_const", const="revoke", help="take the microphone away, until --restore"
    )
    one.add_argument("--restore", dest="mode", action="store_const", const="restore", help="give the microphone back")
    command.set_defaults(mode="mute")


def _participant(command: ArgumentParser) -> None:
    _room(command)
    command.add_argument("participant", metavar="PARTICIPANT", help="an id, or the user or name of one who is here")


def _room(command: ArgumentParser) -> None:
    _connection(command)
    command.add_argument("room", metavar="ROOM", help=_ROOM_HELP)


def _reason(command: ArgumentParser) -> None:
    command.add_argument("--reason", required=True, choices=REASONS)


def _config(command: argparse._ActionsContainer, *, required: bool = True) -> None:
    command.add_argument("--config", type=Path, required=required, metavar="FILE", help="the gateway's configuration")


def _connection(command: ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="for scripts")
    command.add_argument("--gateway", type=url, default=os.environ.get(URL_VARIABLE) or None, metavar="URL")
    command.add_argument("--token-file", type=Path, default=os.environ.get(TOKEN_VARIABLE) or None, metavar="FILE")
    command.epilog = f"--gateway and --token-file default to {URL_VARIABLE} and {TOKEN_VARIABLE} of the environment."


_COMMANDS: Final[dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]]] = {
    "desktop": ("open the window; the same as no command at all", _desktop),
    "demo": ("show it all with simulated clouds", _demo),
    "gateway": ("run the service", _gateway),
    "check": ("check the configuration and every account in it", _check),
    "token": ("print a token for a moderator", _token),
    "replay": ("post recorded webhooks", _replay),
    "watch": ("show what happens, line by line", _watch),
    "rooms": ("list the rooms", _rooms),
    "extend": ("add time to a room, or set its end", _extend),
    "disconnect": ("remove a participant", _disconnect),
    "readmit": ("let a blocked person come back", _readmit),
    "mute": ("silence a participant's microphones", _mute),
    "message": ("tell everybody in a room", _message),
    "end": ("end a room for everybody", _end),
}
