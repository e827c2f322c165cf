"""The demo's clouds: how they share the rooms, and who knows what of their accounts."""

import pytest

from moderator.launch.demo_clouds import new_clouds, rooms_of
from moderator.simulator.people import KINDS
from moderator.simulator.platforms import PLATFORMS

CLOUDS = new_clouds()


@pytest.mark.parametrize(
    ("rooms", "shares"),
    [(20, [8, 6, 6]), (1, [1, 0, 0]), (2, [1, 1, 0]), (3, [1, 1, 1]), (7, [3, 2, 2]), (2000, [800, 600, 600])],
)
def test_they_share_the_rooms(rooms: int, shares: list[int]) -> None:
    assert rooms_of(CLOUDS, rooms) == shares


def test_the_simulator_knows_all_of_them() -> None:
    assert {cloud.platform for cloud in CLOUDS} == set(PLATFORMS)
    assert {kind for cloud in CLOUDS for kind in cloud.appointments} == set(KINDS)


def test_no_two_accounts_are_the_same() -> None:
    secrets = [secret for cloud in (*CLOUDS, *new_clouds()) for secret in cloud.secrets.values()]
    assert len(set(secrets)) == len(secrets) == 8


def test_secrets_have_names_of_their_own_for_the_gateway() -> None:
    names = [name for cloud in CLOUDS for name in cloud.for_the_gateway]
    assert names == ["clinic_private_key", "clinic_signature_secret", "school_api_secret", "exams_api_secret"]


def test_no_cloud_learns_a_private_key() -> None:
    assert not [cloud for cloud in CLOUDS if "PRIVATE" in "".join(cloud.known_to_the_cloud.values())]
