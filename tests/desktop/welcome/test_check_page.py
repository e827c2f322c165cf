"""What the check found, as it is shown."""

from pytestqt.qtbot import QtBot

from moderator.desktop.theme.look import Look
from moderator.desktop.welcome.check_page import CheckPage
from moderator.desktop.welcome.page import Page
from moderator.desktop.welcome.platforms import PLATFORMS
from moderator.launch.checking import Found

LIVEKIT = next(one for one in PLATFORMS if one.provider == "livekit")


def page_with(qtbot: QtBot, look: Look, *found: Found) -> CheckPage:
    entered = Page("")
    page = CheckPage(LIVEKIT, entered, look)
    for widget in (entered, page):
        qtbot.addWidget(widget)
    for one in found:
        page.found(one)
    page.finish()
    return page


def test_it_speaks_of_the_fields_that_were_filled_in(qtbot: QtBot, look: Look) -> None:
    page = page_with(
        qtbot,
        look,
        Found(ok=True, what="api_secret has 6 characters: fewer than 32", todo=True),
        Found(ok=False, what="it cannot be reached", remedy="is base_url right?"),
    )
    assert [(line.text.text(), line.hint.text()) for line in page.lines] == [
        ("“API secret” has 6 characters: fewer than 32.", ""),
        ("It cannot be reached.", "is “Server address” right?"),
    ]


def test_below_what_is_wrong_nothing_is_said_to_be_right(qtbot: QtBot, look: Look) -> None:
    right, wrong = Found(ok=True, what="the clocks agree"), Found(ok=False, what="it refuses our credentials")
    page = page_with(qtbot, look, wrong, right)
    assert [line.text.text() for line in page.lines] == ["It refuses our credentials."]
    page = page_with(qtbot, look, right)
    assert [line.text.text() for line in page.lines] == ["The clocks agree."]
    assert page.sure
