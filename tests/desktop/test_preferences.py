from pathlib import Path
from typing import Any

import pytest

from moderator.desktop.preferences import Preference, Preferences

NAME, COUNT, ON = Preference("a/name", "nobody"), Preference("a/count", 3), Preference("a/on", True)


@pytest.mark.parametrize(("preference", "value"), [(NAME, "Maya"), (COUNT, 7), (ON, False)])
def test_what_was_chosen_is_there_after_a_restart(tmp_path: Path, preference: Any, value: str | int | bool) -> None:
    preferences = Preferences(tmp_path / "window.ini")
    assert preferences.get(preference) == preference.default
    preferences.put(preference, value)
    preferences.save()
    again = Preferences(tmp_path / "window.ini")
    assert again.get(preference) == value
    again.forget(preference)
    assert again.get(preference) == preference.default


def test_only_another_value_is_news(tmp_path: Path) -> None:
    preferences, told = Preferences(tmp_path / "window.ini"), list[object]()
    preferences.changed.connect(told.append)
    preferences.put(COUNT, 3)
    preferences.put(COUNT, 4)
    preferences.put(COUNT, 4)
    preferences.forget(NAME)
    assert told == [COUNT]


def test_a_file_that_somebody_broke_counts_as_not_chosen(tmp_path: Path) -> None:
    file = tmp_path / "window.ini"
    file.write_text("[a]\ncount=many\nname=one, two\n")
    preferences = Preferences(file)
    assert preferences.get(COUNT) in (0, 3)
    assert isinstance(preferences.get(NAME), str)
