"""`watch` against a gateway that answers as it is told."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from moderator.cli import main
from moderator.cli.watching import _Lines
from moderator.client.link import Link
from moderator.domain.events import DeadlineReported
from moderator.feed.session import FeedSession
from tests.client.scripted_gateway import Act, problem, scripted, stream
from tests.client.test_feed_reader import beat, news, snapshot
from tests.fakes.builders import DAY, a_fact, an_entry, folded, joined, left, room_started


async def watched(tmp_path: Path, *words: str, acts: tuple[Act, ...]) -> int:
    """`watch` until the gateway refuses the token."""
    (tmp_path / "token").write_text("t", "ascii")
    async with scripted(*acts) as gateway:
        where = ["--gateway", gateway.url, "--token-file", str(tmp_path / "token")]
        return await asyncio.to_thread(main, ["watch", *where, *words])


@pytest.fixture
def stop_at_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A watch goes on after a refusal once it was live; here it would never end."""
    monkeypatch.setattr("moderator.client.feed_reader.REFUSED_RETRY_S", 0.0)

    def link_changed(self: object, link: Link) -> None:
        if link.state == "signed_out":
            raise KeyboardInterrupt

    monkeypatch.setattr("moderator.cli.watching._Display.link_changed", link_changed)


STATE = folded(an_entry(room_started(DAY, name="cardio"), joined("p", DAY, name="Bill")))
SENT = (snapshot(STATE), news(10, 11, joined("q", DAY, name="Alice")), news(11, 12, left("p", DAY + 1)), beat(12))
END = problem(401, "token_expired", "the token has expired")


@pytest.mark.usefixtures("stop_at_refusal")
async def test_a_sentence_per_event(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert await watched(tmp_path, acts=(stream(*SENT), END)) == 130
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ", 1)[1] for line in lines] == ["cardio  Alice joined", "cardio  Bill left"]


@pytest.mark.usefixtures("stop_at_refusal")
async def test_what_another_line_says_better_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ended = a_fact(DeadlineReported(ends_at=DAY + 60_000), DAY)
    frames = (news(10, 11, ended), news(11, 12, left("p", DAY + 1)), beat(12))
    assert await watched(tmp_path, acts=(stream(snapshot(STATE), *frames), END)) == 130
    assert [line.split("  ")[2] for line in capsys.readouterr().out.splitlines()] == ["Bill left"]


@pytest.mark.usefixtures("stop_at_refusal")
async def test_a_frame_per_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two_lines = b'event: weather\ndata: {"a":\ndata: 1}\n\n'
    assert await watched(tmp_path, "--json", acts=(stream(*SENT, two_lines), END)) == 130
    frames = [msgspec.json.decode(line) for line in capsys.readouterr().out.splitlines()]
    assert [frame["event"] for frame in frames] == ["snapshot", "events", "events", "heartbeat", "weather"]
    assert [frame["id"] for frame in frames] == ["log-10", "log-11", "log-12", "log-12", None]
    assert frames[0]["data"]["rooms"][0]["name"] == "cardio"
    assert frames[4]["data"] == {"a": 1}


async def test_a_refused_token_at_the_beginning_ends_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert await watched(tmp_path, acts=(END,)) == 1
    out, err = capsys.readouterr()
    assert (out, err.splitlines()[1:]) == ("", ["moderator: the token has expired"])


def test_a_refused_token_later_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _Lines(FeedSession())
    for link in (Link("connecting", "one"), Link("live", "two"), Link("signed_out", "three\x1b")):
        lines.link_changed(link)
    assert capsys.readouterr() == ("", "moderator: one\nmoderator: two\nmoderator: three\ufffd\n")
