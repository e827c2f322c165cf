import gc
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from moderator.desktop import garbage
from tests.fakes.desktop import FakeStore


@pytest.fixture
def thresholds() -> Iterator[tuple[int, int, int]]:
    before = gc.get_threshold()
    yield before
    gc.set_threshold(*before)
    gc.unfreeze()


def test_what_a_snapshot_brought_is_not_searched(
    qapp: QApplication, store: FakeStore, thresholds: tuple[int, int, int]
) -> None:
    garbage.pass_over(store)
    assert gc.get_threshold() == (*thresholds[:2], garbage.RARELY)
    store.replaced.emit()
    frozen = gc.get_freeze_count()
    assert frozen > 1_000
    kept = [[] for _ in range(100)]  # type: ignore[var-annotated]  # whatever is searched
    gc.collect()
    assert gc.get_freeze_count() >= frozen + len(kept), "nor what a whole search has found"
    garbage.clear_away()
    assert gc.get_freeze_count() == 0
