"""The recorder writes down what came as it came, and answers as badly as it is told to."""

import asyncio

import pytest

from moderator.http import HttpClient, TimedOut, Unreachable
from moderator.providers.conformance import Answer, Recorder, in_turn, json_answer


async def test_a_request_is_kept_as_it_was_sent() -> None:
    async with Recorder() as recorder, HttpClient() as http:
        url = f"{recorder.url}/rooms/a%2Fb?x=%20&y"
        reply = await http.request("PATCH", url, headers={"X-Who": "ana"}, body=b'{"n": 1}')
    (asked,) = recorder.requests
    assert (asked.method, asked.path, asked.query) == ("PATCH", "/rooms/a%2Fb", "x=%20&y")
    assert (asked.headers["x-who"], asked.json()) == ("ana", {"n": 1})
    assert (reply.status, reply.body, recorder.sent) == (200, b"{}", 2)


async def test_chunks_are_put_together() -> None:
    async with Recorder() as recorder:
        host, port = recorder.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 200 OK\r\n")
        writer.close()
        await writer.wait_closed()
    assert [one.body for one in recorder.requests] == [b"abcde"]


async def test_answers_come_in_turn_and_the_last_one_stays() -> None:
    respond = in_turn(Answer(204), json_answer({"code": 16}, 404, {"retry-after": "7"}))
    async with Recorder(respond) as recorder, HttpClient() as http:
        first, *others = [await http.request("GET", recorder.url) for _ in range(3)]
    assert (first.status, first.body) == (204, b"")
    assert {(one.status, one.body, one.headers["retry-after"]) for one in others} == {(404, b'{"code": 16}', "7")}


@pytest.mark.parametrize(
    ("answer", "error"),
    [(Answer(body=b"x" * 100, cut_after=50), Unreachable), (Answer(silent=True), TimedOut)],
)
async def test_an_answer_may_be_cut_or_never_come(answer: Answer, error: type[Exception]) -> None:
    async with Recorder(in_turn(answer)) as recorder, HttpClient(timeout_s=0.2) as http:
        with pytest.raises(error):
            await http.request("GET", recorder.url)
    assert len(recorder.requests) == 1


async def test_leaving_it_ends_what_is_not_answered() -> None:
    async with HttpClient() as http:
        async with Recorder(in_turn(Answer(silent=True))) as recorder:
            asking = asyncio.create_task(http.request("GET", recorder.url))
            while not recorder.requests:
                await asyncio.sleep(0.01)
        with pytest.raises(Unreachable):
            await asking


async def test_an_endless_answer_goes_on_until_nobody_listens() -> None:
    async with Recorder(in_turn(Answer(endless=True))) as recorder, HttpClient() as http:
        async with http.stream(recorder.url, headers={}, idle_timeout_s=5) as (status, chunks):
            received = 0
            async for chunk in chunks:
                received += len(chunk)
                if received > 4_000_000:
                    break
        assert status == 200
        assert 4_000_000 < recorder.sent < 64_000_000
