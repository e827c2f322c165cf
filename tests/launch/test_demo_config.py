"""The demo's configuration is one that the gateway takes, and its world runs as fast as was asked."""

from pathlib import Path

import msgspec
import pytest

from moderator.gateway.config import Config, load_config
from moderator.gateway.secrets import Handed
from moderator.launch.demo_config import configuration, new_account

ACCOUNT = new_account("s" * 64)
CLOUD = "http://127.0.0.1:20000"


def loaded(tmp_path: Path, speed: float) -> Config:
    path = tmp_path / "moderator.toml"
    path.write_text(configuration(ACCOUNT.application_id, CLOUD, speed), encoding="utf-8")
    return load_config(path, Handed(key="k" * 64, name="you", log="log.db", secrets=ACCOUNT.for_the_gateway()))


@pytest.mark.parametrize(
    ("speed", "times_ms"),
    [
        (1, (3_600_000, 300_000, 1_800_000, 120_000, (300_000, 60_000, 20_000))),
        (10, (360_000, 30_000, 180_000, 12_000, (30_000, 6_000, 2_000))),
        (0.5, (7_200_000, 600_000, 3_600_000, 240_000, (600_000, 120_000, 40_000))),
        (7, (514_286, 42_857, 257_143, 17_143, (42_857, 8_571, 2_857))),
    ],
)
def test_its_times_are_divided_by_the_speed(tmp_path: Path, speed: float, times_ms: tuple[object, ...]) -> None:
    (type_,) = loaded(tmp_path, speed).room_types
    found = (
        type_.duration_ms,
        type_.extension_step_ms,
        type_.max_extension_ms,
        type_.resume_within_ms,
        type_.warn_ms,
    )
    assert found == times_ms


def test_a_guest_is_shown_and_left_to_the_moderator(tmp_path: Path) -> None:
    (type_,) = loaded(tmp_path, 10).room_types
    assert (type_.max_people, type_.mode) == (2, "observe")


def test_the_gateway_speaks_to_the_simulated_cloud_with_the_account(tmp_path: Path) -> None:
    (source,) = loaded(tmp_path, 10).sources
    options = source.options
    assert (options.base_url, options.application_id) == (CLOUD, ACCOUNT.application_id)
    assert (options.private_key, options.signature_secret) == (ACCOUNT.private_key, "s" * 64)


def test_the_file_holds_no_secret() -> None:
    text = configuration(ACCOUNT.application_id, CLOUD, 10)
    assert not [secret for secret in ACCOUNT.for_the_gateway().values() if secret in text]


def test_the_cloud_does_not_learn_the_private_key() -> None:
    assert b"PRIVATE" not in msgspec.json.encode(ACCOUNT.for_the_cloud())
