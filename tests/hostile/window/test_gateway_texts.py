"""What a gateway or a platform says of itself is shown as it is: it neither turns a line round nor becomes markup."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication

from moderator.client.link import Link, LinkState
from moderator.client.me import Me
from moderator.domain.rooms import Block
from moderator.domain.settings import Capability
from tests.fakes.desktop import ALL_BY_PROVIDER, SCOPES, FakeStore, a_person, a_room, a_store, a_violation, a_warning
from tests.fakes.reading import readable
from tests.fakes.scenes import Scene, on_stage, with_sources

EVIL = "no\u202e\x1b[31m<b>way</b>\u2066{0}"


def spoilt() -> FakeStore:
    """Everything that is a code or a sentence of the gateway's is hostile."""
    people = [a_person("c1", "Ann", user="u1")]
    violation = replace(a_violation("c1"), reason=EVIL, policy=EVIL)
    room = a_room("alpha", left_s=50, people=people, warnings=[a_warning(300)], violations=[violation])
    blocks = (Block(user="u2", until=None, by="ana", reason=EVIL),)
    room = replace(room, blocks=blocks, capabilities={name: Capability(None, EVIL) for name in ALL_BY_PROVIDER})
    me = Me(name="Maya", scopes=SCOPES, id="maya", version=EVIL, features=("extend",))
    return with_sources(a_store(room, me=me))


@pytest.mark.parametrize("state", ["live", "reconnecting", "signed_out", "forbidden"])
async def test_nothing_that_the_gateway_says_steers_the_window(
    qapp: QApplication, tmp_path: Path, state: LinkState
) -> None:
    async with on_stage(qapp, Scene(store=spoilt), tmp_path) as shown:
        shown.store.me_updated.emit(shown.store.me)
        shown.window.show_room(shown.store.rooms()[0].key)
        await shown.settle()
        shown.store.link_changed(Link(state, EVIL, attempts=3))
        shown.window.ticker.second.emit()
        await shown.settle()
        texts = readable(shown.desk)
        assert any("way" in text for text in texts), "nothing was tried"
        assert [text for text in texts if "\u202e" in text or "\x1b" in text or "\u2066" in text] == []
        assert [text for text in texts if text.startswith("tray: ") and "<b>way" in text] == []
