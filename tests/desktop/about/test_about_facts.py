from pathlib import Path

import moderator
from moderator.client.me import Me
from moderator.desktop.about.about_facts import PARTS, Places, folders, places_of, report, versions
from moderator.desktop.session import DesktopSession
from moderator.desktop.theme.resources import resource
from moderator.launch.folders import log_folder

ME = Me(name="Maya Miller", scopes=("rooms:read",), id="maya", rooms=("clinic/*",), version="0.9.1", features=("end",))


def places(home: Path) -> Places:
    return Places(home / "config", home / "data", home / "log")


def test_the_gateway_s_version_is_known_once_it_told_who_we_are(tmp_path: Path) -> None:
    assert dict(versions("6.9", ME))["Gateway"] == "0.9.1"
    assert dict(versions("6.9", None))["Gateway"] == "not known yet"
    assert [name for name, _ in folders(places(tmp_path))] == ["Configuration", "Data", "Log"]


def test_a_report_tells_versions_and_folders_and_of_nobody() -> None:
    words = report("6.9", ME, places(Path.home()), language="de_DE")
    assert f"This program: {moderator.__version__}" in words
    assert f"Log: {Path('~') / 'log'}" in words
    assert "Not available until the gateway is updated" in words
    for private in ("Maya", "maya", "clinic", str(Path.home())):
        assert private not in words
    assert "Log: " in report("6.9", None, Places(Path("/a"), Path("/b"), Path("/c")), language="en")


def test_a_demo_has_places_of_its_own(tmp_path: Path) -> None:
    demo = places_of(DesktopSession(data_folder=tmp_path, config_path=str(tmp_path / "x" / "moderator.toml")))
    assert demo == Places(tmp_path / "x", tmp_path, tmp_path / "log")
    assert places_of(DesktopSession()).log == log_folder()


def test_the_texts_of_licences_come_with_the_program() -> None:
    assert {"Inter", "Lucide"} <= {part.name for part in PARTS if part.file}
    assert all(resource(part.file).is_file() for part in PARTS if part.file)
