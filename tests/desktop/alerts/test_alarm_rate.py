"""How often a moderator is interrupted."""

from moderator.desktop.alerts.alarm_rate import CALM, MOST, WITHIN_MS, AlarmRate, counted, rate_alerts
from moderator.desktop.alerts.board import AlertBoard
from tests.fakes.desktop import NOW, FakeStore


def said(rate: AlarmRate) -> list[str]:
    return [one.id for one in rate_alerts(rate)]


def test_ten_in_ten_minutes_are_no_more_than_anybody_can_take() -> None:
    rate = counted(AlarmRate(), MOST, NOW)
    assert said(rate) == []
    assert said(counted(rate, 1, NOW + WITHIN_MS)) == [], "the others are too long ago"
    assert said(counted(rate, 1, NOW + WITHIN_MS - 1)) == [f"rate {NOW + WITHIN_MS - 1}"]


def test_it_is_one_alert_until_it_is_much_better() -> None:
    rate = counted(AlarmRate(), MOST + 1, NOW)
    (first,) = said(rate)
    rate = counted(rate, CALM + 1, NOW + WITHIN_MS)
    assert said(rate) == [first]
    rate = counted(rate, 0, NOW + 2 * WITHIN_MS)
    assert said(rate) == []
    assert said(counted(rate, MOST + 1, NOW + 3 * WITHIN_MS)) not in ([], [first])


def test_the_board_says_it_once(store: FakeStore) -> None:
    board = AlertBoard(store)
    for _ in range(MOST + 1):
        board.interrupted(1)
    assert [(one.kind, one.level) for one in board.alerts] == [("rate", "info")]
    assert "Look after fewer rooms" in board.alerts[0].text
    board.dismiss(board.alerts[0])
    board.interrupted(1)
    assert board.alerts == ()


def test_where_the_rooms_time_runs_quicker_so_many_more_are_usual() -> None:
    assert said(counted(AlarmRate(), 10 * MOST, NOW, pace=10)) == []
    assert said(counted(AlarmRate(), 10 * MOST + 1, NOW, pace=10)) == [f"rate {NOW}"]
