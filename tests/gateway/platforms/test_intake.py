"""What of webhooks is in memory at a time has an end, for each source its own."""

import pytest

from moderator.gateway.platforms.intake import Full, Share


def test_what_does_not_fit_in_is_refused_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    share = Share("webhooks of clinic", 100)
    for _ in range(2):
        share.take(60)
        share.take(40)
        for _ in range(5):
            with pytest.raises(Full):
                share.take(1)
        share.give_back(40)
        share.give_back(60)
    assert share.bytes == 0
    assert [record.getMessage() for record in caplog.records] == [
        "there are too many webhooks of clinic: more of them are refused until it is better"
    ] * 2
    caplog.clear()
