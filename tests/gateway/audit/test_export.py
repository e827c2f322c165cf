"""The audit as a file that spreadsheets and programs read."""

import csv
import io

import msgspec
import pytest

from moderator.domain.events import Actor, MessageRequested
from moderator.feed.audit import AuditRow
from moderator.feed.codec import encode_event
from moderator.gateway.audit.export import COLUMNS, head_of_file, lines
from tests.fakes.builders import DAY, ROOM, SOURCE, a_decision


def a_row(name: str = "Anna", text: str = "hello", room_name: str = "visit", why: str = "") -> AuditRow:
    event = a_decision(MessageRequested(text=text), at=DAY + 1, by=Actor("moderator", "anna", name))
    return AuditRow(msgspec.Raw(encode_event(event)), "done", room_name, why)


def cells(*rows: AuditRow) -> list[dict[str, str]]:
    text = (head_of_file("csv") + lines("csv", rows)).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_line_of_a_table() -> None:
    (row,) = cells(a_row())
    assert tuple(row) == COLUMNS
    assert (row["source"], row["room"], row["room_name"], row["kind"]) == (SOURCE, ROOM, "visit", "message_requested")
    assert (row["actor_id"], row["actor_name"], row["outcome"]) == ("anna", "Anna", "done")
    assert row["at"] == "2023-11-14T00:00:00.001Z"
    assert msgspec.json.decode(row["data"]) == {"text": "hello"}


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_is_taken_for_a_formula(begin: str) -> None:
    text = f'{begin}HYPERLINK("http://x", "y")'
    (row,) = cells(a_row(name=text, room_name=text, why=text, text=text))
    for column in COLUMNS:
        assert not row[column].startswith(begin)
    shown = begin if begin.isprintable() else f"\\u{ord(begin):04x}"
    assert row["actor_name"] == f"'{shown}{text[1:]}"


def test_no_cell_steers_a_terminal_or_turns_what_follows() -> None:
    text = "a\x1b[31m\u202eb\u2066\x85\u200fc"
    (row,) = cells(a_row(name=text, text=text))
    escaped = r"a\u001b[31m\u202eb\u2066\u0085\u200fc"
    assert row["actor_name"] == escaped
    assert escaped in row["data"]
    assert msgspec.json.decode(row["data"]) == {"text": text}
    assert msgspec.json.decode(lines("jsonl", (a_row(text=text),)), type=AuditRow) == a_row(text=text), "exact"


def test_names_with_separators_stay_in_their_cell_and_line_ends_are_written_out() -> None:
    found = cells(a_row(name='A,"B"\r\nC'), a_row())
    assert [row["actor_name"] for row in found] == [r'A,"B"\u000d\u000aC', "Anna"]


def test_each_line_of_json_is_a_row() -> None:
    rows = (a_row(text="a\nb"), a_row())
    text = head_of_file("jsonl") + lines("jsonl", rows)
    assert [msgspec.json.decode(line, type=AuditRow) for line in text.splitlines()] == list(rows)
