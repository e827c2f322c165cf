"""Named gateways, and what is said where a file is not as it should be."""

from pathlib import Path

import pytest

from moderator.cli.failures import Failure
from moderator.cli.profiles import Profile, read_profile


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "profiles.toml"
    path.write_text(text, encoding="latin-1")
    return path


def test_a_profile_names_a_gateway_and_a_file_beside_it(tmp_path: Path) -> None:
    text = "[work]\ngateway = 'https://moderation.example.org/'\ntoken_file = 'work.token'\n"
    profile = read_profile(written(tmp_path, text), "work")
    assert profile.gateway == "https://moderation.example.org"
    assert profile.token_file == str(tmp_path / "work.token")


def test_a_file_of_the_user_or_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    text = "[a]\ngateway = 'http://h'\ntoken_file = '~/t'\n[b]\ngateway = 'http://h'\ntoken_file = '/etc/t'\n"
    path = written(tmp_path, text)
    assert read_profile(path, "a").token_file == str(tmp_path / "me" / "t")
    assert read_profile(path, "b").token_file == "/etc/t"


def test_a_profile_without_a_token_is_one_to_sign_in_at(tmp_path: Path) -> None:
    assert read_profile(written(tmp_path, "[work]\ngateway = 'http://h'\n"), "work") == Profile("http://h")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "has no profile 'work': choose one of .there is none."),
        ("[home]\n[away]\n", "has no profile 'work': choose one of away, home"),
        ("[work", "is not TOML"),
        ("work = " + "9" * 5_000, "is not TOML"),
        ("work = " + "[" * 50_000, "is not TOML"),
        ("work = '\xff'", "is not TOML"),
        ("work = 1", "work: .*token_file"),
        ("[work]\ntoken_file = 't'\n", "work: .*gateway"),
        ("[work]\ngateway = 'http://h'\ntoken_file = 't'\ntoken = 'x'\n", "work: .*`token`"),
        ("[work]\ngateway = 'h'\ntoken_file = 't'\n", r"work\.gateway: write the gateway's address like https"),
    ],
)
def test_what_is_wrong_with_it(tmp_path: Path, text: str, why: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(Failure, match=why) as caught:
        read_profile(path, "work")
    assert str(path) in str(caught.value)


def test_without_profiles_it_says_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"profiles\.toml with a table \[NAME\], gateway = "):
        read_profile(tmp_path / "profiles.toml", "work")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "profiles.toml").mkdir()
    with pytest.raises(Failure, match="cannot be read: Is a directory"):
        read_profile(tmp_path / "profiles.toml", "work")
