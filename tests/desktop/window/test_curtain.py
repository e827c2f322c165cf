from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QPushButton

from moderator.client.credentials_store import CredentialsStore
from moderator.client.link import Link
from moderator.desktop.orders.intents import Intent
from moderator.desktop.session import DesktopSession
from moderator.desktop.theme.look import Look
from moderator.feed.session import FeedSession
from moderator.launch.sharing import OwnerLock
from tests.fakes.desktop import a_store
from tests.fakes.window import CALM, CROWDED, NEXT, opened, until

OUT = Link("signed_out", "your session has ended: sign in")


@pytest.mark.parametrize("link", [OUT, Link("forbidden", "not with this token")])
async def test_who_is_not_let_in_any_more_reads_no_names(look: Look, tmp_path: Path, link: Link) -> None:
    async with opened(a_store(CALM, NEXT), look, tmp_path) as open_:
        curtain, docks = open_.window.curtain, open_.window.docks
        assert not curtain.isVisible()
        open_.store.link_changed(link)
        assert curtain.isVisible()
        assert curtain.geometry() == docks.rect()
        assert not any(docks.childAt(x, y) is open_.window.table for x in (5, 400) for y in (5, 200, 500))
        said = [label.text() for label in curtain.findChildren(QLabel)]
        assert "Rooms and names are hidden" in said
        assert not curtain.button.isVisible(), "this window has a token file"
        open_.window.resize(1000, 700)
        assert curtain.geometry() == docks.rect()


async def test_keys_do_not_reach_what_is_covered(look: Look, tmp_path: Path) -> None:
    async with opened(a_store(CALM, NEXT), look, tmp_path) as open_:
        open_.store.link_changed(OUT)
        open_.hands.press(Qt.Key.Key_E)
        open_.store.link_changed(Link("live", "connected"))
        open_.hands.press(Qt.Key.Key_E)
        assert len(await open_.asked(1)) == 1


async def test_who_signs_in_again_finds_the_same_room_selected(look: Look, tmp_path: Path) -> None:
    async with opened(a_store(CALM, NEXT, CROWDED), look, tmp_path) as open_:
        store = open_.store
        open_.window.show_room(CALM.key)
        store.link_changed(OUT)
        store.forget(FeedSession())  # as after signing in
        shown = store.rooms()
        store.show()
        assert open_.selected == []
        store.watch(store.session, store.time)
        store.link_changed(Link("live", "connected"))
        store.show(*shown)
        await until(lambda: open_.selected == ["calm"])


async def test_where_nothing_was_received_nothing_is_covered(look: Look, tmp_path: Path) -> None:
    store = a_store()
    store.watch(FeedSession(), store.time)
    async with opened(store, look, tmp_path) as open_:
        store.link_changed(OUT)
        assert not open_.window.curtain.isVisible()


async def test_nobody_brings_back_what_was_looked_for(look: Look, tmp_path: Path) -> None:
    async with opened(a_store(CALM, NEXT), look, tmp_path) as open_:
        search = open_.window.top_bar.search
        QTest.keyClicks(search, "Bill")
        open_.store.link_changed(OUT)
        search.undo()
        assert search.text() == ""


async def test_nothing_is_ordered_until_somebody_signs_in(look: Look, tmp_path: Path) -> None:
    async with opened(a_store(CALM, NEXT), look, tmp_path) as open_:
        wish = Intent(action="extend", room=CALM.key)
        open_.store.link_changed(OUT)
        assert open_.store.why_not(wish) == "You are signed out: sign in first."
        open_.window.take(wish)
        assert open_.orders.asked == []
        open_.store.link_changed(Link("live", "connected"))
        assert open_.store.why_not(wish) == ""


async def test_a_panel_that_floats_is_covered_too(look: Look, tmp_path: Path) -> None:
    async with opened(a_store(CALM, CROWDED), look, tmp_path) as open_:
        alerts = open_.window.alerts
        (floating,) = (one for one in open_.window.findChildren(QDockWidget) if one.widget() is alerts)
        open_.window.docks.toggle_lock()
        floating.setFloating(True)
        for link, covered in ((OUT, True), (Link("live", "connected"), False)):
            open_.store.link_changed(link)
            assert (alerts.isVisible(), floating.isVisible()) == (not covered, True)


async def test_a_panel_whose_room_was_shown_alone_is_covered_when_it_comes_back(look: Look, tmp_path: Path) -> None:
    async with opened(a_store(CALM, CROWDED), look, tmp_path) as open_:
        docks, pane = open_.window.docks, open_.window.pane
        docks.take_out("room")
        open_.window.lists.show_alone(pane)
        open_.store.link_changed(OUT)
        docks.put_back("room", pane)
        assert not pane.isVisible()
        open_.store.link_changed(Link("live", "connected"))
        assert pane.isVisible()


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)
async def test_a_menu_that_is_open_goes(look: Look, tmp_path: Path) -> None:
    async with opened(a_store(CALM, NEXT), look, tmp_path) as open_:
        open_.window.show_room(CALM.key)
        open_.window.table.view.customContextMenuRequested.emit(QPoint(20, 20))
        assert QApplication.activePopupWidget() is not None
        open_.store.link_changed(OUT)
        assert QApplication.activePopupWidget() is None


async def test_the_palette_finds_commands_only(look: Look, tmp_path: Path) -> None:
    async with opened(a_store(CALM, NEXT), look, tmp_path) as open_:
        finding = open_.finding
        await until(lambda: finding.ready)
        found = finding.palette.found.found
        finding.open("calm")
        assert found.rowCount() > 0
        open_.store.link_changed(OUT)
        assert not finding.palette.isVisible()
        assert open_.window.curtain.hasFocus()
        finding.open("calm")
        assert found.rowCount() == 0
        finding.palette.line.setText("undo")
        assert found.rowCount() == 1
        finding.palette.close_()


async def test_signing_in_is_offered_in_one_place(look: Look, tmp_path: Path) -> None:
    """Where the rooms would be; in the strip as long as there are none to cover."""
    session = DesktopSession(sign_ins=CredentialsStore(tmp_path, OwnerLock(tmp_path, "sign-ins.lock")))
    for ready in (True, False):
        store = a_store(CALM)
        if not ready:
            store.watch(FeedSession(), store.time)
        async with opened(store, look, tmp_path, session) as open_:
            store.link_changed(OUT)
            offers = [one for one in open_.window.findChildren(QPushButton) if one.text() == "Sign in"]
            shown = [one for one in offers if one.isVisible()]
            assert [open_.window.curtain.isAncestorOf(one) for one in shown] == [ready]
