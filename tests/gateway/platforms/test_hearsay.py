"""Two gateways on one log, and a platform whose webhooks all come to one of them."""

from pathlib import Path

from moderator.domain.settings import MINUTE_MS
from moderator.gateway.platforms.silence import CALM_MS
from tests.fakes.builders import DAY, SOURCE, joined
from tests.fakes.gateway import GatewayInProcess


def states(*gateways: GatewayInProcess) -> list[str]:
    return [gateway.gateway.sources[SOURCE].status().state for gateway in gateways]


def told(gateway: GatewayInProcess) -> list[str]:
    """What moderators are told; what two gateways wrote is told once."""
    found = [*gateway.read("source_silent"), *gateway.read("source_recovered")]
    return [event.kind for event in sorted(found, key=lambda event: event.seq)]


def beside(folder: Path, first: GatewayInProcess) -> GatewayInProcess:
    """A gateway whose platform shows the same."""
    return GatewayInProcess(folder, clock=first.clock, beside=first, rooms=first.provider.rooms)


async def test_who_gets_no_webhooks_hears_that_they_come(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as first:
        await first.tell(joined("c0", DAY, user="u0"))
        async with beside(tmp_path, first) as second:
            for number in range(1, 5):
                await first.tell(joined(f"c{number}", first.clock.now_ms(), user=f"u{number}"))
                second.provider.rooms = first.provider.rooms
                await first.advance(CALM_MS // 2)
            assert (states(first, second), told(first)) == (["live", "live"], [])


async def test_silence_and_its_end_are_noted_once_and_known_to_both(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as first:
        await first.tell(joined("c0", DAY, user="u0"))
        async with beside(tmp_path, first) as second:
            await first.tell(joined("c1", first.clock.now_ms(), user="u1"))
            second.provider.rooms = first.provider.rooms
            await first.advance(CALM_MS + 2 * MINUTE_MS)
            assert (states(first, second), told(first)) == (["silent", "silent"], ["source_silent"])
            await first.tell(joined("c2", first.clock.now_ms(), user="u2"))
            second.provider.rooms = first.provider.rooms
            await first.advance(MINUTE_MS)
            assert (states(first, second), told(first)[1:]) == (["live", "live"], ["source_recovered"])
            await first.advance(CALM_MS + 2 * MINUTE_MS)
            assert told(first)[2:] == ["source_silent"]


async def test_what_another_gateway_found_in_a_list_is_no_webhook(tmp_path: Path) -> None:
    async with GatewayInProcess(tmp_path) as first:
        await first.tell(joined("c0", DAY, user="u0"))
        async with beside(tmp_path, first) as second:
            for number in range(1, 4):
                for gateway in (first, second):
                    gateway.provider.happened(joined(f"c{number}", first.clock.now_ms(), user=f"u{number}"))
                await first.advance(CALM_MS // 2)
            assert states(first, second) == ["silent", "silent"]
