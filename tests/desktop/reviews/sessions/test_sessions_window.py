"""A participant's sessions, asked and answered."""

from collections.abc import AsyncIterator, Mapping

import pytest
from msgspec.structs import replace
from PySide6.QtGui import QGuiApplication

from moderator.client.errors import Busy
from moderator.desktop.reviews.sessions.sessions_window import CALL, SessionsWindow
from moderator.desktop.theme.look import Look
from moderator.feed.quality import QualityPage
from tests.fakes.desktop import NOW, a_person, a_room, a_store
from tests.fakes.reviews import REVIEWER, WATCHER, OpenReviews, a_sample, a_series, a_session, open_reviews
from tests.fakes.window import until

ROOM = a_room(people=[a_person("c7", "Bill Buffalo", user="bill", joined_at=NOW - 60_000), a_person("lee", "Dr Lee")])
LIVE = a_session(3, ended_at=None, state="unknown", has_dump=False)
OTHER = a_session(2, conference="room_15")
HIDDEN = 'rtcStats hides "rtcstats-server" from this role: CREATE POLICY moderator_reads;'


@pytest.fixture
async def open_(look: Look) -> AsyncIterator[OpenReviews]:
    async with open_reviews(look, a_store(ROOM, me=REVIEWER)) as open_:
        open_.answers.sessions_of = answer
        yield open_


def answer(asked: Mapping[str, str]) -> QualityPage:
    """Bill was in two calls; somebody else in one of them."""
    if asked.get("cursor"):
        return QualityPage(sessions=(a_session(1),))
    if asked.get("user") and asked.get("room"):
        return QualityPage(sessions=(LIVE, a_session(1)))
    if asked.get("user"):
        return QualityPage(sessions=(LIVE, OTHER), next="older")
    return QualityPage(sessions=(LIVE, a_session(8, user="user_somebody")))


def shown(window: SessionsWindow) -> list[tuple[str, str, str]]:
    return [(row.person, row.room, row.ended) for row in window.table.rows.rows]


async def test_all_sessions_of_the_person_with_what_is_live(open_: OpenReviews) -> None:
    window = await open_.sessions(participant="c7")
    assert window.windowTitle() == "Sessions of Bill Buffalo"
    assert open_.answers.asked == [
        {"source": "clinic", "user": "bill"},
        {"source": "clinic", "user": "bill", "room": ROOM.room},
    ]
    first, second = shown(window)
    assert first == ("Bill Buffalo", "cardio-14", "live now")
    assert second[:2] == ("Bill Buffalo", "room_15")
    assert "There are older ones" in window.found.text


async def test_older_ones_on_demand(open_: OpenReviews) -> None:
    window = await open_.sessions()
    window.older_button.click()
    await until(lambda: window.table.rows.rowCount() == 3)
    assert open_.answers.asked[-1] == {"source": "clinic", "user": "bill", "cursor": "older"}
    assert not window.older_button.isVisible()


async def test_who_leaves_is_live_no_longer(open_: OpenReviews) -> None:
    window = await open_.sessions()
    gone = replace(ROOM.participants[0], state="left", left_at=NOW)
    open_.store.change(replace(ROOM, participants=(gone, ROOM.participants[1])))
    assert shown(window)[0][2] == "end unknown"
    assert window.table.selected is not None


@pytest.mark.parametrize(("row", "asked"), [(0, {"source": "clinic", "room": ROOM.room}), (1, {"room": "room_15"})])
async def test_everyone_of_the_call_of_the_selected_session(
    open_: OpenReviews, row: int, asked: dict[str, str]
) -> None:
    window = await open_.sessions()
    window.table.choose(row)
    window._chips.button(CALL).click()
    await until(lambda: not window.asking.busy)
    assert open_.answers.asked[-1] == asked
    assert [person for person, *_ in shown(window)] == ["Bill Buffalo", "user_somebody"]


async def test_a_token_of_some_rooms_names_the_room(look: Look) -> None:
    store = a_store(ROOM, me=replace(REVIEWER, rooms=("clinic/*",)))
    async with open_reviews(look, store) as open_:
        open_.answers.sessions_of = lambda _: QualityPage(sessions=(a_session(1),))
        window = await open_.sessions()
        await until(lambda: window.quality.plot)
        room = {"source": "clinic", "room": ROOM.room}
        assert open_.answers.asked == [{**room, "user": "bill"}, (1, "clinic", ROOM.room)]
        window._chips.button(CALL).click()
        await until(lambda: not window.asking.busy)
        assert room in open_.answers.asked


