from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QSettings

from moderator.desktop.preferences import Preference, Preferences
from tests.fakes.full_disk import full_disk

NAME, COUNT, ON = Preference("a/name", "nobody"), Preference("a/count", 3), Preference("a/on", True)
PLACE, DEEP = Preference("b/place", QByteArray()), Preference("a/room/lock", "L")


@pytest.mark.parametrize(
    ("preference", "value"),
    [
        (NAME, "Maya"),
        (NAME, ""),
        (NAME, ' "a=b", [c]\n# d\u2028'),
        (COUNT, -7),
        (ON, False),
        (PLACE, QByteArray(b"\0\xff=")),
        (DEEP, "Ctrl+="),
    ],
)
def test_what_was_chosen_is_there_after_a_restart(tmp_path: Path, preference: Any, value: Any) -> None:
    preferences = Preferences(tmp_path / "window.ini")
    assert preferences.get(preference) == preference.default
    preferences.put(preference, value)
    again = Preferences(tmp_path / "window.ini")
    assert again.get(preference) == value
    again.forget(preference)
    assert again.get(preference) == preference.default
    assert Preferences(tmp_path / "window.ini").get(preference) == preference.default


@given(st.text())
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("any") / "window.ini"
    Preferences(file).put(NAME, text)
    assert Preferences(file).get(NAME) == text


def test_only_another_value_is_news(tmp_path: Path) -> None:
    preferences, told = Preferences(tmp_path / "window.ini"), list[object]()
    preferences.changed.connect(told.append)
    preferences.put(COUNT, 3)
    preferences.put(COUNT, 4)
    preferences.put(COUNT, 4)
    preferences.forget(NAME)
    assert told == [COUNT]


def test_two_windows_keep_what_either_chose(tmp_path: Path) -> None:
    one, other = Preferences(tmp_path / "window.ini"), Preferences(tmp_path / "window.ini")
    one.put(NAME, "Maya")
    other.put(COUNT, 4)
    again = Preferences(tmp_path / "window.ini")
    assert (again.get(NAME), again.get(COUNT)) == ("Maya", 4)


@pytest.mark.parametrize(
    "text", ["many", "", "1e400", "9" * 23, "9" * 5000, "\u00b2", "2147483648", "@Variant(\\0\\0)", '"', "{" * 5000]
)
def test_what_makes_no_sense_counts_as_not_chosen(tmp_path: Path, text: str) -> None:
    file = tmp_path / "window.ini"
    file.write_text(f"[a]\ncount={text}\non={text}\n\n[b]\nplace=@ByteArray({text})\n")
    preferences = Preferences(file)
    assert (preferences.get(COUNT), preferences.get(ON)) == (COUNT.default, ON.default)
    assert preferences.get(PLACE).isEmpty()


def test_a_broken_file_is_as_good_as_none_and_is_mended(tmp_path: Path) -> None:
    file = tmp_path / "window.ini"
    file.write_bytes(b'\xff\xfe\nname=x\n[a\n[]\n=\n[a]\nname="unended\ncount=5\nnonsense\n')
    preferences = Preferences(file)
    assert (preferences.get(NAME), preferences.get(COUNT)) == (NAME.default, 5)
    preferences.put(NAME, "Leo")
    assert (Preferences(file).get(NAME), Preferences(file).get(COUNT)) == ("Leo", 5)


class _Running:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __reduce__(self) -> Any:
        return Path.mkdir, (self._folder,)


def test_nothing_in_the_file_is_run(tmp_path: Path) -> None:
    file = tmp_path / "window.ini"
    settings = QSettings(str(file), QSettings.Format.IniFormat)
    for preference in (NAME, COUNT, PLACE):
        settings.setValue(preference.key, _Running(tmp_path / "was-run"))
    settings.sync()
    assert "@Variant" in file.read_text()
    preferences = Preferences(file)
    preferences.put(NAME, "Maya")
    assert (preferences.get(COUNT), preferences.get(PLACE)) == (COUNT.default, QByteArray())
    assert not (tmp_path / "was-run").exists()


def test_where_nothing_can_be_written_the_choice_counts_until_the_end(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    preferences = Preferences(tmp_path / "file" / "window.ini")
    preferences.put(NAME, "Maya")
    assert preferences.get(NAME) == "Maya"


def test_without_space_nothing_is_lost_and_all_is_written_once_there_is_some(tmp_path: Path) -> None:
    file = tmp_path / "window.ini"
    preferences = Preferences(file)
    preferences.put(COUNT, 7)
    before = file.read_bytes()
    with full_disk():
        preferences.put(NAME, "Maya")
        assert preferences.get(NAME) == "Maya"
        assert file.read_bytes() == before
        assert [*tmp_path.iterdir()] == [file], "no draft is left behind"
    preferences.put(ON, False)
    again = Preferences(file)
    assert (again.get(COUNT), again.get(NAME), again.get(ON)) == (7, "Maya", False)
