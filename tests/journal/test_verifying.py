"""What checking a log names as the first thing that is wrong."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from moderator.domain.accounting import Checkpoint, Leaf
from moderator.feed.audit import Removal, Verified
from moderator.journal.integrity import commitment, head_hash
from moderator.journal.verifying import Anchor, Erasure, Evidence, Record, TextRecord, Trim, Vouching, verify

SALT = b"s" * 16


def a_record(seq: int, kind: str = "participant_left", text: bytes | None = None) -> Record:
    texts = [] if text is None else [TextRecord(SALT, text, None)]
    commitments = [] if text is None else [commitment(SALT, text)]
    return Record(seq, 1000 + seq, kind, SALT, f"body {seq}".encode(), commitments, texts)


def a_checkpoint(seq: int, records: list[Record], previous: str) -> Vouching:
    leaves = tuple(Leaf(record.seq, record.leaf) for record in records)
    return Vouching(seq, Checkpoint(leaves=leaves, previous=previous, head=head_hash(previous, leaves)))


class Log:
    """Records 1 to 3, a checkpoint in 4 that vouches for them, 5 and 6 with a text, 7 vouches for 4 to 6, then 8."""

    def __init__(self) -> None:
        self.records = [a_record(seq) for seq in (1, 2, 3)]
        first = a_checkpoint(4, self.records, "")
        self.records += [a_record(4, "checkpoint"), a_record(5), a_record(6, text=b"anna")]
        self.checkpoints = [first, a_checkpoint(7, self.records[3:], first.checkpoint.head)]
        self.records += [a_record(7, "checkpoint"), a_record(8)]
        self.anchors = [Anchor(one.seq, one.checkpoint.head, 5000) for one in self.checkpoints]
        self.erasures: list[Erasure] = []
        self.trims: list[Trim] = []
        self.trimmed = 0

    def found(self) -> Verified:
        streams = iter(self.records), iter(self.checkpoints), iter(self.anchors)
        return verify(Evidence(*streams, self.erasures, self.trims, self.trimmed))

    def change(self, seq: int, **members: Any) -> None:
        at = next(index for index, record in enumerate(self.records) if record.seq == seq)
        self.records[at] = self.records[at]._replace(**members)

    def remove(self, *seqs: int) -> None:
        self.records = [record for record in self.records if record.seq not in seqs]


def test_a_log_as_it_was_written() -> None:
    log = Log()
    head = log.checkpoints[-1].checkpoint.head
    assert log.found() == Verified(records=8, checkpoints=2, unvouched=1, head=head)


def test_an_empty_log() -> None:
    assert verify(Evidence((), (), (), (), (), 0)) == Verified(records=0, checkpoints=0, unvouched=0)


def alter(log: Log) -> None:
    log.change(2, body=b"another body")


def swap(log: Log) -> None:
    log.records[1], log.records[2] = log.records[2]._replace(seq=2), log.records[1]._replace(seq=3)


def add(log: Log) -> None:
    log.remove(5)
    log.records.insert(4, a_record(5))
    log.checkpoints[1] = a_checkpoint(7, [log.records[3], log.records[5]], log.checkpoints[0].checkpoint.head)
    log.anchors.clear()


def alter_checkpoint(log: Log) -> None:
    seq, checkpoint = log.checkpoints[0]
    log.checkpoints[0] = Vouching(seq, replace(checkpoint, leaves=checkpoint.leaves[1:]))


def forge_checkpoint(log: Log) -> None:
    """The head is right for what it says, and the one after it does not build on it."""
    log.checkpoints[0] = a_checkpoint(4, log.records[:3], "another")


def drop_checkpoint(log: Log) -> None:
    log.remove(4)
    del log.checkpoints[0]
    log.anchors.clear()


def erase_in_silence(log: Log) -> None:
    log.change(6, texts=[TextRecord(None, b"{}", "erased-1")])


TAMPERED: list[tuple[Callable[[Log], object], int, str]] = [
    (alter, 2, "the record was altered"),
    (swap, 2, "the record was moved here from 3"),
    (lambda log: log.remove(3), 3, "the record is missing"),
    (lambda log: log.remove(5), 5, "the record is missing"),
    (lambda log: log.remove(1, 2, 3), 1, "the record is missing"),
    (add, 5, "the record was added afterwards"),
    (alter_checkpoint, 4, "the checkpoint was altered"),
    (forge_checkpoint, 4, "the checkpoint is another than the anchor says"),
    (drop_checkpoint, 4, "the record is missing"),
    (erase_in_silence, 6, "a personal text of the record was erased, and the log does not say so"),
    (lambda log: log.change(6, texts=[TextRecord(SALT, b"bob", None)]), 6, "a personal text of the record was altered"),
    (lambda log: log.change(6, texts=[]), 6, "a personal text of the record is missing, and nobody erased it"),
    (
        lambda log: log.change(5, texts=[TextRecord(SALT, b"bob", None)]),
        5,
        "the record was given a personal text afterwards",
    ),
]


@pytest.mark.parametrize(("tamper", "seq", "problem"), TAMPERED)
def test_the_first_thing_that_is_wrong_is_named(tamper: Callable[[Log], object], seq: int, problem: str) -> None:
    log = Log()
    tamper(log)
    found = log.found()
    assert (found.seq, found.problem) == (seq, problem)


def test_a_record_is_named_with_its_time_and_kind() -> None:
    log = Log()
    alter(log)
    found = log.found()
    assert (found.at, found.kind) == (1002, "participant_left")


def test_the_chain_of_checkpoints_has_no_gap() -> None:
    log = Log()
    log.anchors.clear()
    log.checkpoints[1] = a_checkpoint(7, log.records[3:6], "another")
    assert (log.found().seq, log.found().problem) == (7, "the checkpoint before this one is missing or was altered")


def test_what_was_erased_and_recorded_is_no_fault() -> None:
    log = Log()
    erase_in_silence(log)
    log.erasures.append(Erasure(8, 1008, "erased-1", 1))
    assert log.found().problem == ""
    assert log.found().erasures == (Removal(8, 1008, 1, vouched=False),)


def test_without_an_anchor_a_log_that_was_cut_looks_well_and_with_one_it_does_not() -> None:
    log = Log()
    log.remove(5, 6, 7, 8)
    del log.checkpoints[1]
    found = log.found()
    assert (found.seq, found.at) == (7, 5000)
    assert found.problem == "the log was cut: a checkpoint that the anchor names is missing"
    log.anchors.clear()
    assert log.found().problem == ""


def test_what_was_trimmed_is_not_missing() -> None:
    log = Log()
    log.trimmed, log.trims = 5, [Trim(8, 1008, 5, 5, "hash")]
    log.remove(1, 2, 3, 4, 5)
    del log.checkpoints[0]
    log.anchors.append(Anchor(5, "hash", 1008, trimmed=True))
    assert log.found().problem == ""
    assert log.found().trims == (Removal(8, 1008, 5, vouched=False),)
    log.remove(6)
    assert log.found().seq == 6


def trim_by_record(log: Log) -> None:
    """Only a record says so: what it is about was altered instead."""
    log.trims = [Trim(8, 1008, 3, 3, "hash")]
    alter(log)


def trim_in_full(log: Log) -> None:
    """As a gateway does, but for the anchor."""
    log.trimmed, log.trims = 5, [Trim(8, 1008, 5, 5, "hash")]
    log.remove(1, 2, 3, 4, 5)
    del log.checkpoints[0]


def leave_behind(log: Log) -> None:
    trim_in_full(log)
    log.records.insert(0, a_record(2))


@pytest.mark.parametrize(
    ("tamper", "seq", "problem"),
    [
        (trim_by_record, 3, "records say that the log was trimmed up to 3, and the file up to 0"),
        (trim_in_full, 8, "entries were taken out, and the anchor does not say so"),
        (leave_behind, 2, "the record stands where all were taken out"),
        (lambda log: log.records.insert(0, a_record(0)), 0, "the record has a number that no record is given"),
        (lambda log: log.records.insert(0, a_record(-3)), -3, "the record has a number that no record is given"),
        (lambda log: log.change(5, odd="entries.id"), 5, "the column entries.id does not say what the record says"),
    ],
)
def test_a_removal_that_no_gateway_made(tamper: Callable[[Log], object], seq: int, problem: str) -> None:
    log = Log()
    tamper(log)
    assert (log.found().seq, log.found().problem) == (seq, problem)


def test_a_trimming_from_before_there_was_an_anchor_need_not_be_in_it() -> None:
    log = Log()
    trim_in_full(log)
    log.anchors = [Anchor(9, log.checkpoints[-1].checkpoint.head, 5000)]
    log.records.append(a_record(9, "checkpoint"))
    log.checkpoints[-1] = Vouching(9, log.checkpoints[-1].checkpoint)
    assert log.found().problem == ""


def test_two_gateways_over_the_same_entries() -> None:
    """Each vouches on its own, both for the same entries and for the other's checkpoint."""
    records = [a_record(seq) for seq in (1, 2, 3)]
    one = a_checkpoint(4, records, "")
    other = a_checkpoint(5, records[:2], "")
    records += [a_record(4, "checkpoint"), a_record(5, "checkpoint"), a_record(6)]
    next_one = a_checkpoint(7, records[3:], one.checkpoint.head)
    next_other = a_checkpoint(8, records[2:], other.checkpoint.head)
    records += [a_record(7, "checkpoint"), a_record(8, "checkpoint")]
    found = verify(Evidence(records, [one, other, next_one, next_other], (), (), (), 0))
    assert (found.problem, found.checkpoints, found.unvouched) == ("", 4, 0)
    lying = a_checkpoint(5, [records[0], records[1]._replace(body=b"?")], "")
    found = verify(Evidence(records, [one, lying], (), (), (), 0))
    assert (found.seq, found.problem) == (2, "two checkpoints do not agree about the record")
