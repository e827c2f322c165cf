"""A start is read as it was written, goes on like the original, and is not taken for more than it is."""

import shutil
import zlib
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator import __version__
from moderator.domain.events import Event
from moderator.domain.fold import fold
from moderator.domain.state import State
from moderator.feed.codec import CodecError
from moderator.gateway.ledger_marks import LedgerMarks
from moderator.journal import starts
from moderator.journal.starts import Refusal, Start, decode, encode
from tests.domain.histories import decisions, histories, numbered
from tests.fakes.builders import DAY, an_entry, joined


@given(histories, decisions, st.integers(0, 18))
def test_a_start_goes_on_like_the_original(facts: list[Event], ordered: list[Event], cut: int) -> None:
    entries = numbered([*facts, *ordered])
    state, marks = State(), LedgerMarks()
    for entry in entries[:cut]:
        marks.read(entry.seq, fold(state, entry))
    start = decode(encode(marks.start(state.snapshot())))
    begun, begun_marks = State.from_snapshot(start.snapshot), LedgerMarks.from_start(start)
    for entry in entries[cut:]:
        events = fold(state, entry)
        assert fold(begun, entry) == events
        marks.read(entry.seq, events)
        begun_marks.read(entry.seq, events)
    assert begun.snapshot() == state.snapshot()
    assert begun.all_rooms() == state.all_rooms()
    assert vars(begun_marks) == vars(marks)


def a_start(people: int = 1) -> Start:
    state = State()
    for number in range(people):
        fold(state, an_entry(joined(f"p{number}", DAY), seq=number + 1))
    refused = {event_id: Refusal(7, "somebody was quicker") for event_id in state.verdicts}
    return Start(snapshot=state.snapshot(), head="h", vouched=3, newest=9, refused=refused)  # type: ignore[arg-type]


@pytest.mark.parametrize("people", [0, 1, 2_000, 2_001])
def test_nothing_is_lost_between_lines(people: int) -> None:
    start = a_start(people)
    assert decode(encode(start)) == start
    assert list(decode(encode(start)).snapshot.verdicts) == list(start.snapshot.verdicts), "oldest first"


@pytest.mark.parametrize("spoiled", [b"", b"not compressed", encode(a_start())[:-9], zlib.compress(b"{}\n")])
def test_what_is_damaged_is_not_read(spoiled: bytes) -> None:
    with pytest.raises(CodecError, match="cannot be read"):
        decode(spoiled)


def test_lines_that_are_missing_are_noticed() -> None:
    lines = zlib.decompress(encode(a_start())).split(b"\n")
    with pytest.raises(CodecError, match="cannot be read"):
        decode(zlib.compress(b"\n".join(lines[:2])))


def test_a_fold_that_was_changed_is_another_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = starts.fold_version.__wrapped__()
    assert here.startswith(f"{__version__} (")
    copied = shutil.copytree(Path(files("moderator.domain")), tmp_path / "domain")  # type: ignore[arg-type]
    monkeypatch.setattr(starts, "files", lambda package: copied)
    assert starts.fold_version.__wrapped__() == here
    (copied / "fold.py").write_text("# changed")
    assert starts.fold_version.__wrapped__() != here


def test_another_version_may_fold_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = encode(a_start())
    monkeypatch.setattr(starts, "fold_version", lambda: "9.9.9")
    with pytest.raises(CodecError, match=r"version .* made it, and this is 9\.9\.9"):
        decode(raw)
