from pathlib import Path

import pytest

from moderator.cli.profiles import Profile, read_profile
from moderator.launch.profiles import DEFAULT_PROFILE, has_profile, keep_default


def test_the_gateway_that_was_chosen_is_the_default_from_then_on(tmp_path: Path) -> None:
    path = tmp_path / "profiles.toml"
    path.write_text("[work]  # ours\ngateway = 'https://work.example.org'\n")
    assert not has_profile(path, DEFAULT_PROFILE)
    for url in ("https://a.example.org", "https://b.example.org"):
        keep_default(path, url)
        assert read_profile(path, DEFAULT_PROFILE) == Profile(gateway=url)
    assert has_profile(path, DEFAULT_PROFILE)
    assert path.read_text().startswith("[work]  # ours")


def test_there_need_not_be_a_file_before(tmp_path: Path) -> None:
    assert not has_profile(tmp_path / "profiles.toml", DEFAULT_PROFILE)
    keep_default(tmp_path / "new" / "profiles.toml", "https://a.example.org")
    assert has_profile(tmp_path / "new" / "profiles.toml", DEFAULT_PROFILE)


@pytest.mark.parametrize("content", [b"x = = 1", b"\xff", b"default = 5", b"[[default]]", b"a=" + b"[" * 2000])
def test_a_file_that_cannot_be_read_is_not_written_over(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "profiles.toml"
    path.write_bytes(content)
    assert has_profile(path, DEFAULT_PROFILE), "who reads it says what is wrong"
    with pytest.raises(OSError, match="not"):
        keep_default(path, "https://a.example.org")
    assert path.read_bytes() == content
