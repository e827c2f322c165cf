"""How far back a reader can come back, in entries and in memory."""

import pytest

from moderator.domain.events import Event, ParticipantJoined, ProviderEventUnknown
from moderator.gateway import recent
from moderator.gateway.recent import Recent
from tests.fakes.builders import DAY, a_fact, joined


def large(number: int) -> Event:
    return a_fact(ProviderEventUnknown(problem="?", body="x" * 10_000), DAY + number)


def test_large_entries_are_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "MOST_BYTES", 100_000)
    kept = Recent()
    for seq in range(1, 51):
        kept.add(seq, [large(seq)])
    assert kept.since(40) is None
    newest = kept.since(42)
    assert newest is not None
    assert [event.at - DAY for event in newest] == list(range(43, 51))


def test_one_that_is_larger_than_all_may_be_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "MOST_BYTES", 5_000)
    kept = Recent()
    kept.add(1, [joined("c1", DAY)])
    kept.add(2, [large(2)])
    assert kept.since(1) is None
    assert list(kept.since(2) or ["?"]) == []


def test_tables_count_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "MOST_BYTES", 5_000)
    kept = Recent()
    kept.add(1, [a_fact(ParticipantJoined(participant="c1", platform={str(n): "" for n in range(50)}), DAY)])
    assert kept.since(0) is None
