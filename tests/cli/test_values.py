"""How what is written on a command line is read."""

import argparse
from typing import Any

import pytest

from moderator.cli.values import (
    block,
    hours,
    port,
    positive_seconds,
    positive_speed,
    rooms,
    running_time,
    seconds,
    speed,
    url,
)


@pytest.mark.parametrize(
    ("text", "value"), [("5m", 300), ("90s", 90), ("1h", 3600), ("1.5m", 90), ("-5m", -300), ("2d", 172_800)]
)
def test_durations(text: str, value: int) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (positive_seconds, "8h", 28_800),
        (block, "forever", True),
        (block, "10m", 600),
        (port, "0", 0),
        (port, "65535", 65_535),
        (speed, "0", 0.0),
        (speed, "2.5", 2.5),
        (positive_speed, "0.5", 0.5),
        (rooms, "1", 1),
        (rooms, "10000", 10_000),
        (hours, "1", 1),
        (hours, "744", 744),
        (running_time, "1.5", 1.5),
        (url, "http://127.0.0.1:8765/", "http://127.0.0.1:8765"),
        (url, "https://[::1]:8765/prefix", "https://[::1]:8765/prefix"),
    ],
)
def test_values(kind: Any, text: str, value: object) -> None:
    assert kind(text) == value


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (seconds, ["", "5", "m", "five minutes", "0s", "100ms", "--5m", "5 m", "1e3s"]),
        (positive_seconds, ["-5m", "0s"]),
        (block, ["-5m", "yes", "never"]),
        (port, ["", "-1", "65536", "http", "²"]),
        (speed, ["", "-1", "nan", "inf", "fast"]),
        (positive_speed, ["0", "-1", "nan"]),
        (rooms, ["", "0", "-1", "10001", "many", "1.5"]),
        (hours, ["", "0", "-1", "745", "9" * 5_000, "a day"]),
        (running_time, ["", "0", "-1", "nan", "inf", "5m"]),
        (
            url,
            ["", "host", "host:80", "ftp://h", "http://", "http://u:p@h", "http://h?x", "http://h:99999", "http://["],
        ),
    ],
)
def test_what_is_refused_says_how_to_write_it(kind: Any, texts: list[str]) -> None:
    for text in texts:
        with pytest.raises(argparse.ArgumentTypeError) as caught:
            kind(text)
        assert len(str(caught.value)) > 10
