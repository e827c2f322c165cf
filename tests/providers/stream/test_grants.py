import pytest

from moderator.providers.provider import ACTIONS
from moderator.providers.stream.grants import NEEDED, unavailable
from tests.providers.stream.made import MAY_ALL


def test_an_account_that_may_everything() -> None:
    assert unavailable(MAY_ALL) == {}
    assert set(NEEDED) <= set(ACTIONS)


@pytest.mark.parametrize("told", [None, (), []])
def test_nothing_told_is_nothing_known(told: list[str] | None) -> None:
    assert unavailable(told) is None


@pytest.mark.parametrize(
    ("missing", "actions"),
    [
        ("change-max-duration", {"extend"}),
        ("kick-user", {"disconnect", "block"}),
        ("block-users", {"block", "readmit"}),
        ("mute-users", {"mute", "revoke", "stop_stream"}),
        ("update-call-permissions", {"revoke", "stop_stream"}),
        ("end-call", {"end"}),
    ],
)
def test_what_each_grant_is_for(missing: str, actions: set[str]) -> None:
    found = unavailable([one for one in MAY_ALL if one != missing])
    assert found == dict.fromkeys(actions, f"Stream does not grant {missing} to this account here.")
