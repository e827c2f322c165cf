"""Whether a log is what its checkpoints vouch for. Pure, and in one pass: a long log does not have to fit into memory.

The records are read once, in order, and so are the leaves of all checkpoints; a record that its leaf does not fit, that
is missing, or that no leaf speaks of although later ones are vouched for, is named.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import dropwhile
from typing import Final, NamedTuple

from msgspec import Struct

from moderator.domain.accounting import Checkpoint, Leaf
from moderator.feed.audit import Removal, Verified
from moderator.journal.integrity import commitment, head_hash, leaf_hash

REMEMBERED: Final = 10_000
"""Leaves: how far the checkpoints of several gateways may overlap and still be compared."""
REMEMBERED_HEADS: Final = 100
"""How many checkpoints of others may stand between one and the one it builds on."""
CHECKPOINT: Final = "checkpoint"
LOG_TRIMMED: Final = "log_trimmed"
UNREADABLE: Final = "?"
"""The kind of a record that is no entry at all."""


class TextRecord(NamedTuple):
    """A personal text beside the log."""

    salt: bytes | None
    value: bytes
    erased: str | None
    """The pseudonym, where it was taken out."""


class Record(NamedTuple):
    """An entry as it is stored."""

    seq: int
    recorded_at: int
    kind: str
    """Of its first event."""
    salt: bytes
    body: bytes
    commitments: Sequence[str]
    texts: Sequence[TextRecord]
    odd: str = ""
    """A column beside the body that says something else than the body."""

    @property
    def leaf(self) -> str:
        """The hash that a checkpoint should have of it."""
        return leaf_hash(self.salt, self.seq, self.body)


class Vouching(NamedTuple):
    """A checkpoint, and the `seq` of the entry it stands in."""

    seq: int
    checkpoint: Checkpoint


class Anchor(Struct, frozen=True, omit_defaults=True):
    """A line of the anchor file: the head of a checkpoint, and where and when it was in the log."""

    seq: int
    head: str
    at: int
    trimmed: bool = False
    """Instead, entries up to `seq` were about to be taken out, and `head` is the hash of what they were."""


class Trim(NamedTuple):
    """That old entries were taken out, and the `seq` and time of the record that says so."""

    seq: int
    at: int
    through: int
    entries: int
    hash: str


class Erasure(NamedTuple):
    """That a person was taken out, and the `seq` and time of the record that says so."""

    seq: int
    at: int
    pseudonym: str
    texts: int


class Evidence(NamedTuple):
    """What a log is checked against, each in the order of the log."""

    records: Iterable[Record]
    checkpoints: Iterable[Vouching]
    anchors: Iterable[Anchor]
    erasures: Sequence[Erasure]
    trims: Sequence[Trim]
    trimmed: int
    """Up to this `seq` entries were taken out, as the store knows beside the log; 0 when none were."""


class _Wrong(Exception):
    def __init__(self, what: str, seq: int, at: int | None = None, kind: str = "") -> None:
        super().__init__(what)
        self.seq, self.at, self.kind = seq, at, kind


def verify(evidence: Evidence) -> Verified:
    """Check a whole log."""
    return _Verifying(evidence).findings()


class _Verifying:
    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._records: Iterator[Record] = self._counted(evidence.records)
        self._erased = frozenset(one.pseudonym for one in evidence.erasures)
        self._first_anchor: Anchor | None = None
        self._anchored_trims: set[tuple[int, str]] = set()
        self._anchors = self._of_checkpoints(evidence.anchors)
        self._anchor = next(self._anchors, None)
        self._count = 0
        self._checkpoints = 0
        self._heads = deque([""], maxlen=REMEMBERED_HEADS)
        self._head = ""
        self._covered = evidence.trimmed
        self._latest: deque[Leaf] = deque(maxlen=REMEMBERED)

    def findings(self) -> Verified:
        unvouched = 0
        try:
            self._check_trimmed()
            for vouching in self._evidence.checkpoints:
                self._check_head(vouching)
                self._compare_anchors(vouching)
                self._chain(vouching)
                self._compare_leaves(vouching.checkpoint)
            for record in self._records:
                self._check_texts(record)
                unvouched += record.kind != CHECKPOINT
            self._no_more_anchors()
            self._check_trims()
        except _Wrong as wrong:
            return self._result(unvouched, str(wrong), wrong)
        return self._result(unvouched)

    def _result(self, unvouched: int, problem: str = "", wrong: _Wrong | None = None) -> Verified:
        return Verified(
            records=self._count,
            checkpoints=self._checkpoints,
            unvouched=unvouched,
            head=self._head,
            problem=problem,
            seq=wrong.seq if wrong else None,
            at=wrong.at if wrong else None,
            kind=wrong.kind if wrong else "",
            trims=tuple(
                Removal(one.seq, one.at, one.entries, one.seq <= self._covered) for one in self._evidence.trims
            ),
            erasures=tuple(
                Removal(one.seq, one.at, one.texts, one.seq <= self._covered) for one in self._evidence.erasures
            ),
        )

    # --- what was taken out ----------------------------------------------------------------------------------------

    def _check_trimmed(self) -> None:
        """The record of the last trimming is never trimmed before there is another."""
        through = max((one.through for one in self._evidence.trims), default=0)
        if through != self._evidence.trimmed:
            what = f"records say that the log was trimmed up to {through}, and the file up to {self._evidence.trimmed}"
            raise _Wrong(what, max(through, self._evidence.trimmed), kind=LOG_TRIMMED)

    def _check_trims(self) -> None:
        """Those from before there was an anchor are not in it."""
        for one in self._evidence.trims:
            is_anchored = (one.through, one.hash) in self._anchored_trims
            if self._first_anchor is not None and self._first_anchor.seq < one.seq and not is_anchored:
                raise _Wrong("entries were taken out, and the anchor does not say so", one.seq, one.at, LOG_TRIMMED)

    # --- checkpoints -----------------------------------------------------------------------------------------------

    def _check_head(self, vouching: Vouching) -> None:
        seq, checkpoint = vouching
        if head_hash(checkpoint.previous, checkpoint.leaves) != checkpoint.head:
            raise _Wrong("the checkpoint was altered", seq, kind=CHECKPOINT)

    def _chain(self, vouching: Vouching) -> None:
        seq, checkpoint = vouching
        is_first_left = self._evidence.trimmed > 0 and self._checkpoints == 0
        if checkpoint.previous not in self._heads and not is_first_left:
            self._look_closer(checkpoint)
            raise _Wrong("the checkpoint before this one is missing or was altered", seq, kind=CHECKPOINT)
        self._heads.extend((checkpoint.previous, checkpoint.head))
        self._head = checkpoint.head
        self._checkpoints += 1

    def _look_closer(self, checkpoint: Checkpoint) -> None:
        """The checkpoint before is a record too, and perhaps this one has its leaf. Raises _Wrong for that record."""
        first = min((leaf.seq for leaf in checkpoint.leaves), default=0)
        self._records = dropwhile(lambda record: record.seq < first, self._records)
        self._compare_leaves(checkpoint)

    def _compare_leaves(self, checkpoint: Checkpoint) -> None:
        for leaf in checkpoint.leaves:
            if leaf.seq > self._covered:
                self._compare(leaf, checkpoint)
                self._covered = leaf.seq
                self._latest.append(leaf)
            elif leaf.seq > self._evidence.trimmed and self._contradicts(leaf):
                raise _Wrong("two checkpoints do not agree about the record", leaf.seq)

    def _compare(self, leaf: Leaf, checkpoint: Checkpoint) -> None:
        record = next(self._records, None)
        if record is None or record.seq > leaf.seq:
            raise _Wrong("the record is missing", leaf.seq)
        if record.seq < leaf.seq:
            raise self._wrong("the record was added afterwards", record)
        if record.leaf != leaf.hash:
            was_at = _place_of(record, checkpoint)
            what = "the record was altered" if was_at is None else f"the record was moved here from {was_at}"
            raise self._wrong(what, record)
        self._check_texts(record)

    def _contradicts(self, leaf: Leaf) -> bool:
        """Leaves that were compared long ago are not remembered."""
        if not self._latest or leaf.seq < self._latest[0].seq:
            return False
        return leaf not in self._latest

    # --- records ---------------------------------------------------------------------------------------------------

    def _counted(self, records: Iterable[Record]) -> Iterator[Record]:
        for record in records:
            if record.seq <= 0:
                raise self._wrong("the record has a number that no record is given", record)
            if record.seq <= self._evidence.trimmed:
                raise self._wrong("the record stands where all were taken out", record)
            self._count += 1
            yield record

    def _check_texts(self, record: Record) -> None:
        if record.kind == UNREADABLE:
            raise self._wrong("the record cannot be read", record)
        for number, expected in enumerate(record.commitments):
            if number >= len(record.texts):
                raise self._wrong("a personal text of the record is missing, and nobody erased it", record)
            salt, value, erased = record.texts[number]
            if salt is None and erased not in self._erased:
                raise self._wrong("a personal text of the record was erased, and the log does not say so", record)
            if salt is not None and commitment(salt, value) != expected:
                raise self._wrong("a personal text of the record was altered", record)
        if len(record.texts) > len(record.commitments):
            raise self._wrong("the record was given a personal text afterwards", record)
        if record.odd:
            raise self._wrong(f"the column {record.odd} does not say what the record says", record)

    def _wrong(self, what: str, record: Record) -> _Wrong:
        return _Wrong(what, record.seq, record.recorded_at, record.kind)

    # --- anchors ---------------------------------------------------------------------------------------------------

    def _of_checkpoints(self, anchors: Iterable[Anchor]) -> Iterator[Anchor]:
        for anchor in anchors:
            if anchor.trimmed:
                self._anchored_trims.add((anchor.seq, anchor.head))
            else:
                self._first_anchor = self._first_anchor or anchor
                yield anchor

    def _compare_anchors(self, vouching: Vouching) -> None:
        while self._anchor is not None and self._anchor.seq <= vouching.seq:
            if self._anchor.seq == vouching.seq and self._anchor.head != vouching.checkpoint.head:
                raise _Wrong("the checkpoint is another than the anchor says", vouching.seq, self._anchor.at)
            if self._anchor.seq < vouching.seq:
                self._is_missing(self._anchor)
            self._anchor = next(self._anchors, None)

    def _no_more_anchors(self) -> None:
        while self._anchor is not None:
            self._is_missing(self._anchor)
            self._anchor = next(self._anchors, None)

    def _is_missing(self, anchor: Anchor) -> None:
        """A checkpoint that was trimmed is not missing."""
        if anchor.seq > self._evidence.trimmed:
            raise _Wrong("the log was cut: a checkpoint that the anchor names is missing", anchor.seq, anchor.at)


def _place_of(record: Record, checkpoint: Checkpoint) -> int | None:
    """Where else a record stood, when it was moved; None when it is not one of these."""
    places = (leaf.seq for leaf in checkpoint.leaves)
    hashes = {leaf.hash for leaf in checkpoint.leaves}
    return next((seq for seq in places if leaf_hash(record.salt, seq, record.body) in hashes), None)
