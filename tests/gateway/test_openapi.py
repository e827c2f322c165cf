"""The document for other programs is valid, and says what there is."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from moderator.feed.paths import BadId, unquote_id
from moderator.gateway.openapi import ID_PATTERN
from tests.fakes.gateway import GatewayInProcess


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with GatewayInProcess(tmp_path) as gateway:
        yield gateway


@pytest.fixture
async def document(gateway: GatewayInProcess) -> Any:
    answer = await gateway.http.get("/openapi.json", headers={"Authorization": ""})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    return answer.json()


async def test_it_is_valid(document: Any) -> None:
    assert document["openapi"] == "3.1.0"
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


async def test_every_route_is_in_it_with_its_scope(gateway: GatewayInProcess, document: Any) -> None:
    for rule in gateway.gateway.rules:
        operation = document["paths"][rule.path][rule.method.lower()]
        assert operation["security"] == [{"token": [rule.scope] if rule.scope else []}]
        assert operation["summary"] == rule.summary
        assert ("requestBody" in operation) is (rule.body is not None)
        named = {one["name"] for one in document["paths"][rule.path].get("parameters", [])}
        assert named == set(re.findall(r"{(\w+)}", rule.path))
    listed = {f"{method.upper()} {path}" for path, one in document["paths"].items() for method in one}
    assert {"GET /v1/feed", "POST /webhooks/{source}", "POST /v1/token", "GET /healthz"} <= listed


async def test_what_is_open_says_so(document: Any) -> None:
    opened = {path for path, one in document["paths"].items() for op in one.values() if not list_of_security(op)}
    assert {path for path in opened if path.startswith("/v1/")} == {
        *("/v1/signin", "/v1/device", "/v1/token", "/v1/revoke")
    }


def list_of_security(operation: Any) -> list[Any]:
    found: list[Any] = operation["security"] if isinstance(operation, dict) else ["these are parameters"]
    return found


async def test_names_of_operations_are_unique(document: Any) -> None:
    names = [op["operationId"] for one in document["paths"].values() for op in one.values() if isinstance(op, dict)]
    assert len(names) == len(set(names)) > 30


@pytest.mark.parametrize(
    "segment", ["room-1", "a:b@c.d", "~cm9vbQ", "...", ".", "..", "", "a b", "~", "a~b", "ä", "a/b", "~cm9vbQ=="]
)
def test_the_pattern_of_ids_is_the_one_that_holds(segment: str) -> None:
    try:
        unquote_id(segment)
    except BadId:
        assert not re.search(ID_PATTERN, segment)
    else:
        assert re.search(ID_PATTERN, segment)
