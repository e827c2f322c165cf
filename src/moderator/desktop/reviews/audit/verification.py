"""What checking the log showed, in words. Pure."""

from msgspec import Struct

from moderator.client.texts import safe
from moderator.desktop.reviews.moments import counted, day_and_time
from moderator.feed.audit import Verified


class Verdict(Struct, frozen=True):
    """A sentence with its icon and level."""

    words: str
    icon: str
    level: str


def verdict(found: Verified) -> Verdict:
    """Whether the log was changed: the first bad record by number, or how many are not vouched for yet."""
    if found.problem:
        return Verdict(f"{_named(found)}: {safe(found.problem).rstrip('.')}.", "circle-alert", "critical")
    if not found.checkpoints:
        words = (
            f"Nothing vouches for the {counted(found.records, 'record', 'records')} yet: the first checkpoint is due."
        )
        return Verdict(words, "hourglass", "info")
    records = counted(found.records, "record fits", "records fit")
    checkpoints = counted(found.checkpoints, "checkpoint", "checkpoints")
    return Verdict(f"Not changed: {records} {checkpoints}.{_later(found.unvouched)}", "circle-check", "normal")


def _later(unvouched: int) -> str:
    if not unvouched:
        return ""
    return f" {counted(unvouched, 'newer record is', 'newer records are')} not vouched for yet."


def _named(found: Verified) -> str:
    if found.seq is None:
        return "The log was changed"
    parts = (safe(found.kind.replace("_", " ")), day_and_time(found.at) if found.at is not None else "")
    about = ", ".join(part for part in parts if part)
    return f"The log was changed. The first bad record is {found.seq}" + (f" ({about})" if about else "")
