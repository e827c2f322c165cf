"""Requests against servers that lie about the time, that prove who they are, and through proxies."""

import asyncio
import contextlib
import traceback
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

from moderator.http import HttpClient, TimedOut, Unreachable
from tests.fakes.builders import DAY
from tests.fakes.certificates import Authority
from tests.fakes.clock import FakeClock
from tests.fakes.proxy import a_proxy
from tests.fakes.serving import served


@contextlib.asynccontextmanager
async def a_server(date: str) -> AsyncIterator[str]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


@pytest.mark.parametrize(
    ("date", "offset_ms"),
    [
        ("Tue, 14 Nov 2023 00:00:00 GMT", 0),
        ("Tue, 14 Nov 2023 00:00:01 GMT", 0),
        ("Mon, 13 Nov 2023 23:50:00 GMT", 600_000),
        ("Tue, 14 Nov 2023 00:10:00 GMT", -600_000),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 0),
        ("Mon, 01 Jan 2024 00:00:00 +99999999999999999", 0),
        ("yesterday", 0),
        ("", 0),
    ],
)
async def test_the_clock_of_a_server(date: str, offset_ms: int) -> None:
    assert DAY == 1_699_920_000_000, "the dates above are around it"
    async with a_server(date) as url, HttpClient(clock=FakeClock()) as http:
        assert (await http.request("GET", url)).status == 200
        assert http.clock_offset_ms == offset_ms


@pytest.mark.parametrize(
    ("date", "is_broken"), [("Mon, 13 Nov 2023 21:00:00 GMT", True), ("Mon, 13 Nov 2023 23:50:00 GMT", False)]
)
async def test_a_clock_that_measures_nothing_is_known_to_be_broken(date: str, is_broken: bool) -> None:
    async with a_server(date) as url, HttpClient(clock=FakeClock()) as http:
        await http.request("GET", url)
        assert (http.clock_is_broken, http.clocks_compared) == (is_broken, not is_broken)


def dripping(chunk: bytes, pause_s: float) -> contextlib.AbstractAsyncContextManager[str]:
    """Sends an answer without an end."""

    async def chunks() -> AsyncIterator[bytes]:
        while True:
            yield chunk
            await asyncio.sleep(pause_s)

    return served(StreamingResponse(chunks()))


async def test_who_sends_a_byte_at_a_time_does_not_hold_a_request_for_ever() -> None:
    async with dripping(b".", 0.01) as url, HttpClient(timeout_s=0.1) as http:
        with pytest.raises(TimedOut, match="did not answer in time"):
            await http.request("GET", url)


async def test_an_answer_that_is_too_long_is_not_taken_in() -> None:
    async with dripping(b"." * 10_000, 0.001) as url, HttpClient() as http:
        with pytest.raises(Unreachable, match="more than 50000 bytes"):
            await http.request("GET", url, most_bytes=50_000)


# --- who is believed -----------------------------------------------------------------------------------------------


