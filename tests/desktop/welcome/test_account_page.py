"""What is typed, pasted or taken out of a file into the fields of an account."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit

from moderator.desktop.theme.look import Look
from moderator.desktop.welcome.account_page import AccountPage
from moderator.desktop.welcome.platforms import PLATFORMS
from tests.desktop.welcome.test_platforms import a_key

OF = {one.provider: one for one in PLATFORMS}
LINES = "LIVEKIT_URL=wss://c.livekit.cloud\nLIVEKIT_API_KEY=APIx\nLIVEKIT_API_SECRET=s3cret\n"


def test_the_platforms_own_lines_fill_everything_at_once(look: Look) -> None:
    page = AccountPage(OF["livekit"], (), look)
    ready = [page.ready]
    page.entries["base_url"].line.insert(LINES)
    assert [*ready, page.ready] == [False, True]
    assert page.options == {"base_url": "wss://c.livekit.cloud", "api_key": "APIx"}
    assert page.secrets == {"api_secret": "s3cret"}


def test_a_key_keeps_its_line_breaks_however_it_comes(look: Look, tmp_path: Path) -> None:
    key, file = a_key().strip(), tmp_path / "private.key"
    file.write_text(key)
    pasted, read = (AccountPage(OF["vonage"], (), look) for _ in range(2))
    pasted.entries["private_key"].line.insert(key)
    read.entries["private_key"].read_file(str(file))
    assert [page.secrets["private_key"] for page in (pasted, read)] == [key, key]


@pytest.mark.parametrize(("content", "said"), [(b"\xff", "not text"), (None, "cannot be read")])
def test_a_file_that_is_no_key_is_said(look: Look, tmp_path: Path, content: bytes | None, said: str) -> None:
    entry = AccountPage(OF["vonage"], (), look).entries["private_key"]
    if content is not None:
        (tmp_path / "key").write_bytes(content)
    entry.read_file(str(tmp_path / "key"))
    assert said in entry.line.accessibleDescription()


def test_secrets_are_dots_until_somebody_wants_to_see_them(look: Look) -> None:
    entry = AccountPage(OF["stream"], (), look).entries["api_secret"]
    assert entry.line.echoMode() == QLineEdit.EchoMode.Password
    assert entry.reveal.accessibleName() == "Show: API secret"
    entry.reveal.click()
    assert entry.line.echoMode() == QLineEdit.EchoMode.Normal
    assert entry.reveal.accessibleName() == "Hide: API secret"


def test_a_name_that_is_taken_is_not_proposed_nor_taken(look: Look) -> None:
    page = AccountPage(OF["stream"], ("stream",), look)
    page.entries["api_key"].line.setText("k")
    page.entries["api_secret"].line.setText("s")
    assert page.name.text == "stream-2"
    ready = [page.ready]
    page.name.line.setText("stream")
    assert [*ready, page.ready] == [True, False]


def test_both_sides_are_told_a_password_that_is_made_here(look: Look) -> None:
    made = {AccountPage(OF["janus"], (), look).secrets["webhook_password"] for _ in range(2)}
    assert len(made) == 2
    assert all(len(one) == 32 for one in made)
