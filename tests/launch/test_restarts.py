import pytest

from moderator.launch.restarts import HEALTHY_S, Restarts


@pytest.mark.parametrize(
    ("ran_s", "pauses"),
    [
        ([0, 0, 0, 0], [0.5, 2.0, 5.0, None]),
        ([0, 0, 0, HEALTHY_S, 0, 0, 0], [0.5, 2.0, 5.0, 0.5, 2.0, 5.0, None]),
        ([HEALTHY_S - 1] * 4, [0.5, 2.0, 5.0, None]),
        ([HEALTHY_S] * 5, [0.5] * 5),
        ([0, 0, 0, 0, 0], [0.5, 2.0, 5.0, None, None]),
    ],
)
def test_three_restarts_and_again_after_a_healthy_minute(ran_s: list[float], pauses: list[float | None]) -> None:
    restarts = Restarts()
    assert [restarts.pause_s(one) for one in ran_s] == pauses
