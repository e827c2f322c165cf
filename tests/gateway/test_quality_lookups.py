"""`/v1/quality` on a real PostgreSQL with the recorded rows."""

from pathlib import Path
from typing import Any, Final

import pytest
from msgspec.structs import replace

from moderator.gateway.configuration.sections import RtcstatsSection
from tests.fakes.gateway import GatewayInProcess, bearer
from tests.fakes.postgresql import postgresql
from tests.quality.conftest import (
    DATA,
    GRANTS,
    POLICIES,
    SCHEMA,
    MakeDatabase,
    make_database,
    recorded,
    row,
    server,
)
from tests.quality.test_quality import FILE_OF_ROW_1, IDS

__all__ = ["make_database", "postgresql", "recorded", "server"]

pytestmark = pytest.mark.postgresql
KEY: Final = "k" * 32


def a_gateway(folder: Path, database: str, dumps: str = "") -> GatewayInProcess:
    gateway = GatewayInProcess(folder)
    gateway.config = replace(gateway.config, rtcstats=RtcstatsSection(id_key=KEY, database=database, dumps=dumps))
    return gateway


async def asked(gateway: GatewayInProcess, path: str = "", token: str = "", **query: Any) -> tuple[int, Any]:
    headers = {"Authorization": token} if token else {}
    answer = await gateway.http.get(f"/v1/quality{path}", params=query, headers=headers)
    return answer.status_code, answer.json()


async def test_sessions_of_a_person_and_their_series(tmp_path: Path, recorded: str) -> None:
    dumps = tmp_path / "dumps"
    dumps.mkdir()
    (dumps / FILE_OF_ROW_1).write_bytes((DATA / "dump_1_alice.jsonl").read_bytes())
    async with a_gateway(tmp_path, recorded, str(dumps)) as gateway:
        status, page = await asked(gateway, user="user_def456")
        assert (status, [one["id"] for one in page["sessions"]]) == (200, [3, 1, 13])
        status, series = await asked(gateway, "/1")
        assert status == 200
        assert series["session"]["id"] == 1
        assert len(series["samples"]) > 5
        assert series["summary"]["formula"]


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("", {}, 422, "bad_question"),
        ("", {"user": "user_def456", "days": "seven"}, 422, "bad_question"),
        ("", {"user": "maya@example.org"}, 422, "bad_question"),
        ("", {"user": "user_def456", "cursor": "no cursor"}, 422, "bad_question"),
        ("/99999", {}, 404, "not_found"),
        ("/first", {}, 404, "not_found"),
        ("/1", {}, 503, "quality_unavailable"),
    ],
)
async def test_what_cannot_be_answered_is_said(
    tmp_path: Path,
    recorded: str,
    path: str,
    query: dict[str, str],
    status: int,
    code: str,
) -> None:
    async with a_gateway(tmp_path, recorded) as gateway:
        found, problem = await asked(gateway, path, **query)
        assert (found, problem["code"]) == (status, code)


async def test_hidden_rows_are_said_to_be_hidden(tmp_path: Path, make_database: MakeDatabase) -> None:
    async with a_gateway(tmp_path, await make_database(SCHEMA, row(1), GRANTS)) as gateway:
        status, problem = await asked(gateway, user="user_def456")
        assert status == 503
        assert "CREATE POLICY" in problem["detail"]


async def test_without_a_database_it_says_which_key_is_missing(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        status, problem = await asked(gateway, user="user_def456")
        assert (status, problem["code"]) == (503, "no_rtcstats")
        assert "rtcstats.database" in problem["detail"]


async def test_a_token_for_some_rooms_asks_about_those_only(
    tmp_path: Path,
    make_database: MakeDatabase,
) -> None:
    rooms = [IDS.conference("clinic", name) for name in ("standup", "board")]
    rows = [row(number, rtcstats_conference=room) for number, room in enumerate(rooms, start=1)]
    some = bearer(rooms=["clinic/stand*"])
    async with a_gateway(tmp_path, await make_database(SCHEMA, *rows, GRANTS, POLICIES)) as gateway:
        assert (await asked(gateway, token=some, user="u"))[1]["code"] == "name_the_room"
        assert (await asked(gateway, token=some, source="clinic", conference="board"))[1]["code"] == "unknown_room"
        every_room_of_school = bearer(rooms=["school/*"])
        asking = {"source": "school", "conference": rooms[1]}
        assert (await asked(gateway, token=every_room_of_school, **asking))[1]["sessions"] == []
        assert (await asked(gateway, "/2", every_room_of_school, **asking))[1]["code"] == "not_found"
        status, page = await asked(gateway, token=some, source="clinic", conference="standup")
        assert (status, [one["id"] for one in page["sessions"]]) == (200, [1])
        codes = [
            (await asked(gateway, f"/{number}", some, source="clinic", conference="standup"))[1]["code"]
            for number in (1, 2)
        ]
        assert codes == ["quality_unavailable", "not_found"]  # no record was kept of the first
