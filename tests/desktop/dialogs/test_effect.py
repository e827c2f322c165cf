import pytest
from msgspec.structs import replace

from moderator.desktop.dialogs.effect import cannot_block, effect, preselected, remark
from moderator.domain.rooms import Room
from moderator.domain.settings import Capability
from tests.fakes.desktop import ALL_BY_PROVIDER, a_person, a_room, a_violation

BILL = a_person("bill", "Bill Buffalo")
NOBODY = a_person("c7", "", user="")


def where_blocks(capability: Capability) -> Room:
    return replace(a_room(), capabilities={**ALL_BY_PROVIDER, "block": capability})


@pytest.mark.parametrize(
    ("by", "block", "sentence"),
    [
        ("provider", True, "Cannot rejoin: the platform refuses them."),
        ("provider", 600, "Re-disconnected by the gateway when coming back."),
        ("gateway", True, "Re-disconnected by the gateway when coming back."),
        ("provider", False, "Can rejoin with the same link."),
        ("gateway", False, "Can rejoin with the same link."),
        (None, True, "Can rejoin with the same link."),
    ],
)
def test_what_follows_on_each_platform(by: str | None, block: bool | int, sentence: str) -> None:
    room = where_blocks(Capability(by))  # type: ignore[arg-type]  # one of the three
    assert effect(room, (BILL,), block=block) == sentence


def test_nobody_without_identity_can_be_blocked() -> None:
    room = where_blocks(Capability("provider"))
    assert cannot_block(room, (NOBODY,)) == "Cannot be blocked: no identity is known."
    assert effect(room, (NOBODY,), block=True) == "Can rejoin with the same link."


def test_a_platform_that_cannot_block_says_why() -> None:
    room = where_blocks(Capability(None, "tokens are for everybody"))
    assert cannot_block(room, (BILL,)) == "Cannot be blocked: tokens are for everybody."


def test_the_reason_that_policy_found_is_chosen_beforehand() -> None:
    violated = a_room(violations=[replace(a_violation("bill"), reason="not_listed")])
    assert preselected(violated, (BILL,)) == "not_listed"
    assert preselected(a_room(), (BILL,)) == "other"  # nobody is accused by a mere Enter
    assert preselected(a_room(violations=[replace(a_violation("bill"), reason="too_loud")]), (BILL,)) == "other"


def test_what_the_platform_says_steers_nothing() -> None:
    room = where_blocks(Capability(None, "no\u202e"))
    assert cannot_block(room, (BILL,)) == "Cannot be blocked: no\ufffd."
    assert remark(replace(room, capabilities={"disconnect": Capability("provider", "slow\x1b")})) == "Slow\ufffd."
