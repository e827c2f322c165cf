"""`/metrics`, of a gateway that has seen something of everything."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics_families
from prometheus_client.parser import text_string_to_metric_families

from moderator.domain.settings import RoomType
from moderator.providers.errors import Unavailable
from tests.fakes.builders import DAY, ROOM, joined
from tests.fakes.clock import FakeClock
from tests.fakes.gateway import SIGNED, WEBHOOK, GatewayInProcess, GatewayServed, participant_path
from tests.fakes.provider import a_webhook

VISIT = RoomType(
    name="visit", duration_ms=60_000, starts="first_join", warn_ms=(30_000,), mode="enforce", on_expiry="disconnect"
)
WRONG = {"Authorization": "Bearer wrong"}
Samples = Mapping[str, float]

OPEN_METRICS = "application/openmetrics-text"


async def told(gateway: GatewayInProcess | GatewayServed) -> Samples:
    """Every sample, by its name and labels."""
    answer = await gateway.http.get("/metrics", headers={"Authorization": ""})
    assert answer.status_code == 200
    return {
        " ".join([one.name, *(f"{name}={value}" for name, value in sorted(one.labels.items()))]): one.value
        for family in text_string_to_metric_families(answer.text)
        for one in family.samples
    }


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[GatewayInProcess]:
    async with GatewayInProcess(tmp_path, VISIT) as gateway:
        yield gateway


async def test_webhooks_by_source_and_answer(gateway: GatewayInProcess, caplog: pytest.LogCaptureFixture) -> None:
    await gateway.tell(joined("c1", DAY))
    await gateway.http.post(WEBHOOK, content=b"{}", headers=WRONG)
    await gateway.http.post("/webhooks/nowhere", content=b"{}", headers=SIGNED)
    gateway.log.fails = True
    with contextlib.suppress(AssertionError):  # the connection is broken off, which this transport does not know
        await gateway.http.post(WEBHOOK, content=a_webhook(joined("c2", DAY)), headers=SIGNED)
    gateway.log.fails = False
    samples = await told(gateway)
    answers = {status: samples[f"moderator_webhooks_total source=clinic status={status}"] for status in (200, 401, 503)}
    assert answers == {200: 1, 401: 1, 503: 1}
    assert samples["moderator_webhooks_unknown_source_total"] == 1
    assert samples["moderator_webhook_seconds_count source=clinic"] == 3
    assert samples["moderator_webhook_bytes_total source=clinic"] > 100
    assert samples["moderator_source_heard_timestamp_seconds source=clinic"] == gateway.clock.now_ms() / 1000
    assert samples["moderator_log_append_failures_total"] >= 1
    assert "could not be stored" in caplog.text


async def test_the_state_of_a_source_is_one_of_all(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined("c1", DAY))
    samples = await told(gateway)
    states = {name: value for name, value in samples.items() if name.startswith("moderator_source_state")}
    assert len(states) > 3
    assert {name.rpartition("=")[2] for name, value in states.items() if value} == {"live"}


async def test_what_is_stored_is_read_back_and_counted_by_kind(gateway: GatewayInProcess) -> None:
    before = await told(gateway)
    await gateway.tell(joined("c1", DAY), joined("c2", DAY))
    samples = await told(gateway)
    kinds = "moderator_log_events_total kind={} source=clinic"
    assert samples[kinds.format("participant_joined")] == 2
    assert samples[kinds.format("deadline_set")] == 1
    stored = samples["moderator_log_append_seconds_count"] - before["moderator_log_append_seconds_count"]
    assert stored == samples["moderator_log_entries_total"] - before["moderator_log_entries_total"] == 3
    assert 1 <= samples["moderator_log_commits_total"] - before["moderator_log_commits_total"] <= 3
    assert samples["moderator_log_seq"] == gateway.gateway.ledger.state.seq
    assert samples["moderator_log_behind_entries"] == 0
    assert samples["moderator_log_file_bytes"] > 0
    assert samples["moderator_log_disk_free_bytes"] > 0
    assert (samples["moderator_ready"], samples["moderator_log_writable"], samples["moderator_draining"]) == (1, 1, 0)


async def test_rooms_and_people_now(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined("c1", DAY, user="u1"), joined("c2", DAY, user="u1"), joined("c3", DAY, user="u2"))
    samples = await told(gateway)
    assert samples["moderator_rooms source=clinic"] == 1
    assert samples["moderator_people source=clinic"] == 2
    assert samples["moderator_commands_open source=clinic"] == 0
    assert samples["moderator_removals_held"] == 0


async def test_the_end_of_a_room_in_figures(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined("c1", DAY))
    await gateway.advance(65_000)
    samples = await told(gateway)
    for kind in ("warning_raised", "time_expired"):
        assert samples[f"moderator_deadline_lateness_seconds_count kind={kind}"] == 1
        assert samples[f"moderator_deadline_lateness_seconds_bucket kind={kind} le=0.005"] == 1
    assert samples["moderator_removals_total by=policy source=clinic"] == 1
    settled = "code= outcome=disconnect_confirmed source=clinic"
    assert samples[f"moderator_commands_total {settled}"] == 1
    assert samples["moderator_command_seconds_count outcome=disconnect_confirmed source=clinic"] == 1


async def test_what_platforms_answer(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined("c1", DAY))
    requests = (await told(gateway))["moderator_provider_requests_total source=clinic"]
    gateway.provider.errors = [Unavailable("not now")]
    await gateway.order("POST", f"{participant_path('c1')}/disconnect", {"reason": "conduct"})
    gateway.gateway.sources["clinic"].limiter.pause(30)
    await gateway.advance(1_000)
    samples = await told(gateway)
    assert samples["moderator_provider_errors_total code=provider_unavailable source=clinic"] == 1
    assert samples["moderator_provider_requests_total source=clinic"] == requests + 1
    assert samples["moderator_provider_requests_waiting source=clinic"] == 1
    assert samples["moderator_provider_paused_seconds source=clinic"] == 29
    assert samples["moderator_provider_pauses_total source=clinic"] == 1
    assert samples["moderator_source_list_seconds_count source=clinic"] == 1
    assert samples["moderator_source_listed_timestamp_seconds source=clinic"] == DAY / 1000
    assert samples["moderator_commands_open source=clinic"] == 1
    await gateway.advance(60_000)


async def test_readers_of_the_feed(tmp_path: Path) -> None:
    async with GatewayServed(tmp_path) as gateway, contextlib.AsyncExitStack() as stack:
        feeds = [await stack.enter_async_context(gateway.feed()) for _ in range(3)]
        feeds.append(await stack.enter_async_context(gateway.feed(rooms=["clinic/other"])))
        for feed in feeds:
            await anext(feed)
        await gateway.tell(joined("c1", gateway.clock.now_ms()))
        for feed in feeds:
            await anext(feed)
        samples = await told(gateway)
        assert samples["moderator_feed_readers"] == 4
        assert samples["moderator_feed_views"] == 2
        assert samples["moderator_feed_frames_total"] >= 3
        assert samples["moderator_feed_bytes_total"] > 100
        assert samples["moderator_feed_readers_cut_total"] == 0
        assert 0 <= samples["moderator_feed_fullest_ratio"] < 1


async def test_about_the_program_itself(gateway: GatewayInProcess) -> None:
    samples = await told(gateway)
    assert [value for name, value in samples.items() if name.startswith("moderator_build_info")] == [1]
    assert samples["moderator_tasks"] == len(asyncio.all_tasks())
    assert samples["process_resident_memory_bytes"] > 10_000_000
    assert samples["process_open_fds"] > 3
    assert {"process_cpu_seconds_total", "python_gc_collections_total generation=2"} <= samples.keys()


async def test_nobody_and_no_room_is_named(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined("seat-of-anna", DAY, user="anna-s-id", name="Anna"))
    await gateway.advance(65_000)
    text = (await gateway.http.get("/metrics")).text
    for name in (ROOM, "seat-of-anna", "anna", "Anna", "maya"):
        assert name not in text


async def test_it_is_openmetrics_for_who_asks_for_that(gateway: GatewayInProcess) -> None:
    await gateway.tell(joined("c1", DAY))
    wanted = f"{OPEN_METRICS};version=1.0.0"
    answer = await gateway.http.get("/metrics", headers={"Accept": wanted})
    assert answer.headers["content-type"].startswith(OPEN_METRICS)
    families = openmetrics_families(answer.text)  # type: ignore[no-untyped-call]
    names = {family.name for family in families}
    assert {"moderator_webhooks", "moderator_rooms", "moderator_webhook_seconds"} <= names


@pytest.mark.parametrize("accept", [f"{OPEN_METRICS}; version=banana", "\xff", "text/plain;version=", "*/*;"])
async def test_who_asks_for_nonsense_gets_the_text(gateway: GatewayInProcess, accept: str) -> None:
    answer = await gateway.http.get("/metrics", headers=[(b"Accept", accept.encode("latin-1"))])
    assert (answer.status_code, answer.headers["content-type"][:10]) == (200, "text/plain")


async def test_two_gateways_in_one_process_count_by_themselves(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    async with GatewayInProcess(folders[0]) as one, GatewayInProcess(folders[1], clock=FakeClock()) as two:
        await one.tell(joined("c1", DAY))
        assert "moderator_webhooks_total source=clinic status=200" in await told(one)
        assert "moderator_webhooks_total source=clinic status=200" not in await told(two)
