"""The welcome's pages: every control has a name, every word comes out of the catalogue, and longer ones fit."""

import asyncio
from pathlib import Path
from typing import Final

import pytest

from moderator import language
from moderator.desktop.theme.look import Look
from moderator.desktop.welcome.page import Page
from moderator.desktop.welcome.platforms import PLATFORMS
from moderator.desktop.welcome.welcome_dialog import WelcomeDialog
from tests.accessibility.test_main_window import nameless, namesakes
from tests.accessibility.test_words import WORD, cut_off, is_untranslated, texts
from tests.fakes.pseudo import PseudoTranslations
from tests.fakes.welcome import SESSION, WELCOME
from tests.fakes.window import OpenWindow, opened

GIVEN: Final = [*(one.name for one in PLATFORMS), *(field.example for one in PLATFORMS for field in one.fields)]
"""Names and examples are the same in every language."""
OF_THE_GATEWAY: Final = frozenset({"welcome-checked", "welcome-refused"})
"""The check's sentences are the gateway's own, in English."""


async def shown(open_: OpenWindow, name: str) -> WelcomeDialog:
    scene = WELCOME[name]
    open_.window.resize(*scene.size)
    dialog = scene.open(open_.window)
    await asyncio.sleep(0.05)
    return dialog


@pytest.mark.parametrize("name", WELCOME)
async def test_every_control_has_a_name(look: Look, tmp_path: Path, name: str) -> None:
    async with opened(WELCOME[name].store(), look, tmp_path, SESSION) as open_:
        dialog = await shown(open_, name)
        assert (nameless(dialog), namesakes(dialog)) == ([], [])
        assert [page for page in dialog.findChildren(Page) if page.isVisible()] == [dialog.page]


@pytest.mark.parametrize("name", WELCOME)
async def test_a_longer_language_is_spoken_and_fits(
    look: Look, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language._InForce, "catalogue", PseudoTranslations())
    async with opened(WELCOME[name].store(), look, tmp_path, SESSION) as open_:
        dialog = await shown(open_, name)
        known = frozenset(WORD.findall(" ".join(GIVEN).casefold()))
        untranslated = {one for one in texts(dialog) if is_untranslated(one, known)}
        assert untranslated == set() or name in OF_THE_GATEWAY
        assert [*cut_off(dialog), *cut_off(open_.window)] == []
