"""`moderator audit`: take a copy of it, check that nobody changed it, erase a person."""

import asyncio
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec

from moderator.cli.connection import connection
from moderator.cli.failures import DONE, FAILED, Failure, UsageError
from moderator.client.audit import AuditClient
from moderator.client.commands import GatewayClient
from moderator.client.texts import safe
from moderator.feed.audit import Erased, Verified

_OWNER_ONLY = 0o600


def audit(arguments: Namespace) -> int:
    """One of the commands below."""
    return {"export": export, "verify": verify, "erase": erase}[arguments.action](arguments)


def export(arguments: Namespace) -> int:
    """Write a copy to standard output, or to a file that only this user can read."""
    with _output(arguments.output) as file:
        asyncio.run(_export(arguments, file))
    return DONE


async def _export(arguments: Namespace, file: BinaryIO) -> None:
    asked = {name: value for name, value in (("from", arguments.begin), ("to", arguments.end)) if value is not None}
    async with connection(arguments) as at:
        await AuditClient(*at).export(arguments.format, file.write, asked)


@contextmanager
def _output(path: Path | None) -> Iterator[BinaryIO]:
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        path.touch(_OWNER_ONLY)
        with path.open("wb") as file:
            yield file
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror}") from error


def verify(arguments: Namespace) -> int:
    """Check the log file itself; whoever runs the gateway is not asked."""
    from moderator.gateway.configuration.config import ConfigError
    from moderator.gateway.configuration.paths import LogFiles, log_files_of
    from moderator.journal.event_log import LogError
    from moderator.journal.sqlite_evidence import verify_file

    try:
        files = LogFiles(arguments.log, None) if arguments.log else log_files_of(arguments.config)
        findings = verify_file(files.log, arguments.anchor or files.anchor)
    except (ConfigError, LogError) as error:
        raise Failure(str(error)) from error
    print("\n".join(finding_lines(findings)))
    return FAILED if findings.problem else DONE


def finding_lines(found: Verified) -> list[str]:
    """What was found, for people: first whether all is well. Safe to print."""
    if found.problem:
        kind = f", {safe(found.kind)}" if found.kind else ""
        time = f" of {_time(found.at)}" if found.at is not None else ""
        return [f"✗ record {found.seq}{time}{kind}: {found.problem}", *_removal_lines(found)]
    later = f"; {found.unvouched} after the last one are not vouched for yet" if found.unvouched else ""
    head = [f"  head {found.head}"] if found.head else []
    records = "1 record fits" if found.records == 1 else f"{found.records} records fit"
    checkpoints = "1 checkpoint" if found.checkpoints == 1 else f"{found.checkpoints} checkpoints"
    return [f"✓ {records} {checkpoints}{later}", *head, *_removal_lines(found)]


def _removal_lines(found: Verified) -> Iterator[str]:
    """What the log says was taken out on purpose: whoever reads it can tell whether that was so."""
    of_kinds = ((found.trims, "entries trimmed"), (found.erasures, "texts of a person erased"))
    for removals, what in of_kinds:
        for one in removals:
            doubt = "" if one.vouched or found.problem else ", not vouched for yet"
            yield f"  {one.count} {what} on {_time(one.at)} (record {one.seq}{doubt})"


def erase(arguments: Namespace) -> int:
    """Take a person out of the log."""
    done = asyncio.run(_erase(arguments))
    if arguments.json:
        print(msgspec.json.encode(done).decode())
    else:
        print(f"erased {done.texts} texts; the log says {done.pseudonym} now")
    return DONE


async def _erase(arguments: Namespace) -> Erased:
    async with connection(arguments) as at:
        source = arguments.source or await _only_source(GatewayClient(*at))
        return await AuditClient(*at).erase(source, arguments.user)


async def _only_source(gateway: GatewayClient) -> str:
    """User ids mean something within a source only."""
    sources = [one.source for one in (await gateway.rooms()).sources]
    if len(sources) != 1:
        raise UsageError(f"in which source? Give --source, one of {', '.join(map(safe, sources)) or 'none'}")
    return sources[0]


def _time(at_ms: int) -> str:
    """In UTC: it is compared with other machines'."""
    return f"{datetime.fromtimestamp(at_ms / 1000, tz=UTC):%Y-%m-%d %H:%M:%S} UTC"
