"""What the configuration says of a log on NATS: read out of `gateway.log` and the table `nats`. Pure."""

import re
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from moderator.gateway.configuration.sections import NatsSection
from moderator.journal.jetstream.settings import MOST_REPLICAS, NatsSettings

SCHEMES: Final = frozenset({"nats", "tls"})
EXAMPLE: Final = "nats://10.0.0.1:4222,nats://10.0.0.2:4222"
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,32}")


class NatsProblem(ValueError):
    """What is wrong, and the key it is about. It quotes no secret."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(problem)
        self.key = key


def is_on_nats(log: str) -> bool:
    """Whether `gateway.log` names servers, not a file."""
    return log.partition("://")[0] in SCHEMES


def nats_settings(log: str, section: NatsSection, folder: Path) -> NatsSettings:
    """What it takes to reach the log; files are beside the configuration. Raises NatsProblem."""
    servers = tuple(_server(one.strip()) for one in log.split(","))
    if not _NAME.fullmatch(section.name):
        raise NatsProblem("nats.name", "a log's name is 1 to 32 letters, digits, hyphens or underscores")
    if section.replicas is not None and not 1 <= section.replicas <= MOST_REPLICAS:
        raise NatsProblem("nats.replicas", f"write a number from 1 to {MOST_REPLICAS}, or leave it out")
    if bool(section.user) != bool(section.password):
        raise NatsProblem("nats", "user and password belong together: write both, or neither")
    if section.user and section.credentials:
        raise NatsProblem("nats", "name either user and password, or credentials")
    return NatsSettings(
        servers=servers,
        copy=(folder / section.copy).resolve(),
        name=section.name,
        replicas=section.replicas,
        user=section.user,
        password=section.password,
        credentials=section.credentials,
        ca=None if section.ca is None else (folder / section.ca).resolve(),
    )


def _server(address: str) -> str:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        parts, port = SplitResult("", "", "", "", ""), None
    if parts.scheme not in SCHEMES or not parts.hostname or port is None or parts.path or parts.query:
        raise NatsProblem("gateway.log", f"write servers with their ports, like {EXAMPLE}")
    if parts.username is not None:
        raise NatsProblem("gateway.log", "user and password are secrets: name them in nats.user and nats.password")
    return address
