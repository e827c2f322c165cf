"""Each state of the window, reached through the store as in the program."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QPushButton

from moderator.client.link import Link
from moderator.desktop.session import ChildStatus
from moderator.desktop.theme.look import Look
from moderator.desktop.window.states import StateName
from moderator.domain.rooms import Source
from moderator.feed.session import FeedSession
from tests.fakes.desktop import NOW, FakeStore, a_store
from tests.fakes.window import CALM, CROWDED, NEXT, OpenWindow, opened

LIVE = Link("live", "connected to gateway:1")
LOST = Link("reconnecting", "gateway:1 ended the connection; trying again", attempts=2)


def a_source(state: Any = "failing", **changes: Any) -> Source:
    said: dict[str, Any] = {
        "source": "clinic", "provider": "vonage", "heard_at": NOW - 9_000, "listed_at": NOW - 9_000,
        "clock_offset_ms": 0, "detail": "it answers with status 503",
    }  # fmt: skip
    return Source(state=state, **(said | changes))


class OtherClock:
    """The gateway's time where this computer's clock is wrong."""

    error_ms: float | None = 12.0

    def __init__(self, store: FakeStore, ahead_ms: int = 0, error_ms: float = 12.0) -> None:
        self._store, self._ahead_ms, self.error_ms = store, ahead_ms, error_ms

    def now_ms(self) -> int:
        return self._store.time.now_ms() - self._ahead_ms


def link(store: FakeStore, shown: Link) -> None:
    store.link_changed(shown)


def stale(open_: OpenWindow) -> None:
    open_.store.time.elapse(22_000)


def offline(open_: OpenWindow) -> None:
    link(open_.store, replace(LOST, fault="offline"))


def nothing_yet(open_: OpenWindow) -> None:
    open_.store.watch(FeedSession(), open_.store.time)
    link(open_.store, replace(LOST, state="connecting"))


def clock_off(open_: OpenWindow) -> None:
    open_.store.watch(open_.store.session, OtherClock(open_.store, 14 * 60_000))


def clock_inexact(open_: OpenWindow) -> None:
    open_.store.watch(open_.store.session, OtherClock(open_.store, error_ms=640.0))


def failing(open_: OpenWindow) -> None:
    open_.store.session.sources["clinic"] = a_source()


REACHED: dict[StateName, tuple[Callable[[OpenWindow], None], str]] = {
    "child_failed": (lambda open_: open_.window.child_changed(ChildStatus("failed", "no space")), "No space."),
    "child_restarting": (lambda open_: open_.window.child_changed(ChildStatus("restarting", "again")), "Again."),
    "signed_out": (lambda open_: link(open_.store, Link("signed_out", "sign in again")), "hidden until then"),
    "forbidden": (lambda open_: link(open_.store, Link("forbidden", "not with this token")), "Whoever manages"),
    "offline": (offline, "You are offline since"),
    "unreadable": (lambda open_: link(open_.store, replace(LOST, fault="unreadable")), "Gateway:1"),
    "stale": (stale, "Nothing was heard for 22 s"),
    "reconnecting": (lambda open_: link(open_.store, LOST), "trying again"),
    "not_connected": (nothing_yet, "trying again"),
    "audit_broken": (lambda open_: open_.window.strip.tell_audit("record 3"), "The audit was changed: Record 3."),
    "provider_error": (failing, "it answers with status 503. 3 rooms are affected."),
    "clock_off": (clock_off, "This computer's clock is 14 min fast"),
    "clock_inexact": (clock_inexact, "±0.6 s"),
    "versions": (lambda open_: open_.window.strip.tell_versions("An update is due."), "An update is due."),
}


@pytest.mark.parametrize("name", get_args(StateName))
async def test_it_is_reached_in_the_window(name: StateName, look: Look, tmp_path: Path) -> None:
    reach, said = REACHED[name]
    async with opened(a_store(CALM, NEXT, CROWDED), look, tmp_path) as open_:
        link(open_.store, LIVE)
        assert open_.window.strip.state is None
        reach(open_)
        open_.window.ticker.second.emit()
        strip = open_.window.strip
        assert (strip.state, said in strip.text) == (name, True), strip.text


async def test_the_button_does_what_it_says(look: Look, tmp_path: Path) -> None:
    async with opened(a_store(CALM), look, tmp_path) as open_:
        strip, told = open_.window.strip, []
        link(open_.store, LIVE)
        open_.window.retry_wanted.connect(lambda: told.append("retry"))
        strip.evidence_wanted.connect(lambda: told.append("evidence"))
        failing(open_)
        strip.refresh()
        press(open_)
        strip.tell_audit("record 3")
        press(open_)
        link(open_.store, LOST)
        press(open_)
        assert (told, open_.window.top_bar.search.text()) == (["evidence", "retry"], "clinic")
        strip.tell_audit("")
        open_.store.session.sources.clear()
        link(open_.store, LIVE)
        strip.tell_versions("Update.")
        press(open_)
        assert strip.text == ""


def press(open_: OpenWindow) -> None:
    button = next(one for one in open_.window.strip.findChildren(QPushButton) if one.isVisible())
    button.click()


async def test_the_seconds_to_the_next_attempt_go_down(look: Look, tmp_path: Path) -> None:
    async with opened(a_store(CALM), look, tmp_path) as open_:
        link(open_.store, replace(LOST, retry_at_s=open_.store.time.monotonic() + 6))
        assert "attempt 3 in 6 s" in open_.window.strip.text
        open_.store.time.elapse(4_000)
        open_.window.ticker.second.emit()
        assert "attempt 3 in 2 s" in open_.window.strip.text


async def test_a_system_without_network_counts_until_the_gateway_is_heard(look: Look, tmp_path: Path) -> None:
    async with opened(a_store(CALM), look, tmp_path) as open_:
        strip = open_.window.strip
        link(open_.store, LIVE)
        strip.tell_network(is_offline=True)
        assert strip.text == "", "a gateway on this very machine goes on"
        link(open_.store, LOST)
        assert strip.state == "offline"
        strip.tell_network(is_offline=False)
        assert strip.text == "Gateway:1 ended the connection; trying again."
