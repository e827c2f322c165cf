"""Where the platform has to report to, as it is shown and copied."""

import pytest
from PySide6.QtGui import QGuiApplication

from moderator.desktop.theme.look import Look
from moderator.desktop.welcome.arrival_page import ArrivalPage
from moderator.desktop.welcome.platforms import PLATFORMS

OF = {one.provider: one for one in PLATFORMS}
HERE, PUBLIC = "http://127.0.0.1:23000", "https://moderation.example.org"
CLOUD, LOCAL = {"base_url": "wss://c.livekit.cloud"}, {"base_url": "ws://127.0.0.1:7880"}


@pytest.mark.parametrize(
    ("provider", "values", "gateway", "warns"),
    [
        ("livekit", CLOUD, HERE, "lists"),
        ("livekit", CLOUD, PUBLIC, ""),
        ("livekit", LOCAL, HERE, ""),
        ("vonage", {}, HERE, "nothing is seen"),
    ],
)
def test_who_cannot_be_reached_is_told_what_that_means(
    look: Look, provider: str, values: dict[str, str], gateway: str, warns: str
) -> None:
    page = ArrivalPage(OF[provider], values, "exams", look)
    page.show_address(gateway)
    assert page.address.text() == f"{gateway}/webhooks/exams"
    assert page.reach.isVisibleTo(page) is bool(warns)
    assert page.public.isVisibleTo(page) is bool(warns)
    assert warns in page.reach.hint.text()


@pytest.mark.parametrize(
    ("typed", "usable"),
    [("https://m.example.org/", True), ("http://m.example.org", False), ("http://127.0.0.1:1", False), ("m", False)],
)
def test_a_public_address_is_one_that_is_public(look: Look, typed: str, usable: bool) -> None:
    page = ArrivalPage(OF["vonage"], {}, "clinic", look)
    page.show_address(HERE)
    given: list[str] = []
    page.public_url_given.connect(given.append)
    page.public.line.setText(typed)
    page.use.click()
    assert given == (["https://m.example.org"] if usable else [])


def test_settings_are_copied_with_the_password_that_is_not_shown(look: Look) -> None:
    values = {"webhook_user": "janus", "webhook_password": "p4ss", "base_url": "http://127.0.0.1:8088/janus"}
    page = ArrivalPage(OF["janus"], values, "school", look)
    page.show_address(HERE)
    assert "p4ss" not in page.settings.toPlainText()
    page.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert 'backend_pwd = "p4ss"' in copied
    assert f'backend = "{HERE}/webhooks/school"' in copied
    assert copied.startswith("general: {\n")
