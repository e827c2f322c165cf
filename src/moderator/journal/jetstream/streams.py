"""The streams on the servers: what they are called, how they have to be, and that they are so."""

import hashlib
from typing import Any, Final, NamedTuple

from nats.js.api import RetentionPolicy, StorageType, StreamConfig, StreamInfo
from nats.js.errors import APIError, NotFoundError

from moderator.journal.event_log import LogError
from moderator.journal.jetstream.connection import Connection
from moderator.journal.jetstream.settings import NatsSettings

WITHIN_S: Final = 15.0
DUPLICATE_WINDOW_S: Final = 120.0
CLUSTER_REPLICAS: Final = 3
LEAST_PAYLOAD: Final = 1_000_000
"""In bytes: a webhook may have half of that, and becomes one message."""
SOUND_IN_A_CLUSTER: Final = (2, 11)
"""The version from which on a server that is cut off tells nothing that does not last."""
_UNLIMITED: Final = ("max_msgs", "max_bytes", "max_age", "max_msgs_per_subject", "max_msg_size", "max_consumers")
_NOT_CLUSTERED: Final = 10074
_IN_USE: Final = 10058
_TOO_FEW: Final = frozenset({10005, 10023})
"""No suitable servers, or not enough room on them."""


class Names(NamedTuple):
    """What the streams, their subjects and the consumer of commands are called."""

    log: str
    """The stream of entries: its order is the order of the log."""
    texts: str
    """The stream of personal texts, a subject for those of each entry."""
    kept: str
    """The stream of snapshots and starts, and of what was rewritten."""
    entry: str
    command: str
    """The subject of entries with a command in them."""
    text: str
    """How the subjects of texts begin."""
    part: str
    """How the subjects of what is kept begin."""
    consumer: str = "gateways"

    @classmethod
    def of(cls, name: str) -> "Names":
        """Those of the log of this name."""
        return cls(
            *(f"{name}_log", f"{name}_texts", f"{name}_kept"),
            *(f"{name}.log.entry", f"{name}.log.do", f"{name}.texts.", f"{name}.kept."),
        )


class Streams(NamedTuple):
    """The streams as they were found."""

    names: Names
    log_id: str
    advice: str
    """What the servers should be and are not, although they will do; empty when all is well."""
    notices_s: float
    """For so long the servers notice that an entry is repeated."""


async def prepare(connection: Connection, settings: NatsSettings) -> Streams:
    """Make the streams where they are missing, and check those that are there. Raises LogError."""
    if (most := connection.nats.max_payload) < LEAST_PAYLOAD:
        raise LogError(
            f"The servers on {settings.shown} take messages of {most} bytes at most, and the log needs 1 MB: raise "
            "max_payload in their configuration."
        )
    names = Names.of(settings.name)
    await _prepare(connection, settings, names.texts, f"{names.text}*")
    await _prepare(connection, settings, names.kept, f"{names.part}>")
    info = await _prepare(connection, settings, names.log, f"{settings.name}.log.*")
    return Streams(names, log_id_of(info), _advice(connection, info), info.config.duplicate_window)


def _advice(connection: Connection, info: StreamInfo) -> str:
    """A leader that is cut off delivers entries that do not last (2.9.10), or says of what is sent again that it was
    stored (2.10.29): both is checked here. Neither was seen with 2.11.17.
    """
    version = connection.nats.connected_server_version
    if (info.config.num_replicas or 1) == 1 or (version.major, version.minor) >= SOUND_IN_A_CLUSTER:
        return ""
    return (
        f"The NATS server is of version {version.major}.{version.minor}. In a cluster use 2.11 or later: an older "
        "server that is cut off from the others can tell of entries that the others do not have."
    )


def log_id_of(info: StreamInfo) -> str:
    """Tells a stream from any other, also from one that was called the same."""
    made = f"{info.config.name} {info.created.isoformat() if info.created else ''}"
    return hashlib.sha256(made.encode()).hexdigest()[:16]


async def _prepare(connection: Connection, settings: NatsSettings, name: str, subjects: str) -> StreamInfo:
    try:
        info = await _info(connection, name)
    except NotFoundError:
        info = await _make(connection, settings, name, subjects)
    if odd := _odd(info.config, subjects, settings.replicas):
        raise LogError(
            f"The stream {name} on {settings.shown} is not as the log needs it: {odd}. Set it so, or name another "
            "log (nats.name)."
        )
    return info


async def _info(connection: Connection, name: str) -> StreamInfo:
    return await connection.insist(lambda: connection.streams.stream_info(name), WITHIN_S)


async def _make(connection: Connection, settings: NatsSettings, name: str, subjects: str) -> StreamInfo:
    """Three replicas, unless configured or the server is alone: a cluster with too few is refused rather than trusted
    with a single one.
    """
    try:
        return await _add(connection, name, subjects, settings.replicas or CLUSTER_REPLICAS)
    except APIError as error:
        if error.err_code == _IN_USE:  # another gateway was quicker
            return await _info(connection, name)
        if error.err_code == _NOT_CLUSTERED and settings.replicas is None:
            return await _add(connection, name, subjects, 1)
        why = f"of {error.description}"
        if error.err_code in _TOO_FEW:
            why = "too few servers of the cluster are there, or have room: start them, or set nats.replicas"
        raise LogError(f"The stream {name} cannot be made on {settings.shown} because {why}.") from error


async def _add(connection: Connection, name: str, subjects: str, replicas: int) -> StreamInfo:
    config = StreamConfig(
        name=name,
        subjects=[subjects],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        num_replicas=replicas,
        duplicate_window=DUPLICATE_WINDOW_S,
        allow_direct=True,
    )
    return await connection.insist(lambda: connection.streams.add_stream(config), WITHIN_S)


def _odd(config: StreamConfig, subjects: str, replicas: int | None) -> str:
    """What is not as it has to be; empty when all is."""
    limits: dict[str, Any] = {
        "subjects": (config.subjects == [subjects], subjects),
        "retention": (config.retention == RetentionPolicy.LIMITS, "limits"),
        "storage": (config.storage == StorageType.FILE, "file"),
        "allow_direct": (bool(config.allow_direct), "true"),
        "num_replicas": (replicas in (None, config.num_replicas), replicas),
        "duplicate_window": ((config.duplicate_window or 0) >= DUPLICATE_WINDOW_S, "2 minutes or more"),
        **{name: (getattr(config, name) in (None, -1, 0), "no limit") for name in _UNLIMITED},
        **{name: (not getattr(config, name), "false") for name in ("sealed", "deny_delete", "deny_purge", "no_ack")},
    }
    return next((f"{name} should be {wanted}" for name, (is_so, wanted) in limits.items() if not is_so), "")
