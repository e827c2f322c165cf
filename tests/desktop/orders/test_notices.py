import pytest

from moderator.desktop.orders.notices import failure_sentence


@pytest.mark.parametrize("why", ["the gateway is away", "the gateway is away.", " the gateway is away. "])
def test_a_failure_is_one_sentence(why: str) -> None:
    found = failure_sentence("Could not extend {room}: {why}.", why, room="cardio-14")
    assert found == "Could not extend cardio-14: the gateway is away."
