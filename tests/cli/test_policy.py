"""`moderator policy report`."""

from pathlib import Path

import msgspec
import pytest

from moderator.cli.policy import lines
from moderator.cli.program import main
from moderator.feed.policy_report import PolicyReport, RanOut, Total, WouldBe
from tests.cli.running import run
from tests.client.scripted_gateway import answer, problem
from tests.fakes.builders import DAY

REPORT = PolicyReport(
    since=DAY - 3_600_000,
    until=DAY,
    actions=(
        WouldBe(
            at=DAY - 5_000,
            source="clinic",
            room="2_MX",
            room_name="visit\x1b[2J",
            policy="max_people",
            reason="room_full",
            participant="c3",
            user="carla",
            would="disconnect",
        ),
    ),
    totals=(Total("max_people", "room_full", 1),),
    time_limits=(
        RanOut(
            at=DAY - 1_000,
            source="clinic",
            room="2_MX",
            room_name="visit",
            deadline_version=2,
            people=3,
            would="end",
        ),
    ),
)
EMPTY = PolicyReport(since=0, until=DAY, actions=(), totals=(), time_limits=())


async def test_the_report_in_tables(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = await run(token_file, ["policy", "report", "--hours", "48"], answer(200, msgspec.to_builtins(REPORT)))
    out, err = capsys.readouterr()
    assert (ran.status, err) == (0, "")
    assert [request.path for request in ran.requests] == ["/v1/policies/report?hours=48"]
    head, action, gap, *rest = out.splitlines()
    assert head.split() == ["TIME", "ROOM", "SOURCE", "POLICY", "REASON", "WHO", "WOULD"]
    assert action.split()[2:] == ["visit\ufffd[2J", "clinic", "max_people", "room_full", "carla", "disconnect"]
    assert gap == ""
    assert rest[1].split() == ["max_people", "room_full", "1"]
    assert rest[4].split()[2:] == ["visit", "clinic", "version", "2", "3", "end"]


async def test_the_report_for_scripts(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = await run(token_file, ["policy", "report", "--json"], answer(200, msgspec.to_builtins(REPORT)))
    assert ran.status == 0
    assert msgspec.json.decode(capsys.readouterr().out, type=PolicyReport) == REPORT


async def test_nothing_to_report(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (await run(token_file, ["policy", "report"], answer(200, msgspec.to_builtins(EMPTY)))).status == 0
    assert capsys.readouterr() == ("", "moderator: there is nothing that policies would have done\n")
    assert lines(EMPTY) == []


async def test_who_may_not_read_it_is_told(token_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused = problem(403, "no_scope", "your token does not have audit:read")
    assert (await run(token_file, ["policy", "report"], refused)).status == 1
    assert "audit:read" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["reports"], ["report", "--hours", "0"], ["report", "--hours", "1.5"]])
def test_what_makes_no_sense_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["policy", *words])
    assert stopped.value.code == 2
    assert "usage: moderator policy" in capsys.readouterr().err