async def plain(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("here")(scope, receive, send)


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Authority:
    """An authority that this computer was told to trust, and nobody else."""
    authority = Authority(tmp_path / "trusted")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    return authority


async def test_a_company_s_own_authority_is_believed_when_it_is_named(trusting: Authority) -> None:
    async with served(plain, **trusting.server()) as url, HttpClient() as http:
        assert (await http.request("GET", url)).body == b"here"


@pytest.mark.parametrize(
    ("host", "days", "fault", "said"),
    [
        ("127.0.0.1", 30, "untrusted", "name its authority's file in SSL_CERT_FILE"),
        ("127.0.0.1", -1, "expired", "whoever runs it has to renew it"),
        ("elsewhere.example", 30, "other_name", "its certificate is for another name"),
    ],
)
async def test_a_certificate_that_is_not_believed_says_whose_turn_it_is(
    trusting: Authority, tmp_path: Path, host: str, days: int, fault: str, said: str
) -> None:
    signer = Authority(tmp_path / "other", "Somebody else") if fault == "untrusted" else trusting
    async with served(plain, **signer.server(host, days=days)) as url, HttpClient() as http:
        with pytest.raises(Unreachable, match=said) as caught:
            await http.request("GET", url)
        with pytest.raises(Unreachable, match=said):
            async with http.stream(url, headers={}, idle_timeout_s=5):
                pass
    assert caught.value.fault == fault


@pytest.mark.usefixtures("trusting", "caplog")  # the server says that it heard no HTTP
async def test_who_speaks_no_tls_is_told_apart() -> None:
    async with served(plain) as url, HttpClient() as http:
        with pytest.raises(Unreachable, match="speaks no TLS") as caught:
            await http.request("GET", url.replace("http:", "https:"))
    assert caught.value.fault == "no_tls"


async def test_an_authority_s_file_that_is_missing_is_named_when_it_matters(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nowhere.pem"))
    authority = Authority(tmp_path / "new")
    async with served(plain, **authority.server()) as url, HttpClient() as http, served(plain) as without_tls:
        assert (await http.request("GET", without_tls)).status == 200
        with pytest.raises(Unreachable, match="SSL_CERT_FILE or SSL_CERT_DIR names cannot be read"):
            await http.request("GET", url)


# --- through a proxy -----------------------------------------------------------------------------------------------

CREDENTIALS = "clinic:open-sesame"


@pytest.mark.parametrize("credentials", ["", CREDENTIALS])
async def test_a_company_s_proxy_is_gone_through(
    trusting: Authority, monkeypatch: pytest.MonkeyPatch, credentials: str
) -> None:
    async with a_proxy(credentials) as proxy, served(plain, **trusting.server("gateway.example")) as url:
        proxy.lead("gateway.example", int(url.rpartition(":")[2]))
        monkeypatch.setenv("HTTPS_PROXY", f"http://{credentials + '@' if credentials else ''}{proxy.address}")
        async with HttpClient() as http:
            assert (await http.request("GET", "https://gateway.example/x")).body == b"here"
            async with http.stream("https://gateway.example/", headers={}, idle_timeout_s=5) as (status, chunks):
                assert (status, b"".join([chunk async for chunk in chunks])) == (200, b"here")
        assert set(proxy.asked) == {"gateway.example:443"}


@pytest.mark.parametrize(
    ("given", "fault", "said"),
    [
        ("", "proxy_asks", "write HTTPS_PROXY as http://NAME:PASSWORD@HOST:PORT"),
        ("clinic:wrong-words", "proxy_asks", "asks who you are"),
        (CREDENTIALS, "proxy", "refuses to connect"),
    ],
)
async def test_what_a_proxy_refuses_is_said_without_the_password(
    monkeypatch: pytest.MonkeyPatch, given: str, fault: str, said: str
) -> None:
    async with a_proxy(CREDENTIALS) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{given + '@' if given else ''}{proxy.address}")
        async with HttpClient() as http:
            with pytest.raises(Unreachable, match=said) as caught:
                await http.request("GET", "https://unknown.example/")
            assert caught.value.fault == fault
            assert str(caught.value).startswith("unknown.example cannot be reached: ")
            for secret in ("open-sesame", "wrong-words"):
                assert secret not in "".join(traceback.format_exception(caught.value))
                assert secret not in repr(vars(http))


async def test_a_proxy_that_is_away_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    async with HttpClient() as http:
        with pytest.raises(Unreachable, match="HTTPS_PROXY names a proxy") as caught:
            await http.request("GET", "https://gateway.example/")
    assert caught.value.fault == "proxy_away"


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
async def test_this_machine_is_never_reached_by_proxy(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    async with a_proxy() as proxy, served(plain) as url:
        monkeypatch.setenv(variable, f"http://{proxy.address}")
        async with HttpClient() as http:
            assert (await http.request("GET", url)).status == 200
        assert proxy.asked == []


async def test_no_proxy_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    async with a_proxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
        monkeypatch.setenv("NO_PROXY", "inside.invalid")
        async with HttpClient() as http:
            with pytest.raises(Unreachable) as caught:
                await http.request("GET", "https://inside.invalid/")
        assert (caught.value.fault in {"unknown_name", "offline"}, proxy.asked) == (True, [])


@pytest.mark.parametrize("address", ["socks5://127.0.0.1:1", "no proxy at all:x"])
async def test_a_proxy_that_is_none_stops_nothing_that_does_without(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", address)
    async with served(plain) as url, HttpClient() as http:
        assert (await http.request("GET", url)).status == 200
        with pytest.raises(Unreachable, match="the proxy of the environment cannot be used"):
            await http.request("GET", "https://host.invalid/")
