"""Three gateways on three servers of NATS, two hundred rooms with deadlines, and all that can be killed is killed.

It happens once; each test asks one thing about what is left of it.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

from moderator.client.commands import GatewayClient
from moderator.client.tokens import FixedToken
from moderator.clock import SystemClock
from moderator.domain.events import DeadlineExtended, DisconnectConfirmed, Entry, WarningRaised
from moderator.domain.ids import RoomKey
from moderator.domain.rooms import Room
from moderator.http import HttpClient
from moderator.journal.jetstream.log import NatsLog
from moderator.journal.jetstream.settings import NatsSettings
from moderator.journal.sqlite_evidence import verify_file
from tests.end_to_end.cluster_faults import Faults
from tests.end_to_end.cluster_findings import Findings, Reader
from tests.end_to_end.cluster_storm import ROOMS, Storm, Watching, storm
from tests.end_to_end.gateway_process import GatewayProcess
from tests.end_to_end.kill_findings import read_log
from tests.fakes.nats_cluster import NatsCluster, running_cluster, why_no_cluster

GATEWAYS: Final = 3
STEP_S: Final = 1.0
"""How long a gateway that is well may take for a decision; the machine has a few other things to do."""
BUSY_S: Final = 5.0
"""The same for one in twenty: for a while it may have many."""
SETTLED_WITHIN_S: Final = 30

pytestmark = [pytest.mark.nats, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    if reason := why_no_cluster():
        pytest.skip(reason)
    with running_cluster() as cluster:
        return asyncio.run(_storm(tmp_path_factory.mktemp("cluster"), cluster))


async def _storm(folder: Path, cluster: NatsCluster) -> Findings:
    log = f"""
log = "{cluster.address}"
[nats]
user = "{cluster.user}"
password = {{ env = "NATS_PASSWORD" }}
"""
    async with storm(folder, [log] * GATEWAYS, NATS_PASSWORD=cluster.password) as going_on:
        faults = Faults(cluster, going_on.gateways)
        going_on.begin()
        await faults.all()
        await going_on.ended()
        shown = await _settled(going_on)
        readers = [_reader(one) for one in going_on.watching]
        for gateway in going_on.gateways:
            await gateway.stop()
    copies = [gateway.folder / "moderator-copy.db" for gateway in going_on.gateways]
    return Findings(
        entries=await _stored(cluster, folder),
        copies=[read_log(copy) for copy in copies],
        verified=[verify_file(copy) for copy in copies],
        shown=shown,
        readers=readers,
        storm=going_on,
        faults=faults.times,
    )


async def _settled(going_on: Storm) -> list[dict[RoomKey, Room]]:
    """Wait until every gateway and every reader has the same picture, or for long enough; what the gateways show."""
    async with HttpClient() as http:
        for _ in range(SETTLED_WITHIN_S):
            await asyncio.sleep(1)
            shown = [await _shown(gateway, http) for gateway in going_on.gateways]
            read = [{room.key: room for room in one.session.state.all_rooms()} for one in going_on.watching]
            if all(one == shown[0] for one in (*shown, *read)) and not any(one.pending for one in shown[0].values()):
                break
    return shown


async def _shown(gateway: GatewayProcess, http: HttpClient) -> dict[RoomKey, Room]:
    rooms = await GatewayClient(gateway.url, FixedToken(gateway.token()), http).rooms()
    return {room.key: room for room in rooms.rooms}


def _reader(watching: Watching) -> Reader:
    rooms = {room.key: room for room in watching.session.state.all_rooms()}
    return Reader(rooms, watching.told, watching.connections)


async def _stored(cluster: NatsCluster, folder: Path) -> Sequence[Entry]:
    """What the servers have, read by somebody who read nothing before."""
    settings = NatsSettings(
        servers=tuple(cluster.address.split(",")),
        copy=folder / "fresh.db",
        user=cluster.user,
        password=cluster.password,
    )
    log = await NatsLog.open(settings, SystemClock())
    await log.aclose()
    return read_log(settings.copy)


def differences(copy: Sequence[Entry], entries: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    """Where a copy, which may end sooner, has something else."""
    return [pair for pair in zip(copy, entries, strict=False) if pair[0] != pair[1]]


def test_no_acknowledged_event_is_lost(findings: Findings) -> None:
    stored = {event.id for entry in findings.entries for event in entry.events}
    assert findings.acknowledged.keys() - stored == set()


def test_every_gateway_has_the_same_log_in_the_same_order(findings: Findings) -> None:
    assert len(findings.copies) == GATEWAYS
    for copy in findings.copies:
        assert len(copy) > 0.9 * len(findings.entries)
        assert differences(copy, findings.entries) == []
    assert [found.problem for found in findings.verified] == [""] * GATEWAYS


def test_every_room_came_to_its_end(findings: Findings) -> None:
    rooms = [room for room in findings.rooms().values() if room.room]
    assert len(rooms) == ROOMS
    assert [room.room for room in rooms if room.people or room.deadline is None or not room.deadline.expired] == []


def test_no_warning_is_raised_or_told_twice(findings: Findings) -> None:
    raised = [(event.key, event.instance, data) for event, data in findings.of(WarningRaised)]
    assert len(raised) == len(set(raised)) >= ROOMS
    for reader in findings.readers:
        assert [id_ for id_, times in reader.told.items() if times > 1] == []


def test_an_order_reaches_the_platform_once_unless_who_carried_it_out_was_struck(findings: Findings) -> None:
    """Then another gateway takes it up, which cannot know how far the first one came."""
    orders = findings.orders()
    assert [order for order in orders if order.asked > (GATEWAYS if order.faults else 1)] == []
    assert sum(order.asked == 1 for order in orders) > 0.8 * len(orders)


def test_nothing_happens_too_early_or_later_than_it_could(findings: Findings) -> None:
    assert len(findings.moments) >= 2 * ROOMS
    assert [moment for moment in findings.moments if moment.done_at < moment.due_at] == []
    late_s = [(one.done_at - one.due_at - findings.excused_ms(one)) / 1000 for one in findings.moments]
    assert [one for one, s in zip(findings.moments, late_s, strict=True) if s > BUSY_S] == []
    assert sum(s > STEP_S for s in late_s) <= len(late_s) / 20


def test_what_moderators_were_promised_was_done_once(findings: Findings) -> None:
    extended = [event.room or "" for event, _ in findings.of(DeadlineExtended)]
    asked = findings.extended | findings.perhaps_extended
    assert len(extended) == len(set(extended)), "somebody's time was extended twice"
    assert findings.extended <= set(extended) <= asked
    assert len(asked) == ROOMS // 10
    assert len(findings.extended) > len(asked) / 2
    removed = {(event.room, data.participant) for event, data in findings.of(DisconnectConfirmed)}
    assert findings.ordered - removed == set()


def test_every_reader_and_every_gateway_has_the_same_picture(findings: Findings) -> None:
    for shown in findings.shown:
        assert shown == findings.rooms()
    for reader in findings.readers:
        assert reader.rooms == findings.rooms()
        assert reader.connections > 1, "it was connected anew"
