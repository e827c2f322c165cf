"""What checking the log showed, in words. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from moderator.client.texts import safe
from moderator.desktop.reviews.moments import day_and_time
from moderator.feed.audit import Removal, Verified
from moderator.language import ntr, number, tr


class Verdict(Struct, frozen=True):
    """A sentence with its icon and level."""

    words: str
    icon: str
    level: str


def verdict(found: Verified) -> Verdict:
    """Whether the log was changed: the first bad record by number, or how many are not vouched for yet; and what was
    taken out of it on purpose."""
    if found.problem:
        return Verdict(_joined(problem_of(found), *removals(found)), "shield-alert", "critical")
    if not found.checkpoints:
        words = ntr(
            "Nothing vouches for the {count} record yet: the first checkpoint is due.",
            "Nothing vouches for the {count} records yet: the first checkpoint is due.",
            found.records,
        )
        return Verdict(words.format(count=number(found.records)), "hourglass", "info")
    words = ntr(
        "Not changed: {records} fits {checkpoints}.", "Not changed: {records} fit {checkpoints}.", found.records
    )
    records = ntr("{count} record", "{count} records", found.records).format(count=number(found.records))
    checkpoints = ntr("{count} checkpoint", "{count} checkpoints", found.checkpoints)
    checkpoints = checkpoints.format(count=number(found.checkpoints))
    said = words.format(records=records, checkpoints=checkpoints)
    return Verdict(_joined(said, _later(found.unvouched), *removals(found)), "shield-check", "normal")


def problem_of(found: Verified) -> str:
    """What is wrong, and where; empty when nothing is."""
    if not found.problem:
        return ""
    problem = safe(found.problem).rstrip(".")
    if found.seq is None:
        return tr("The log was changed: {problem}.").format(problem=problem)
    kind = safe(found.kind.replace("_", " "))
    about = ", ".join(part for part in (kind, day_and_time(found.at) if found.at is not None else "") if part)
    if not about:
        words = tr("The log was changed. The first bad record is {seq}: {problem}.")
        return words.format(seq=found.seq, problem=problem)
    words = tr("The log was changed. The first bad record is {seq} ({about}): {problem}.")
    return words.format(seq=found.seq, about=about, problem=problem)


def removals(found: Verified) -> tuple[str, ...]:
    """What was taken out of the log on purpose, as its own records say."""
    return tuple(words for words in (_trimmed(found.trims), _erased(found.erasures)) if words)


def _trimmed(trims: Sequence[Removal]) -> str:
    if not trims:
        return ""
    count, last = sum(one.count for one in trims), max(one.at for one in trims)
    words = ntr(
        "{count} entry was too old and was trimmed, the last time {when}.",
        "{count} entries were too old and were trimmed, the last time {when}.",
        count,
    )
    return _vouched(words.format(count=number(count), when=day_and_time(last)), trims)


def _erased(erasures: Sequence[Removal]) -> str:
    if not erasures:
        return ""
    last = max(one.at for one in erasures)
    words = ntr(
        "{count} person was erased, the last time {when}.",
        "{count} people were erased, the last time {when}.",
        len(erasures),
    )
    return _vouched(words.format(count=number(len(erasures)), when=day_and_time(last)), erasures)


def _vouched(words: str, removed: Sequence[Removal]) -> str:
    open_ = sum(not one.vouched for one in removed)
    if not open_:
        return words
    note = ntr(
        "{words} No checkpoint vouches for {count} of these records.",
        "{words} No checkpoint vouches for {count} of these records.",
        open_,
    )
    return note.format(words=words, count=number(open_))


def _later(unvouched: int) -> str:
    if not unvouched:
        return ""
    words = ntr(
        "{count} newer record is not vouched for yet.", "{count} newer records are not vouched for yet.", unvouched
    )
    return words.format(count=number(unvouched))


def _joined(*sentences: str) -> str:
    return " ".join(one for one in sentences if one)
