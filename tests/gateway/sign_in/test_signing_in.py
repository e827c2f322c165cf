"""A code on a screen, and somebody's word for it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from moderator.domain.accounting import SignInApproved, SignInDenied
from moderator.domain.events import AccessDenied
from moderator.gateway.scopes import SCOPES
from moderator.gateway.sign_in import signing_in as signing_in_module
from moderator.gateway.sign_in.signing_in import CLIENT_ID, USUAL_SCOPES
from tests.fakes.gateway import GatewayInProcess, bearer
from tests.gateway.sign_in.signing_in import ADMIN, a_gateway, approve, begin, poll, signed_in, status_with


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with a_gateway(tmp_path) as gateway:
        yield gateway


async def test_the_offer_is_the_gateways_own(gateway: GatewayInProcess) -> None:
    offer = (await gateway.http.get("/v1/signin")).json()
    assert offer == {
        "device_authorization_endpoint": "http://gateway/v1/device",
        "token_endpoint": "http://gateway/v1/token",
        "revocation_endpoint": "http://gateway/v1/revoke",
        "client_id": CLIENT_ID,
        "scope": " ".join(sorted(USUAL_SCOPES)),
        "issuer": "moderator",
    }
    assert "access:manage" not in offer["scope"]


async def test_a_public_address_is_offered_whatever_the_request_says(tmp_path: Path) -> None:
    async with a_gateway(tmp_path, public_url="https://moderation.example.org/") as gateway:
        answer = await gateway.http.get("/v1/signin", headers={"Host": "evil.example"})
        assert answer.json()["token_endpoint"] == "https://moderation.example.org/v1/token"
        assert "evil" not in answer.text


async def test_somebody_is_let_in(gateway: GatewayInProcess) -> None:
    codes = await begin(gateway)
    assert codes["verification_uri"] == "http://gateway/device"
    assert (codes["expires_in"], codes["interval"]) == (600, 5)
    page = await gateway.http.get("/device")
    assert "moderator approve" in page.text
    assert (await poll(gateway, codes["device_code"])).json()["error"] == "authorization_pending"
    assert (await approve(gateway, codes["user_code"])).status_code == 200
    tokens = (await poll(gateway, codes["device_code"])).json()
    me = await gateway.http.get("/v1/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert (me.json()["name"], me.json()["scopes"], me.json()["rooms"]) == ("Maya", ["rooms:read"], ["clinic/*"])


async def test_somebody_is_refused(gateway: GatewayInProcess) -> None:
    codes = await begin(gateway)
    body = {"user_code": codes["user_code"]}
    assert (await gateway.order("POST", "/v1/device/deny", body, Authorization=ADMIN)).status_code == 200
    assert (await poll(gateway, codes["device_code"])).json()["error"] == "access_denied"
    assert (await approve(gateway, codes["user_code"])).json()["code"] == "unknown_code"


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"client_id": "another"}, 400, "invalid_client"),
        ({"client_id": CLIENT_ID, "scope": "rooms:read everything"}, 400, "invalid_scope"),
        ({"client_id": CLIENT_ID}, 200, None),
    ],
)
async def test_what_begins_a_sign_in(
    gateway: GatewayInProcess, form: dict[str, str], status: int, error: str | None
) -> None:
    answer = await gateway.http.post(
        "/v1/device", content="&".join(f"{key}={value}" for key, value in form.items()), headers=FORM
    )
    assert (answer.status_code, answer.json().get("error")) == (status, error)


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("header", "changes", "status", "code"),
    [
        (bearer(SCOPES - {"access:manage"}), {}, 403, "missing_scope"),
        (bearer(["access:manage"]), {}, 403, "beyond_own_access"),
        (bearer(rooms=["school/*"]), {}, 403, "beyond_own_access"),
        (bearer(rooms=["clinic/*"]), {"rooms": ["*"]}, 403, "beyond_own_access"),
        (bearer(rooms=["clinic/*"]), {"rooms": ["clinic/a*", "school/b"]}, 403, "beyond_own_access"),
        (ADMIN, {"scopes": []}, 422, "invalid_scopes"),
        (ADMIN, {"scopes": ["rooms:all"]}, 422, "invalid_scopes"),
        (ADMIN, {"scopes": "rooms:read"}, 422, "invalid_body"),
        (ADMIN, {"rooms": ["x" * 201]}, 422, "invalid_rooms"),
        (ADMIN, {"rooms": ["clinic/*"] * 3 + [f"clinic/{number}" for number in range(60)]}, 422, "invalid_rooms"),
        (ADMIN, {"name": ""}, 422, "invalid_name"),
        (ADMIN, {"name": "  "}, 422, "invalid_name"),
        (ADMIN, {"name": "Maya\x1b[2J"}, 422, "invalid_name"),
        (ADMIN, {"name": "Maya\n2026 INFO all is well"}, 422, "invalid_name"),
        (ADMIN, {"more": 1}, 422, "invalid_body"),
        (ADMIN, {"user_code": "BCDF-BCDF"}, 404, "unknown_code"),
        (ADMIN, {}, 200, None),
        (bearer(["access:manage", "rooms:read"], ["clinic/*"]), {"rooms": []}, 200, None),
    ],
)
async def test_who_may_grant_what(
    gateway: GatewayInProcess, header: str, changes: dict[str, Any], status: int, code: str | None
) -> None:
    codes = await begin(gateway)
    answer = await approve(gateway, codes["user_code"], header, **changes)
    assert (answer.status_code, answer.json().get("code")) == (status, code)
    error = (await poll(gateway, codes["device_code"])).json().get("error")
    assert error == ("authorization_pending" if code else None)


async def test_a_scope_that_there_is_not_is_named(gateway: GatewayInProcess) -> None:
    codes = await begin(gateway)
    answer = await approve(gateway, codes["user_code"], ADMIN, scopes=["rooms:read", "rooms:reed"])
    assert answer.json()["detail"].startswith("there is no scope 'rooms:reed': name one or more of access:manage, ")


async def test_without_patterns_it_is_those_of_who_approves(gateway: GatewayInProcess) -> None:
    codes = await begin(gateway)
    await approve(gateway, codes["user_code"], bearer(rooms=["clinic/a*", "school/*"]), rooms=[])
    tokens = (await poll(gateway, codes["device_code"])).json()
    me = await gateway.http.get("/v1/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert me.json()["rooms"] == ["clinic/a*", "school/*"]


async def test_a_code_has_one_answer(gateway: GatewayInProcess) -> None:
    codes = await begin(gateway)
    assert (await approve(gateway, codes["user_code"])).status_code == 200
    assert (await approve(gateway, codes["user_code"], scopes=["rooms:end"])).json()["code"] == "unknown_code"
    assert (await poll(gateway, codes["device_code"])).status_code == 200
    assert (await poll(gateway, codes["device_code"])).json()["error"] == "invalid_grant"


async def test_who_let_whom_in_stands_in_the_log(gateway: GatewayInProcess) -> None:
    codes = await begin(gateway)
    answer = await approve(gateway, codes["user_code"], name=" Maya ")
    (approved,) = await gateway.logged(SignInApproved)
    assert isinstance(approved.data, SignInApproved)
    assert (approved.actor.id, answer.json()["seq"]) == ("ada", gateway.read("sign_in_approved")[0].seq)
    assert (approved.data.name, approved.data.scopes, approved.data.rooms) == ("Maya", ("rooms:read",), ("clinic/*",))
    tokens = (await poll(gateway, codes["device_code"])).json()
    revoked = await gateway.order("DELETE", f"/v1/tokens/{approved.data.family}", Authorization=ADMIN)
    assert revoked.status_code == 200
    assert await status_with(gateway, tokens["access_token"]) == (401, "token_revoked")


async def test_who_refused_whom_stands_in_the_log(gateway: GatewayInProcess) -> None:
    body = {"user_code": (await begin(gateway))["user_code"]}
    answer = await gateway.order("POST", "/v1/device/deny", body, Authorization=ADMIN)
    (denied,) = gateway.read("sign_in_denied")
    assert (denied.actor.id, denied.seq) == ("ada", answer.json()["seq"])
    assert len(await gateway.logged(SignInDenied)) == 1


async def test_the_same_request_again_has_the_same_answer(gateway: GatewayInProcess) -> None:
    codes, key = await begin(gateway), {"Authorization": ADMIN, "Idempotency-Key": "k"}
    body = {"user_code": codes["user_code"], "name": "Maya", "scopes": ["rooms:read"]}
    answers = [await gateway.order("POST", "/v1/device/approve", body, **key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    body = {"user_code": (await begin(gateway))["user_code"]}
    answers = [await gateway.order("POST", "/v1/device/deny", body, **key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(await gateway.logged(SignInApproved, SignInDenied)) == 2


async def test_of_two_answers_at_once_one_counts(gateway: GatewayInProcess) -> None:
    codes = await begin(gateway)
    answers = await asyncio.gather(approve(gateway, codes["user_code"]), approve(gateway, codes["user_code"]))
    assert sorted(answer.status_code for answer in answers) == [200, 404]
    assert len(await gateway.logged(SignInApproved)) == 1


async def test_what_cannot_be_written_down_is_not_granted(
    gateway: GatewayInProcess, caplog: pytest.LogCaptureFixture
) -> None:
    codes = await begin(gateway)
    gateway.log.fails = True
    assert (await approve(gateway, codes["user_code"])).status_code == 503
    assert (await poll(gateway, codes["device_code"])).json()["error"] == "authorization_pending"
    gateway.log.fails = False
    assert (await approve(gateway, codes["user_code"])).status_code == 200
    assert (await poll(gateway, codes["device_code"])).status_code == 200
    caplog.clear()


async def test_approvals_that_are_refused_are_counted(gateway: GatewayInProcess) -> None:
    codes = await begin(gateway)
    await approve(gateway, codes["user_code"], bearer(["access:manage"], name="eve"))
    await approve(gateway, "BCDF-BCDF", bearer(name="eve"))
    await gateway.advance(60_000)
    found = [one.data for one in await gateway.logged(AccessDenied)]
    noted = {(one.origin, one.reason) for one in found if isinstance(one, AccessDenied)}
    assert noted == {
        ("sign-in approved by eve", "beyond own access"),
        ("sign-in answered by eve", "unknown user code"),
    }


async def test_codes_are_not_guessed(gateway: GatewayInProcess) -> None:
    codes = await begin(gateway)
    guesses = [await approve(gateway, f"BCDF-{letter * 4}") for letter in "GHJKLMNPQRSTV"]
    assert [guess.status_code for guess in guesses] == [404] * 10 + [429] * 3
    assert int(guesses[-1].headers["retry-after"]) > 0
    assert (await approve(gateway, codes["user_code"])).status_code == 200, "the right one is no guess"


async def test_sign_ins_are_not_begun_without_end(gateway: GatewayInProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [
        await gateway.http.post("/v1/device", data={"client_id": CLIENT_ID})
        for _ in range(signing_in_module.BEGINNINGS_AT_ONCE + 1)
    ]
    assert [answer.status_code for answer in answers[-2:]] == [200, 429]
    assert answers[-1].headers["retry-after"] == "1"
    await gateway.advance(1_000)
    assert (await gateway.http.post("/v1/device", data={"client_id": CLIENT_ID})).status_code == 200


async def test_codes_and_tokens_are_not_in_the_log(gateway: GatewayInProcess) -> None:
    codes = await begin(gateway)
    await approve(gateway, codes["user_code"])
    tokens = (await poll(gateway, codes["device_code"])).json()
    stored = b""
    async for batch in gateway.log.read(0):
        stored += msgspec.json.encode([repr(entry) for entry in batch])
    assert b"TokenIssued" in stored
    for secret in (codes["device_code"], codes["user_code"], tokens["access_token"], tokens["refresh_token"]):
        assert secret.encode() not in stored


async def test_every_sign_in_is_a_family_of_its_own(gateway: GatewayInProcess) -> None:
    one, other = await signed_in(gateway), await signed_in(gateway)
    assert one["access_token"] != other["access_token"]
    assert one["refresh_token"] != other["refresh_token"]
