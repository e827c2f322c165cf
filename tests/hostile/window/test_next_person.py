"""One person leaves, another sits down in front of the same window: nothing of the first is left to read or to do."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDockWidget

from moderator.client.link import Link
from moderator.client.me import Me
from moderator.desktop.alerts.interruptions import Interruptions
from moderator.desktop.orders.intents import Intent
from moderator.desktop.orders.notices import Notice, Result
from moderator.domain.rooms import Person, Viewer
from moderator.feed.session import FeedSession
from tests.fakes.desktop import (
    MAYA,
    NOW,
    SCOPES,
    FakeStore,
    a_person,
    a_room,
    a_store,
    a_violation,
    a_warning,
    an_appointment,
)
from tests.fakes.reading import readable
from tests.fakes.scenes import Scene, Shown, on_stage, sources, with_sources
from tests.fakes.window import RecordedOrders

NAME = "Zebedee"
"""In everything that must not be read any more."""
LEO = Me(name="Leo", scopes=SCOPES, id="leo", rooms=("other/*",))
OUT = Link("signed_out", "your session has ended: sign in")


def named() -> FakeStore:
    """Rooms in which everything names somebody."""
    people = [a_person(f"{NAME}-id", f"{NAME} Person", user=f"{NAME}-user")]
    owner = Person("owner", f"{NAME} Owner")
    warned = a_room(f"{NAME} room", left_s=50, people=people, violations=[a_violation(f"{NAME}-id")], owner=owner)
    over = a_room(f"{NAME} two", left_s=-60, people=people, warnings=[a_warning(60)])
    warned = replace(warned, warnings=(a_warning(300),), viewers=(Viewer("v", f"{NAME} viewer", NOW - 1000),))
    store = a_store(warned, over)
    store.put_on_duty(Person("duty", f"{NAME} on duty"))
    store.announce(an_appointment(f"{NAME} appointment", -700, f"{NAME}-user"))
    return with_sources(store, (replace(sources()[0], source=f"{NAME} source"),))


@pytest.fixture
async def shown(qapp: QApplication, tmp_path: Path) -> AsyncIterator[Shown]:
    async with on_stage(qapp, Scene(store=named), tmp_path) as shown:
        shown.store.me = MAYA
        shown.desk.routing.orders = RecordedOrders()
        await fill(shown)
        yield shown


async def fill(shown: Shown) -> None:
    """Names wherever there can be any."""
    window, key = shown.window, shown.store.rooms()[0].key
    window.show_room(key)
    window.take(Intent(action="lock", room=key))
    await shown.settle()
    told = f"Done for 1 of 2 with {NAME}"
    window.tell(Notice(tone="problem", text=told, results=(Result("problem", f"{NAME} stayed"),), key="many"))
    window.tell(Notice(tone="problem", text=f"{NAME} could not be disconnected", action=f"Try {NAME} again"))
    window.tell(Notice(tone="info", text=f"{NAME} waits"))
    window.top_bar.search.setText(NAME)
    shown.desk.reviews.open_audit()
    shown.desk.routing.want(Intent(action="disconnect", room=key, participant=f"{NAME}-id"))
    await shown.settle()
    assert len(left_of(shown)) > 20


def left_of(shown: Shown) -> list[str]:
    shown.window.top_bar.menu.fill()
    return [text for text in readable(shown.desk) if NAME in text]


def sign_out(shown: Shown) -> None:
    shown.store.show()
    shown.store.forget(FeedSession())
    shown.store.link_changed(Link("signed_out", "you have signed out"))


def sign_in(shown: Shown, me: Me) -> None:
    store = shown.store
    store.session = FeedSession()
    store.watch(store.session, store.time)
    store.hear()
    store.signed_in(me)
    store.link_changed(Link("live", "connected"))
    store.show(*named().rooms())


async def test_who_signs_out_leaves_no_name(shown: Shown) -> None:
    sign_out(shown)
    await shown.settle()
    assert left_of(shown) == []
    assert shown.desk.routing.dialog is None


async def test_the_next_person_takes_nothing_back_that_the_last_one_did(shown: Shown) -> None:
    sign_out(shown)
    sign_in(shown, LEO)
    orders = shown.desk.routing.orders
    assert isinstance(orders, RecordedOrders)
    before = len(orders.asked)
    assert before == 1
    shown.desk.routing.undo()
    await shown.settle()
    assert orders.asked[before:] == []
    notice = shown.window.notices.notice
    assert notice is not None
    assert notice.text == "There is nothing to undo."


async def test_another_token_is_another_person_though_nobody_signed_out(shown: Shown) -> None:
    shown.store.signed_in(LEO)
    await shown.settle()
    assert (shown.window.notices.notice, shown.window.results.notice, shown.desk.routing.dialog) == (None, None, None)
    assert shown.desk.routing.why_no_undo() == "There is nothing to undo."
    assert shown.window.top_bar.search.text() == ""


async def test_the_same_person_with_more_rights_loses_nothing(shown: Shown) -> None:
    shown.store.signed_in(replace(MAYA, scopes=(*SCOPES, "more")))
    assert shown.desk.routing.dialog is not None
    assert shown.window.notices.notice is not None
    assert shown.desk.routing.why_no_undo() == ""


class Slow(RecordedOrders):
    """The gateway takes its time."""

    def __init__(self) -> None:
        super().__init__()
        self.may_answer = asyncio.Event()

    async def carry_out(self, intents: Sequence[Intent]) -> Notice:
        await self.may_answer.wait()
        return await super().carry_out(intents)


async def test_what_comes_of_an_order_is_not_told_to_the_next_person(shown: Shown) -> None:
    shown.desk.routing.close_dialog()
    orders = shown.desk.routing.orders = Slow()
    shown.window.take(Intent(action="lock", room=shown.store.rooms()[1].key))
    await shown.settle()
    sign_out(shown)
    sign_in(shown, LEO)
    orders.may_answer.set()
    await shown.settle()
    assert (orders.asked, shown.window.notices.notice) == ([], None)
    assert shown.desk.routing.why_no_undo() == "There is nothing to undo."


@pytest.mark.parametrize("link", [OUT, Link("forbidden", "not with this token")])
async def test_where_the_gateway_lets_nobody_in_no_name_is_left(shown: Shown, link: Link) -> None:
    shown.store.link_changed(link)
    await shown.settle()
    shown.window.ticker.second.emit()
    assert left_of(shown) == []


async def test_after_the_same_person_has_signed_in_again_all_is_where_it_was(shown: Shown) -> None:
    docks = shown.window.docks
    parts = (shown.window.lists, *docks.findChildren(QDockWidget))
    places = [one.geometry() for one in parts]
    shown.store.link_changed(OUT)
    await shown.settle()
    shown.store.link_changed(Link("live", "connected"))
    await shown.settle()
    assert [one.geometry() for one in parts] == places
    assert any(f"{NAME} Person" in text for text in left_of(shown))
    assert shown.desk.routing.why_no_undo() == ""
    await shown.press(Qt.Key.Key_Down)


async def test_nothing_interrupts_who_is_not_let_in(shown: Shown) -> None:
    came: list[object] = []
    (interruptions,) = shown.desk.findChildren(Interruptions)
    interruptions.came.connect(came.append)
    interruptions.start()
    came.clear()
    shown.store.link_changed(OUT)
    shown.store.change(a_room("third", left_s=10, warnings=[a_warning(20)], owner=Person("maya", "Maya")))
    for _ in range(5):
        shown.store.time.elapse(60_000)
        shown.window.ticker.second.emit()
    assert came == []
    shown.store.link_changed(Link("live", "connected"))
    assert came != []
