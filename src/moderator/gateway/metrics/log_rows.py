"""The figures of the log: storing, reading back, its file; and whether the gateway is ready, mostly for its sake."""

import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from moderator.gateway.ledger import Ledger
from moderator.gateway.metrics.rows import Counter, Gauge, Row, Spread, one
from moderator.gateway.readiness import Readiness

_BESIDE: Final = ("", "-wal")


@runtime_checkable
class _Commits(Protocol):
    """A log that stores many entries at a time."""

    @property
    def commits(self) -> int: ...


def log_rows(ledger: Ledger, readiness: Readiness, file: Path) -> tuple[Row, ...]:
    """Rows about the log; `file` is what of it lies on this machine."""
    measures, log = ledger.measures, ledger.log
    return (
        Gauge(
            "moderator_ready",
            "1 when /readyz says yes.",
            (),
            one(lambda: not readiness.why_not()),
        ),
        Gauge("moderator_draining", "1 when it was asked to stop.", (), one(lambda: readiness.draining)),
        Spread(
            "moderator_log_append_seconds",
            "From the wish to store an entry until it is durable.",
            (),
            lambda: [((), measures.append_seconds)],
        ),
        Counter(
            "moderator_log_append_failures_total",
            "Entries that could not be stored; who sent them was told to try again.",
            (),
            one(lambda: measures.failures),
        ),
        Counter(
            "moderator_log_commits_total",
            "Transactions; appends divided by these is how many share one.",
            (),
            one(lambda: log.commits if isinstance(log, _Commits) else None),
        ),
        Counter("moderator_log_entries_total", "Entries read back and folded.", (), one(lambda: measures.entries)),
        Counter(
            "moderator_log_fold_seconds_total",
            "Time spent with folding those.",
            (),
            one(lambda: measures.fold_seconds),
        ),
        Gauge("moderator_log_seq", "The newest entry that was read back.", (), one(lambda: ledger.state.seq)),
        Gauge(
            "moderator_log_behind_entries",
            "Entries that the log has and that were not read back yet.",
            (),
            one(lambda: readiness.behind),
        ),
        Gauge(
            "moderator_log_writable",
            "1 when the last attempt to store something worked.",
            (),
            one(lambda: log.health().writable),
        ),
        Gauge(
            "moderator_log_clock_skew_seconds",
            "How far this machine's clock is ahead of the log's; nothing where they are one.",
            (),
            one(lambda: _seconds(log.health().clock_skew_ms)),
        ),
        Gauge("moderator_log_file_bytes", "The log's file, with what stands beside it.", (), one(lambda: _size(file))),
        Gauge("moderator_log_disk_free_bytes", "What is free on its disk.", (), one(lambda: _free(file))),
    )


def _seconds(ms: int | None) -> float | None:
    return None if ms is None else ms / 1000


def _size(file: Path) -> float:
    total = 0
    for ending in _BESIDE:
        with suppress(OSError):
            total += Path(f"{file}{ending}").stat().st_size
    return float(total)


def _free(file: Path) -> float | None:
    try:
        return float(shutil.disk_usage(file.parent).free)
    except OSError:
        return None
