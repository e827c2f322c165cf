"""The arguments of every command, as a table. What several share is in `options`, how values are read in `values`."""

import argparse
import os
import re
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Final

import moderator
from moderator.cli import values
from moderator.cli.examples import show_examples
from moderator.cli.options import (
    TOKEN_VARIABLE,
    URL_VARIABLE,
    config,
    connection,
    gateway_url,
    participant,
    reason,
    room,
)

_NEGATIVE: Final = re.compile(r"-\d")


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
        command = commands.add_parser(
            name, help=help_, description=f"{help_[0].upper()}{help_[1:]}.", allow_abbrev=False
        )
        add(command)
        show_examples(command, name)
    return root


def _desktop(command: ArgumentParser) -> None:
    command.add_argument("--self-check", action="store_true", help="see whether the window can be opened here")
    one = command.add_mutually_exclusive_group()
    gateway_url(one)
    one.add_argument("--profile", metavar="NAME", help="a gateway of profiles.toml")
    config(one, required=False)
    command.add_argument("--token-file", type=Path, default=os.environ.get(TOKEN_VARIABLE) or None, metavar="FILE")
    command.epilog = (
        f"Without --gateway, --profile and {URL_VARIABLE} it runs a gateway of its own, with the configuration FILE or "
        "the user's moderator.toml."
    )


def _demo(command: ArgumentParser) -> None:
    command.add_argument("--rooms", type=values.rooms, default=20, metavar="N", help="default: 20")
    command.add_argument(
        "--speed", type=values.positive_speed, default=10.0, metavar="X", help="times quicker than real; default: 10"
    )
    command.add_argument("--headless", action="store_true", help="no window: print where it is and the token's file")
    command.add_argument("--seconds", type=values.running_time, metavar="S", help="end by itself after so long")


def _gateway(command: ArgumentParser) -> None:
    config(command)
    command.add_argument("--host", help="listen there instead of at gateway.host")
    command.add_argument("--port", type=values.port, help="instead of gateway.port; 0 picks a free one")
    command.add_argument("--embedded", action="store_true", help=argparse.SUPPRESS)  # the window starts it so
    command.add_argument("--listener", type=int, help=argparse.SUPPRESS)  # and hands down the socket of its port


def _check(command: ArgumentParser) -> None:
    config(command)
    command.add_argument("--notify", action="store_true", help="send a test message to those of [notify]")
    command.add_argument("--json", action="store_true", help="for scripts: a line for each finding")
    command.add_argument("--embedded", action="store_true", help=argparse.SUPPRESS)  # the window checks before it keeps


def _token(command: ArgumentParser) -> None:
    config(command)
    _grant(command, "who will use it; shown to others")
    command.add_argument(
        "--ttl", type=values.positive_seconds, default=8 * 3600, metavar="DURATION", help="default: 8h"
    )


