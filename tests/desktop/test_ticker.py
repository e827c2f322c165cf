from pytestqt.qtbot import QtBot

from moderator.desktop.ticker import Ticker


def test_five_ticks_are_a_second(qtbot: QtBot) -> None:
    ticker, heard = Ticker(), list[str]()
    ticker.tick.connect(lambda: heard.append("tick"))
    ticker.second.connect(lambda: heard.append("second"))
    ticker.start()
    ticker.start()
    qtbot.waitUntil(lambda: "second" in heard)
    assert heard == ["tick"] * 5 + ["second"]
    ticker.stop()
    with qtbot.assertNotEmitted(ticker.tick, wait=300):
        ticker.stop()
