"""Which files a configuration names, for who needs these and nothing else: no secret is read, no provider is loaded."""

from pathlib import Path

import msgspec
from msgspec import Struct

from moderator.gateway.configuration.config import Config, ConfigError, read_table
from moderator.gateway.configuration.sections import AccessSection, GatewaySection, NatsSection
from moderator.gateway.configuration.words import PLACE, in_words


class LogFiles(Struct, frozen=True):
    """The log, or this gateway's copy of it, and the file beside which truncating it shows; None where heads are
    written nowhere.
    """

    log: Path
    anchor: Path | None


def log_files_of(path: Path) -> LogFiles:
    """Those that the configuration names. Raises ConfigError."""
    try:
        table = read_table(path)
        gateway = msgspec.convert(table.get("gateway", {}), GatewaySection)
    except msgspec.ValidationError as error:
        place = PLACE.search(str(error))
        key = place[1] if place else ""
        problem = in_words(PLACE.sub("", str(error)), GatewaySection, key)
        raise ConfigError(f"{path}: {f'gateway.{key}' if key else 'gateway'}: {problem}") from error
    config = Config(path, gateway, AccessSection(key=""), (), (), nats=_without_secrets(table.get("nats")))
    return LogFiles(config.log_path, config.audit_anchor)


def _without_secrets(table: object) -> NatsSection:
    copy = table.get("copy") if isinstance(table, dict) else None
    return NatsSection(copy=copy) if isinstance(copy, str) else NatsSection()