async def test_without_an_identity_the_call_is_shown(open_: OpenReviews) -> None:
    window = await open_.sessions(user="", participant="lee")
    assert window.windowTitle() == "Sessions of Dr Lee"
    assert open_.answers.asked == [{"source": "clinic", "room": ROOM.room}]
    assert not window._chips.buttons()[0].isEnabled()


# --- what cannot be shown ------------------------------------------------------------------------------------------


async def test_what_is_wrong_with_the_database_is_said_as_it_came(open_: OpenReviews) -> None:
    open_.answers.error = Busy(HIDDEN)
    window = await open_.sessions()
    assert HIDDEN in window.table.panel.text
    assert not window.quality.isVisible()
    open_.answers.error = None
    window.table.panel.button.click()
    await until(lambda: window.table.rows.rowCount() == 2)
    assert window.quality.isVisible()


@pytest.mark.parametrize(("notice", "title"), [("", "No sessions\n"), (HIDDEN, "No sessions can be seen\n" + HIDDEN)])
async def test_hidden_is_not_none(open_: OpenReviews, notice: str, title: str) -> None:
    open_.answers.sessions_of = lambda _: QualityPage(sessions=(), notice=notice or None)
    window = await open_.sessions()
    assert window.table.panel.text.startswith(title)


async def test_a_notice_beside_rows_is_said(open_: OpenReviews) -> None:
    open_.answers.sessions_of = lambda _: QualityPage(sessions=(a_session(),), notice="The scores are hidden.")
    window = await open_.sessions()
    assert window.found.text == "The scores are hidden."


async def test_without_the_scope_it_is_named(look: Look) -> None:
    async with open_reviews(look, a_store(ROOM, me=WATCHER)) as open_:
        window = await open_.sessions()
        assert "(stats:read). Whoever manages access" in window.table.panel.text
        assert open_.answers.asked == []


# --- how good it was -----------------------------------------------------------------------------------------------


async def test_the_selected_session_is_plotted_and_told_in_words(open_: OpenReviews) -> None:
    open_.answers.quality = a_series(a_sample(0, mos=4.2, grade="good"), a_sample(1, mos=2.0, grade="bad"))
    window = await open_.sessions()
    window.table.choose(1)
    await until(lambda: window.quality.plot is not None)
    assert open_.answers.asked[-1] == (2, "", "")
    plot = window.quality.plot
    assert plot is not None
    assert plot.accessibleDescription().startswith("Good over all.")
    plot.read.emit(1)
    assert "bad \u00b7 MOS 2.0 of 4.5" in window.quality.reading


async def test_what_goes_on_has_no_measurements_yet(open_: OpenReviews) -> None:
    window = await open_.sessions()
    assert window.quality.panel.text.startswith("No data\nThe measurements come when the session has ended.")
    assert not any(isinstance(asked, tuple) for asked in open_.answers.asked)


async def test_no_data_is_a_state_of_its_own(open_: OpenReviews) -> None:
    open_.answers.quality = a_series(a_sample(0), a_sample(1), grade="no_data", mos=None)
    window = await open_.sessions()
    window.table.choose(1)
    await until(lambda: window.quality.panel.text == "No data\nNothing was measured in this session.")
    assert window.quality.plot is None


async def test_a_record_that_cannot_be_read_is_said_and_asked_for_again(open_: OpenReviews) -> None:
    window = await open_.sessions()
    open_.answers.error = Busy("it is not said where records are kept: set rtcstats.dumps")
    window.table.choose(1)
    await until(lambda: "set rtcstats.dumps." in window.quality.panel.text)
    open_.answers.error = None
    window.quality.panel.button.click()
    await until(lambda: window.quality.plot is not None)


async def test_ids_are_copied_for_a_ticket(open_: OpenReviews) -> None:
    window = await open_.sessions()
    window.table.choose(1)
    window.copy_button.click()
    assert "conference: room_15\nsession: sess_2\n" in QGuiApplication.clipboard().text()
