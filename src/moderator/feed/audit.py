"""What the routes of the audit answer. Gateway and client share these shapes."""

from typing import Literal, get_args

import msgspec
from msgspec import Struct

AuditOutcome = Literal["done", "failed", "refused", "requested", "denied", "reported", "noted"]
"""`done`: it stands, or was carried out. `requested`: it is not settled yet. `reported` by a platform; `noted` for the
audit.
"""
OUTCOMES: tuple[str, ...] = get_args(AuditOutcome)
Format = Literal["csv", "jsonl"]


class AuditRow(Struct, frozen=True):
    """One event of the log, as it was stored, and what came of it."""

    event: msgspec.Raw
    """`Event` of the contract."""
    outcome: AuditOutcome
    room_name: str = ""
    """What the room is called now; empty where it is about none."""
    why: str = ""
    """Why it was refused or denied."""
    person: str = ""
    """What the participant is called whom it is about, as far as the gateway still knows."""


class AuditPage(Struct, frozen=True):
    """A part of the audit. With `more`, ask again with `next`: as `after`, or as `before` for the newest first.

    There may be more although there are no rows: a search reads so many entries at a time.
    """

    rows: tuple[AuditRow, ...]
    more: bool = False
    next: int | None = None


class Erased(Struct, frozen=True):
    """A person was taken out of the log."""

    seq: int
    pseudonym: str
    """What stands in the place of the user id now."""
    texts: int


class Removal(Struct, frozen=True):
    """Something was taken out of the log, as it says itself."""

    seq: int
    """Of the record that says so."""
    at: int
    """When, in milliseconds since the epoch."""
    count: int
    """How many entries were trimmed, or texts erased."""
    vouched: bool
    """Whether a checkpoint vouches for that record."""


class Verified(Struct, frozen=True, kw_only=True):
    """What checking the log against its checkpoints showed. `problem` is empty when all is well; else it is the first
    thing that is wrong, with the record's `seq`, time and kind where they are known.
    """

    records: int
    checkpoints: int
    unvouched: int
    """Records after the last checkpoint: nothing shows yet whether they were changed."""
    head: str = ""
    problem: str = ""
    seq: int | None = None
    at: int | None = None
    kind: str = ""
    trims: tuple[Removal, ...] = ()
    """Entries that were too old, taken out on purpose; the older ones of these records are taken out in their turn."""
    erasures: tuple[Removal, ...] = ()
    """People who were erased."""
