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
    assert row["actor_name"] == f"'{text}"


def test_names_with_separators_and_line_ends_stay_in_their_cell() -> None:
    found = cells(a_row(name='A,"B"\r\nC'), a_row())
    assert [row["actor_name"] for row in found] == ['A,"B"\r\nC', "Anna"]


def test_each_line_of_json_is_a_row() -> None:
    rows = (a_row(text="a\nb"), a_row())
    text = head_of_file("jsonl") + lines("jsonl", rows)
    assert [msgspec.json.decode(line, type=AuditRow) for line in text.splitlines()] == list(rows)
