"""Life, as it is told by webhooks."""

from moderator.simulator.delivery import Disorder
from tests.simulator.vonage.running import RunningCloud, running


def told(cloud: RunningCloud, event: str) -> set[str]:
    """The connections that were reported so."""
    return {one["connection"]["id"] for one in cloud.events if one["event"] == event}


async def present(cloud: RunningCloud) -> set[str]:
    """The connections that there are."""
    rooms = (await cloud.truth("rooms"))["rooms"]
    return {connection["id"] for room in rooms for connection in room["connections"]}


async def test_at_the_start_the_people_of_twenty_rooms_are_told_with_their_times() -> None:
    async with running(is_quiet=False, rooms=20, speed=10) as cloud:
        await cloud.receiver.until(lambda: len(told(cloud, "connectionCreated")) >= 38)
        created = [event for event in cloud.events if event["event"] == "connectionCreated"]
        assert (
            max(event["connection"]["createdAt"] for event in created)
            - min(event["connection"]["createdAt"] for event in created)
            > 180_000
        )


async def test_what_is_told_in_disorder_is_the_truth_in_the_end() -> None:
    disorder = Disorder(late=0.1, duplicate=0.2, shuffle=0.5)
    async with running(is_quiet=False, rooms=5, speed=300, disorder=disorder) as cloud:
        cloud.receiver.statuses = [503, 200] * 10
        await cloud.receiver.until(lambda: len(cloud.receiver.bodies) > 100, 30)
        here = await present(cloud)
        await cloud.receiver.until(lambda: here <= told(cloud, "connectionCreated"))
        gone = told(cloud, "connectionDestroyed")
        assert gone
        assert not gone & await present(cloud)
