"""Moments and amounts as reviews write them: with the day, since what is reviewed may be long ago. Pure."""

from datetime import UTC, datetime

from moderator.language import decimal, ntr, tr


def day_and_time(at_ms: int, *, with_seconds: bool = True) -> str:
    """`2026-11-21 14:04:13`, the local time; `?` for what no calendar has."""
    try:
        local = datetime.fromtimestamp(at_ms / 1000, tz=UTC).astimezone()
    except (OverflowError, ValueError, OSError):
        return "?"
    return local.strftime("%Y-%m-%d %H:%M:%S" if with_seconds else "%Y-%m-%d %H:%M")


def size(count: int) -> str:
    """`512 bytes`, `8.2 MB`."""
    if count < 1_000:
        return ntr("{count} byte", "{count} bytes", count).format(count=count)
    if count < 1_000_000:
        return tr("{count} kB").format(count=f"{count / 1_000:.0f}")
    return tr("{count} MB").format(count=decimal(count / 1_000_000))
