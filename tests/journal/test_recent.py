from moderator.journal import recent
from moderator.journal.recent import Recent
from moderator.journal.sqlite_writer import Added
from tests.fakes.builders import DAY, an_entry, joined


def stored(seq: int, size: int = 100) -> Added:
    return Added(an_entry(joined("p", DAY), seq=seq), size)


def seqs(kept: Recent, after: int) -> list[int] | None:
    found = kept.after(after)
    return None if found is None else [entry.seq for entry in found]


def test_what_is_newer_than_a_position() -> None:
    kept = Recent(10)
    kept.add([stored(11), stored(13)])
    kept.add([stored(14)])
    assert (seqs(kept, 10), seqs(kept, 12), seqs(kept, 14), seqs(kept, 99)) == ([11, 13, 14], [13, 14], [], [])
    assert seqs(kept, 9) is None, "entry 10 may exist, and is not here"


def test_it_does_not_grow_beyond_its_bounds() -> None:
    kept = Recent(0)
    kept.add([stored(seq) for seq in range(1, 2_001)])
    assert (kept.floor, seqs(kept, 999)) == (2_000 - recent.MOST_ENTRIES, None)
    kept.add([stored(2_001, recent.MOST_BYTES + 1)])
    assert (kept.floor, seqs(kept, 2_001)) == (2_001, [])
