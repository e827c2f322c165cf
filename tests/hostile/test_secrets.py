"""Secrets stand in no `repr`, no log line and no argument of a program, which everybody on the machine can list."""

import argparse
import re
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct, structs

from moderator.cli.arguments import parser
from moderator.gateway.access.keys import Keys
from moderator.gateway.configuration import sections
from moderator.gateway.configuration.config import Config, load_config
from moderator.gateway.configuration.secrets import Handed
from moderator.launch.sharing import Shared
from moderator.launch.status import GatewayAccess

SECRET = "a-secret-that-nobody-may-ever-read-anywhere"
SECTIONS = [one for one in vars(sections).values() if isinstance(one, type) and issubclass(one, sections.Section)]
PROVIDERS = ("janus", "livekit", "opentok", "stream", "vonage")


def filled(type_: type[Struct]) -> Any:
    """With the secret in every member that holds a text."""
    found = {one.encode_name: one for one in structs.fields(type_)}
    values = {one.name: SECRET if one.type is str else () for one in found.values() if one.required or one.type is str}
    return type_(**values)


@pytest.mark.parametrize("type_", SECTIONS, ids=lambda type_: type_.__name__)
def test_a_table_of_the_configuration_shows_nothing(type_: type[Struct]) -> None:
    section = filled(type_)
    assert SECRET not in f"{section!r} {section} {[section]}"


@pytest.mark.parametrize("name", PROVIDERS)
def test_the_options_of_a_provider_show_nothing(name: str) -> None:
    (point,) = entry_points(group="moderator.providers", name=name)
    options = point.load().Options
    assert options.__repr__ is not Struct.__repr__


def test_a_whole_configuration_shows_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET", SECRET)
    path = tmp_path / "moderator.toml"
    secret = '{ env = "A_SECRET" }'
    path.write_text(
        f'[access]\nkey = {secret}\n[sources.exams]\nprovider = "livekit"\nbase_url = "https://x.example"\n'
        f'api_key = "APIx"\napi_secret = {secret}\n[rtcstats]\nid_key = {secret}\n',
        "utf-8",
    )
    config = load_config(path)
    assert isinstance(config, Config)
    assert SECRET not in repr(config)
    assert SECRET not in repr(Keys(config.access.keys))


@pytest.mark.parametrize(
    "held",
    [
        Handed(key=SECRET, name="maya", log="x", secrets={"a": SECRET}),
        Shared("http://127.0.0.1:1", SECRET, SECRET),
        GatewayAccess("http://127.0.0.1:1", SECRET),
    ],
    ids=lambda held: type(held).__name__,
)
def test_what_programs_hand_to_each_other_shows_nothing(held: object) -> None:
    assert SECRET not in f"{held!r} {held} {[held]}"


def options_of(command: argparse.ArgumentParser, name: str = "moderator") -> Iterator[tuple[str, argparse.Action]]:
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, sub in action.choices.items():
                yield from options_of(sub, f"{name} {word}")
        else:
            yield name, action


def test_no_command_takes_a_secret_as_an_argument() -> None:
    found = list(options_of(parser()))
    assert len(found) > 50
    for command, action in found:
        words = " ".join([*action.option_strings, action.dest])
        if re.search(r"token|key|secret|password", words):
            assert action.type is Path or action.nargs == 0, f"{command} {words}"
