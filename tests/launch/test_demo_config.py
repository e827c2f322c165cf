"""The demo's configuration is one that the gateway takes, and its world runs as fast as was asked."""

from pathlib import Path

import pytest

from moderator.domain.settings import RoomType
from moderator.gateway.configuration.config import Config, load_config
from moderator.gateway.configuration.secrets import Handed
from moderator.launch.demo_clouds import new_clouds
from moderator.launch.demo_config import configuration

CLOUDS = new_clouds()
SECRETS = {name: value for cloud in CLOUDS for name, value in cloud.for_the_gateway.items()}
ADDRESSED = [(cloud, f"http://127.0.0.1:{20_000 + number}") for number, cloud in enumerate(CLOUDS)]


def loaded(tmp_path: Path, speed: float) -> Config:
    path = tmp_path / "moderator.toml"
    path.write_text(configuration(ADDRESSED, speed), encoding="utf-8")
    return load_config(path, Handed(key="k" * 64, name="you", log="log.db", secrets=SECRETS))


def types(tmp_path: Path, speed: float) -> dict[str, RoomType]:
    return {one.name: one for one in loaded(tmp_path, speed).room_types}


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
    type_ = types(tmp_path, speed)["clinic"]
    found = (
        type_.duration_ms,
        type_.extension_step_ms,
        type_.max_extension_ms,
        type_.resume_within_ms,
        type_.warn_ms,
    )
    assert found == times_ms


def test_rooms_whose_end_the_platform_keeps_have_no_duration(tmp_path: Path) -> None:
    found = {name: one.duration_ms for name, one in types(tmp_path, 10).items()}
    assert found == {"clinic": 360_000, "school": None, "exams": 360_000, "listed exam": 360_000}


def test_a_guest_is_shown_and_left_to_the_moderator(tmp_path: Path) -> None:
    found = types(tmp_path, 10)
    del found["listed exam"]
    assert {(one.max_people, one.mode) for one in found.values()} == {(2, "observe")}


def test_only_who_is_listed_stays_in_an_announced_exam_and_nobody_is_cut_off(tmp_path: Path) -> None:
    listed = types(tmp_path, 10)["listed exam"]
    assert (listed.allow, listed.mode, listed.on_expiry) == ("listed", "enforce", "alert")


def test_the_gateway_speaks_to_each_cloud_with_its_account(tmp_path: Path) -> None:
    sources = loaded(tmp_path, 10).sources
    assert [(one.name, one.provider_name, one.options.base_url) for one in sources] == [
        ("clinic", "vonage", "http://127.0.0.1:20000"),
        ("school", "stream", "http://127.0.0.1:20001"),
        ("exams", "livekit", "http://127.0.0.1:20002"),
    ]
    for source, cloud in zip(sources, CLOUDS, strict=True):
        known = cloud.options | cloud.secrets
        assert {key: getattr(source.options, key) for key in known} == known


def test_the_file_holds_no_secret() -> None:
    text = configuration(ADDRESSED, 10)
    assert not [secret for secret in SECRETS.values() if secret in text]
