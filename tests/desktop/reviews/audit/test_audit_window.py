"""The audit review, asked and answered."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from moderator.client.audit import AuditedPage
from moderator.client.errors import Forbidden, GatewayUnreachable
from moderator.desktop.reviews.audit.audit_window import PAGE, PROGRESS_BYTES, AuditWindow
from moderator.desktop.theme.look import Look
from moderator.feed.audit import Verified
from tests.fakes.desktop import a_room, a_store
from tests.fakes.reviews import WATCHER, OpenReviews, a_record, open_reviews
from tests.fakes.window import until

Key = Qt.Key
NEWEST = {"order": "newest", "limit": PAGE}


@pytest.fixture
async def open_(look: Look) -> AsyncIterator[OpenReviews]:
    async with open_reviews(look) as open_:
        yield open_


async def test_the_newest_are_shown_and_the_older_on_demand(open_: OpenReviews) -> None:
    open_.answers.pages = [AuditedPage((a_record(9), a_record(8)), True, 8), AuditedPage((a_record(7),), False, None)]
    window = await open_.audit()
    assert [one.event.seq for one in window.table.rows.rows] == [9, 8]
    assert "There are older ones" in window.found.text
    window.table.choose(0)
    window.older_button.click()
    await until(lambda: window.table.rows.rowCount() == 3)
    assert open_.answers.asked == [NEWEST, {**NEWEST, "before": 8}]
    assert "These are all" in window.found.text
    assert not window.older_button.isVisible()
    assert window.table.selected is window.table.rows.rows[0]


async def test_a_search_that_has_found_nothing_yet_goes_on(open_: OpenReviews) -> None:
    open_.answers.pages = [AuditedPage((), True, 500), AuditedPage((a_record(7),), False, None)]
    window = await open_.audit()
    await until(lambda: window.table.rows.rowCount() == 1)
    assert open_.answers.asked[1]["before"] == 500


async def test_three_letters_and_enter_look_for_words(open_: OpenReviews) -> None:
    await open_.audit()
    for key in (Key.Key_E, Key.Key_V, Key.Key_E, Key.Key_Return):
        open_.hands.press(key)
    await until(lambda: len(open_.answers.asked) == 2)
    assert open_.answers.asked[1] == {"text": "eve", **NEWEST}
    assert open_.hands.pressed == 4


@pytest.mark.parametrize(("words", "title"), [("", "There are no records"), ("zzz", "No record matches")])
async def test_nothing_is_said_in_words(open_: OpenReviews, words: str, title: str) -> None:
    open_.answers.pages = [AuditedPage((), False, None)]
    window = await open_.audit()
    window.search.text.setText(words)
    window.reload()
    await until(lambda: not window.asking.busy)
    assert window.table.panel.isVisible()
    assert window.table.panel.text.startswith(title)


async def test_a_record_is_read_and_copied_whole(open_: OpenReviews) -> None:
    window = await open_.audit()
    assert not window.record.copy_button.isEnabled()
    window.table.setFocus()
    open_.hands.press(Key.Key_Down)
    window.record.copy_button.click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("Maya added 5:00\nRecord: ")
    assert '"seconds": 300' in copied


async def test_without_the_scope_nothing_is_asked(look: Look) -> None:
    async with open_reviews(look, a_store(a_room(), me=WATCHER)) as open_:
        window = await open_.audit()
        assert "(audit:read). Whoever manages access" in window.table.panel.text
        assert not window.table.panel.button.isVisible()
        assert not any(one.isEnabled() for one in (window.verify_button, window.export_button, window.search))
        assert open_.answers.asked == []


async def test_what_the_gateway_refuses_is_said(open_: OpenReviews) -> None:
    open_.answers.error = Forbidden("this token does not have audit:read")
    window = await open_.audit()
    assert "This token does not have audit:read." in window.table.panel.text


async def test_a_gateway_that_is_away_can_be_asked_again(open_: OpenReviews) -> None:
    open_.answers.error = GatewayUnreachable("it cannot be reached")
    window = await open_.audit()
    assert "It cannot be reached." in window.table.panel.text
    open_.answers.error = None
    window.table.panel.button.click()
    await until(lambda: window.table.rows.rowCount() == 2)
    assert not window.table.panel.isVisible()


async def test_while_it_is_read_that_is_said(open_: OpenReviews) -> None:
    open_.answers.wait.clear()
    open_.reviews.open_audit()
    await until(lambda: open_.answers.asked)
    assert open_.window(AuditWindow).table.panel.text == "Reading the audit"
    open_.answers.wait.set()


async def test_an_error_leaves_what_is_there(open_: OpenReviews) -> None:
    open_.answers.pages = [AuditedPage((a_record(9),), True, 9)]
    window = await open_.audit()
    open_.answers.error = GatewayUnreachable("it cannot be reached")
    window.older_button.click()
    await until(lambda: "cannot be reached" in window.found.text)
    assert window.table.rows.rowCount() == 1
    assert window.older_button.isEnabled()


# --- checking ------------------------------------------------------------------------------------------------------


async def test_checking_names_the_first_bad_record(open_: OpenReviews) -> None:
    open_.answers.verified = Verified(records=9, checkpoints=2, unvouched=0, problem="it was changed", seq=7)
    window = await open_.audit()
    window.verify_button.click()
    assert window.checked.text == "Checking every record\u2026"
    await until(lambda: "first bad record is 7: it was changed." in window.checked.text)
    assert window.verify_button.isEnabled()


async def test_a_check_that_fails_says_nothing_about_the_log(open_: OpenReviews) -> None:
    window = await open_.audit()
    open_.answers.error = GatewayUnreachable("it cannot be reached")
    window.verify_button.click()
    await until(lambda: window.checked.text == "Not checked: It cannot be reached.")


# --- a copy --------------------------------------------------------------------------------------------------------


async def test_what_is_looked_for_is_exported(open_: OpenReviews, tmp_path: Path) -> None:
    window = await open_.audit()
    window.search.moderator.setText("maya")
    open_.answers.copy = (b"x" * PROGRESS_BYTES, b"y")
    open_.answers.wait.clear()
    window.export_button.file_chosen.emit(tmp_path / "audit.csv", "csv")
    await until(lambda: window.copied.text == "Exporting\u2026 262 kB")
    assert not window.export_button.isEnabled()
    open_.answers.wait.set()
    await until(lambda: window.copied.text.startswith("Exported to "))
    assert open_.answers.asked[-1] == ("csv", {"moderator": "maya"})
    assert (tmp_path / "audit.csv").stat().st_size == PROGRESS_BYTES + 1
    assert window.export_button.isEnabled()


async def test_an_export_that_breaks_off_leaves_no_file(open_: OpenReviews, tmp_path: Path) -> None:
    window = await open_.audit()
    open_.answers.error = GatewayUnreachable("the connection broke")
    window.export_to(tmp_path / "audit.csv", "csv")
    await until(lambda: "no file was left: The connection broke." in window.copied.text)
    assert list(tmp_path.iterdir()) == []


async def test_a_place_that_cannot_be_written_is_said(open_: OpenReviews, tmp_path: Path) -> None:
    window = await open_.audit()
    window.export_to(tmp_path / "none" / "audit.csv", "csv")
    await until(lambda: "cannot be written: No such file or directory." in window.copied.text)


async def test_closing_ends_an_export(open_: OpenReviews, tmp_path: Path) -> None:
    window = await open_.audit()
    open_.answers.wait.clear()
    window.export_to(tmp_path / "audit.csv", "csv")
    await until(lambda: list(tmp_path.iterdir()))
    window.reject()
    await until(lambda: not list(tmp_path.iterdir()))
