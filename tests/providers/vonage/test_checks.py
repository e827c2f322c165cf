import pytest
from opentok import Client as OfficialOpenTok
from starlette.responses import JSONResponse, Response

from moderator.clock import SystemClock
from moderator.http import HttpClient
from moderator.providers.vonage import OpenTokProvider, VonageProvider
from moderator.providers.vonage.checks import never_used_session
from tests.providers.vonage.cloud import Cloud
from tests.providers.vonage.made import API_KEY, API_SECRET, APPLICATION, opentok_options, vonage_options

PUBLIC = "https://moderation.example.org/webhooks/clinic"


async def test_a_good_application(cloud: Cloud, http: HttpClient) -> None:
    provider = VonageProvider("clinic", vonage_options(base_url=cloud.url), http, SystemClock())
    findings = await provider.check(PUBLIC)
    assert [one.ok for one in findings] == [True, True, True]
    assert PUBLIC in findings[-1].what
    assert "session monitoring" in findings[-1].what
    assert not any(one.reported for one in findings), "nothing that it could hear of"


async def test_a_good_project(cloud: Cloud, http: HttpClient) -> None:
    provider = OpenTokProvider("clinic", opentok_options(base_url=cloud.url), http, SystemClock())
    assert [one.ok for one in await provider.check(PUBLIC)] == [True, True]
    unsigned = opentok_options(base_url=cloud.url, signature_secret="", allow_from=("10.0.0.0/8",))
    findings = await OpenTokProvider("clinic", unsigned, http, SystemClock()).check(PUBLIC)
    assert [one.ok for one in findings] == [True, True, False]
    assert "allow_from" in findings[-1].what
    assert "secure callbacks" in findings[-1].remedy


@pytest.mark.parametrize(
    ("answer", "ok", "words"),
    [
        (Response(status_code=400), True, "accepts our credentials"),
        (Response(status_code=404), True, "accepts our credentials"),
        (JSONResponse({"count": 0, "items": []}), True, "accepts our credentials"),
        (Response(status_code=401), False, "refuses our credentials"),
        (Response(status_code=403), False, "refuses our credentials"),
        (Response(status_code=405), False, "no list of connections"),
        (Response(status_code=500), False, "cannot be used"),
        (Response(b"<html>"), False, "cannot be used"),
    ],
)
async def test_credentials(cloud: Cloud, http: HttpClient, answer: Response, ok: bool, words: str) -> None:
    cloud.answers = [answer]
    provider = VonageProvider("clinic", vonage_options(base_url=cloud.url), http, SystemClock())
    finding = (await provider.check(PUBLIC))[1]
    assert (finding.ok, bool(finding.remedy)) == (ok, not ok)
    assert words in finding.what


def test_the_session_that_never_was_looks_like_one() -> None:
    official = OfficialOpenTok(API_KEY, API_SECRET)
    for prefix, project in (("1", APPLICATION), ("2", API_KEY)):
        session = never_used_session(prefix, project)
        assert session.startswith(f"{prefix}_")
        assert set(session) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
    assert official.generate_token(never_used_session("2", API_KEY)), "it refuses a session of another project"
