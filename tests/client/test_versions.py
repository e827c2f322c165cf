import pytest

from moderator.client.me import Me
from moderator.client.versions import about_versions, is_newer, lacking, newer_gateway

ALL = ("extend", "disconnect", "block", "revoke", "end", "owner", "hold", "appointments", "lock", "duty")


def me(version: str = "0.1.0", features: tuple[str, ...] = ALL) -> Me:
    return Me(name="Maya", scopes=(), version=version, features=features)


@pytest.mark.parametrize(
    ("version", "than", "newer"),
    [
        ("0.2.0", "0.1.0", True),
        ("0.10.0", "0.9.9", True),
        ("0.1.0", "0.1.0", False),
        ("0.1.0", "0.2.0", False),
        ("1.0.0+build", "0.9.0", True),
        ("", "0.1.0", False),
        ("next", "0.1.0", False),
        ("9.9", "0.1.0", False),
        ("\u0661.\u0662.\u0663", "0.1.0", True),
    ],
)
def test_which_version_is_later(version: str, than: str, newer: bool) -> None:
    assert is_newer(version, than) is newer


def test_an_older_gateway_is_met_with_what_it_lacks() -> None:
    older = me("0.0.3", tuple(one for one in ALL if one not in {"lock", "duty"}))
    assert lacking(older) == ("locking rooms", "who is on duty")
    assert about_versions(older).startswith("The gateway is 0.0.3, this program ")
    assert about_versions(older).endswith("Not available until the gateway is updated: locking rooms, who is on duty.")


def test_a_gateway_that_names_no_features_is_not_judged() -> None:
    assert about_versions(me("0.0.1", ())) == ""


def test_a_newer_gateway_asks_for_an_update_of_the_program() -> None:
    assert "an update of this program is due" in about_versions(me("99.0.0", (*ALL, "weather")))
    assert "The gateway is ?" in newer_gateway("")
    assert about_versions(me()) == ""


def test_a_version_steers_nothing() -> None:
    assert "The gateway is 9\ufffd, this" in newer_gateway("9\u202e")
    assert "The gateway is 9\ufffd, this" in about_versions(me("9\x1b", ("extend",)))
