"""Moments and amounts as reviews write them: with the day, since what is reviewed may be long ago. Pure."""

from datetime import UTC, datetime


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
        return f"{count} bytes"
    return f"{count / 1_000:.0f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def counted(count: int, one: str, many: str) -> str:
    """`1 record`, `1,204 records`."""
    return f"{count:,} {one if count == 1 else many}"
