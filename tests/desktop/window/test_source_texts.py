import pytest

from moderator.desktop.window.source_texts import policy_text
from moderator.domain.settings import Mode


@pytest.mark.parametrize(
    ("modes", "held", "said"),
    [
        (set(), False, ""),
        ({"enforce"}, False, "Policy: enforce"),
        ({"observe"}, True, "Policy: observe only"),
        ({"off"}, False, "Policy: off"),
        ({"enforce", "observe"}, False, "Policy: differs by room type"),
        ({"enforce", "observe"}, True, "Policy: held"),
    ],
)
def test_how_policies_are_carried_out(modes: set[Mode], held: bool, said: str) -> None:
    assert policy_text(modes, held=held) == said