def _replay(command: ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FILE", help="JSON Lines: at, path, headers, body or body_b64")
    command.add_argument("--to", type=values.url, required=True, metavar="URL", help="where the paths start")
    command.add_argument(
        "--speed", type=values.speed, default=1.0, metavar="X", help="default: 1, as recorded; 0: no pauses"
    )
    command.add_argument("--sign-as", metavar="SOURCE", help="sign afresh with this source's secrets; needs --config")
    config(command, required=False)


def _rooms(command: ArgumentParser) -> None:
    connection(command)
    command.add_argument("--people", action="store_true", help="also who is in each")


def _extend(command: ArgumentParser) -> None:
    room(command)
    one = command.add_mutually_exclusive_group(required=True)
    one.add_argument(
        "seconds", nargs="?", type=values.seconds, metavar="DURATION", help="such as 5m; -5m takes time away"
    )
    one.add_argument(
        "--until", type=values.time_of_day, metavar="HH:MM", help="the end itself, also where there is none yet"
    )
    command._negative_number_matcher = _NEGATIVE  # argparse has no public way to say that -5m is no option
    command.add_argument(
        "--into-next", action="store_true", help="also when the room's next appointment begins before the new end"
    )


def _disconnect(command: ArgumentParser) -> None:
    participant(command)
    reason(command)
    command.add_argument(
        "--block", type=values.block, default=False, metavar="DURATION", help="keep out for 10m, or forever"
    )


def _readmit(command: ArgumentParser) -> None:
    room(command)
    command.add_argument("user", metavar="USER", help="the id of the blocked user")


def _message(command: ArgumentParser) -> None:
    room(command)
    command.add_argument("text", metavar="TEXT")


def _end(command: ArgumentParser) -> None:
    room(command)
    reason(command)


def _allow(command: ArgumentParser) -> None:
    participant(command)
    command.add_argument(
        "--user", action="store_true", help="PARTICIPANT is the user id of somebody who was refused and is not here yet"
    )


def _mute(command: ArgumentParser) -> None:
    participant(command)
    one = command.add_mutually_exclusive_group()
    one.add_argument(
        "--revoke", dest="mode", action="store_const", const="revoke", help="take the microphone away, until --restore"
    )
    one.add_argument("--restore", dest="mode", action="store_const", const="restore", help="give the microphone back")
    command.set_defaults(mode="mute")


def _appointments(command: ArgumentParser) -> None:
    actions = command.add_subparsers(dest="action", metavar="ACTION", required=True)
    importing = actions.add_parser("import", help="announce what a file holds", allow_abbrev=False)
    connection(importing)
    importing.add_argument("file", type=Path, metavar="FILE", help="a table (CSV) or a calendar (.ics)")
    importing.add_argument("--source", required=True, metavar="SOURCE", help="where the rooms will be")
    importing.add_argument("--type", default="", metavar="NAME", help="the room type of those that name none")
    importing.add_argument(
        "--names", choices=("uid", "summary"), default="uid", help="what names the events of a calendar; default: uid"
    )
    importing.add_argument("--dry-run", action="store_true", help="read the file, and send nothing")
    importing.add_argument("--skip-bad", action="store_true", help="announce the others when some cannot be read")
    listing = actions.add_parser("list", help="list them, by their start", allow_abbrev=False)
    connection(listing)
    listing.add_argument("--source", metavar="SOURCE", help="of this one only")
    withdrawing = actions.add_parser("withdraw", help="take one back", allow_abbrev=False)
    connection(withdrawing)
    withdrawing.add_argument("name", metavar="NAME")
    withdrawing.add_argument("--source", required=True, metavar="SOURCE")


def _duty(command: ArgumentParser) -> None:
    connection(command)
    command.add_argument("action", choices=("on", "off", "list"))
    command.add_argument("--to", default="", metavar="MODERATOR", help="with off: who watches instead, by id")


def _hold(command: ArgumentParser) -> None:
    connection(command)
    command.add_argument("--reason", default="", metavar="TEXT", help="why; everybody sees it")


def _login(command: ArgumentParser) -> None:
    gateway_url(command)
    command.add_argument("--token-file", type=Path, metavar="FILE", help="keep this token instead of asking for a code")
    command.add_argument("--again", action="store_true", help="also when somebody is signed in already")


def _logout(command: ArgumentParser) -> None:
    gateway_url(command)


def _approve(command: ArgumentParser) -> None:
    connection(command)
    command.add_argument("code", metavar="CODE", help="as they see it, such as WDJB-MJHT")
    _grant(command, "who they are; shown to others")


def _deny(command: ArgumentParser) -> None:
    connection(command)
    command.add_argument("code", metavar="CODE", help="as they see it, such as WDJB-MJHT")


def _revoke(command: ArgumentParser) -> None:
    connection(command)
    command.add_argument("id", metavar="JTI", help="the token's id")


def _grant(command: ArgumentParser, name_help: str) -> None:
    command.add_argument("--name", required=True, help=name_help)
    command.add_argument(
        "--scope", required=True, nargs="+", action="extend", metavar="SCOPE", help="such as rooms:read"
    )
    command.add_argument(
        "--rooms", nargs="+", action="extend", default=[], metavar="PATTERN", help="SOURCE/ROOM, with *"
    )


def _policy(command: ArgumentParser) -> None:
    connection(command)
    command.add_argument("question", choices=["report"], metavar="report", help="the only one there is")
    command.add_argument(
        "--hours", type=values.hours, default=24, metavar="HOURS", help="how far back, 24 if you say nothing"
    )


def _audit(command: ArgumentParser) -> None:
    actions = command.add_subparsers(dest="action", metavar="ACTION", required=True)
    exporting = actions.add_parser("export", help="take a copy of it", allow_abbrev=False)
    connection(exporting)
    exporting.add_argument("--format", choices=("jsonl", "csv"), default="jsonl", help="default: jsonl")
    exporting.add_argument("--from", dest="begin", type=values.moment, metavar="TIME", help="such as 2026-11-01")
    exporting.add_argument("--to", dest="end", type=values.moment, metavar="TIME", help="what was recorded before then")
    exporting.add_argument("-o", "--output", type=Path, metavar="FILE", help="instead of standard output")
    verifying = actions.add_parser("verify", help="check that nobody changed the log", allow_abbrev=False)
    one = verifying.add_mutually_exclusive_group(required=True)
    config(one, required=False)
    one.add_argument("--log", type=Path, metavar="FILE", help="the log itself, also a copy of it elsewhere")
    verifying.add_argument("--anchor", type=Path, metavar="FILE", help="instead of gateway.audit_anchor")
    erasing = actions.add_parser("erase", help="erase a person from the log, for good", allow_abbrev=False)
    connection(erasing)
    erasing.add_argument("user", metavar="USER", help="the user id")
    erasing.add_argument("--source", metavar="SOURCE", help="needed where there are several")


def _backup(command: ArgumentParser) -> None:
    config(command)
    command.add_argument("to", type=Path, metavar="TO", help="a file that is not there yet")


_COMMANDS: Final[dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]]] = {
    "desktop": ("open the window; the same as no command at all", _desktop),
    "demo": ("show it all with simulated clouds", _demo),
    "gateway": ("run the service", _gateway),
    "check": ("check the configuration and every account in it", _check),
    "token": ("print a token for a moderator", _token),
    "replay": ("post recorded webhooks", _replay),
    "watch": ("show what happens, line by line", connection),
    "rooms": ("list the rooms", _rooms),
    "extend": ("add time to a room, or set its end", _extend),
    "disconnect": ("remove a participant", _disconnect),
    "readmit": ("let a blocked person come back", _readmit),
    "mute": ("silence a participant's microphones", _mute),
    "message": ("tell everybody in a room", _message),
    "end": ("end a room for everybody", _end),
    "policy": ("report what policies that only observe would have done", _policy),
    "lock": ("let nobody in any more but who is there", room),
    "unlock": ("let people in again", room),
    "allow": ("let somebody stay, come back or come in whom policies refuse", _allow),
    "claim": ("look after a room", room),
    "release": ("look after a room no more", room),
    "acknowledge": ("tell everybody that a room's warnings were seen", room),
    "hold": ("pause every automatic disconnect", _hold),
    "resume": ("let policies disconnect again", connection),
    "appointments": ("announce rooms before they exist, and see how that goes", _appointments),
    "duty": ("go on duty, off it, or see who is on it", _duty),
    "login": ("sign in at a gateway, and stay signed in", _login),
    "logout": ("sign out, and forget the sign-in", _logout),
    "approve": ("let somebody sign in who sees a code", _approve),
    "deny": ("refuse somebody who sees a code", _deny),
    "revoke": ("have a token refused from now on", _revoke),
    "audit": ("take a copy of the audit, check it, or erase a person from it", _audit),
    "backup": ("copy the log of a gateway on this machine, also while it runs", _backup),
}
