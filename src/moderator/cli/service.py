"""The commands of who runs a gateway: the service itself, its check, and tokens for moderators."""

import asyncio
import contextlib
import logging
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from moderator.cli.failures import Failure, UsageError, refused
from moderator.client.texts import safe
from moderator.clock import SystemClock
from moderator.gateway.access.tokens import issue_token
from moderator.gateway.configuration.config import Config, ConfigError, load_config
from moderator.gateway.configuration.secrets import Handed, SecretError, read_handed
from moderator.gateway.configuration.sections import LogFormat
from moderator.gateway.log_lines import formatter
from moderator.gateway.scopes import SCOPES
from moderator.providers.provider import Finding

YEAR_S: Final = 365 * 24 * 3600


def gateway(arguments: Namespace) -> int:
    """Run the service until it is asked to stop."""
    from moderator.gateway.server import run
    from moderator.journal.event_log import LogError

    handed = _handed() if arguments.embedded else None
    with _failures():
        config = load_config(arguments.config, handed)
        _write_lines("text" if handed else config.gateway.log_format)  # a window keeps the lines for people
        token = _token_of_the_window(config, handed) if handed else ""
        try:
            stopped = run(config, arguments.host, arguments.port, token, arguments.listener)
        except LogError as error:
            raise Failure(str(error)) from error
        except ConfigError as error:
            raise Failure(f"{error}{_another_port(arguments)}") from error
    return 0 if stopped else 1


def _write_lines(log_format: LogFormat) -> None:
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(formatter(log_format))
    logging.basicConfig(handlers=[lines], level=logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs every URL, and some platforms' hold secrets


def _another_port(arguments: Namespace) -> str:
    """What to do about an address that cannot be used."""
    if arguments.port is not None or arguments.host is not None:
        return ": choose another --host or --port"
    return f": choose another gateway.host or gateway.port in {arguments.config}"


def _handed() -> Handed:
    try:
        return read_handed(sys.stdin.buffer.readline())
    except SecretError as error:
        raise UsageError(str(error)) from error


def _token_of_the_window(config: Config, handed: Handed) -> str:
    """For all that can be done, and for as long as the key is used: it is gone with the program that made it."""
    now_ms = SystemClock().now_ms()
    return issue_token(config.access.key, config.access.issuer, handed.name, sorted(SCOPES), ["*"], YEAR_S, now_ms)


def check(arguments: Namespace) -> int:
    """Print each finding with its remedy as it comes; 1 when something is not as it should be."""
    from moderator.gateway.check import check as run_check

    handed = _handed() if arguments.embedded else None
    show = _as_json if arguments.json else _in_lines

    async def run() -> bool:
        well = True
        async for source, finding in run_check(load_config(arguments.config, handed), arguments.notify):
            print(show(source, finding), flush=True)
            well = well and finding.ok
        return well

    with _failures():
        return 0 if asyncio.run(run()) else 1


def _as_json(source: str, finding: Finding) -> str:
    """One finding for programs."""
    return msgspec.json.encode({"source": source, **msgspec.structs.asdict(finding)}).decode()


def _in_lines(source: str, finding: Finding) -> str:
    return "\n".join(finding_lines(source, finding))


def finding_lines(source: str, finding: Finding) -> list[str]:
    """A finding for people: a sign, where, what, and below it what to do where something has to be done.

    `✓` is well, `→` is for somebody to do, `✗` is wrong.
    """
    remedy = [] if finding.ok else finding.remedy.split("\n")
    sign = "✗" if not finding.ok else "→" if finding.todo else "✓"
    return [
        f"{sign} {source}: {safe(finding.what)}",
        *(f"  {safe(line)}" for line in remedy if line),
    ]


def token(arguments: Namespace) -> int:
    """Print a token. The only command that ever prints one."""
    access = config_of(arguments.config).access
    scopes = [scope for words in arguments.scope for scope in words.replace(",", " ").split()]
    now_ms = SystemClock().now_ms()
    try:
        made = issue_token(access.key, access.issuer, arguments.name, scopes, arguments.rooms, arguments.ttl, now_ms)
    except ValueError as error:
        raise UsageError(str(error)) from error
    print(made)
    return 0


def config_of(path: Path) -> Config:
    """The configuration. Raises Failure with the file, the key and the remedy."""
    with _failures():
        return load_config(path)


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except ConfigError as error:
        raise Failure(str(error)) from error
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise refused(error) from error
