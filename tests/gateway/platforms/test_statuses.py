"""What moderators are told of accounts while the log takes nothing."""

from pathlib import Path

import pytest

from moderator.journal.event_log import LogHealth
from tests.fakes.builders import DAY, joined
from tests.fakes.gateway import GatewayInProcess

GONE = "The log on nats://10.0.0.1:4222 cannot be used, none of them can be reached."


async def test_what_cannot_be_stored_does_not_look_like_calm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with GatewayInProcess(tmp_path) as gateway:
        await gateway.tell(joined("c1", DAY, user="u1"))

        async def shown() -> tuple[str, str | None]:
            (source,) = (await gateway.http.get("/v1/rooms")).json()["sources"]
            return source["state"], source["detail"]

        assert await shown() == ("live", None)
        with monkeypatch.context() as broken:
            broken.setattr(gateway.log, "health", lambda: LogHealth(writable=False, why=GONE))
            assert await shown() == ("failing", GONE.removesuffix("."))
        assert await shown() == ("live", None)
