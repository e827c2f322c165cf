"""`moderator backup`: a copy of the log of a gateway on this machine, also while it runs."""

from argparse import Namespace
from typing import Any

from moderator.cli.audit import finding_lines
from moderator.cli.failures import DONE, FAILED, Failure


def backup(arguments: Namespace) -> int:
    """Copy the log, and say what is in the copy; 1 when that is not what its checkpoints vouch for."""
    from moderator.gateway.configuration.config import ConfigError, read_table
    from moderator.gateway.configuration.paths import log_files_of
    from moderator.journal.event_log import LogError
    from moderator.journal.sqlite_backup import back_up

    try:
        if _is_elsewhere(read_table(arguments.config)):
            raise Failure("this log is on NATS: its servers hold the copies; `nats stream backup` takes one to keep")
        made = back_up(log_files_of(arguments.config).log, arguments.to)
    except (ConfigError, LogError) as error:
        raise Failure(str(error)) from error
    print(f"{arguments.to}: {made.size / 1_000_000:.1f} MB")
    if made.found is None:
        print("  of an older version, without checkpoints; it was read through")
        return DONE
    print("\n".join(finding_lines(made.found)))
    return FAILED if made.found.problem else DONE


def _is_elsewhere(config: dict[str, Any]) -> bool:
    """Whether the log is no file of this machine."""
    from moderator.gateway.configuration.streams import is_on_nats

    gateway = config.get("gateway")
    return isinstance(gateway, dict) and is_on_nats(str(gateway.get("log")))
