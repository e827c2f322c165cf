import pytest

from moderator.gateway.asgi import Receive, Scope, Send
from moderator.gateway.entrance import Entrance
from moderator.gateway.platforms.ingest import Ingest


class Inside(Ingest):
    """Notes what gets to it."""

    def __init__(self) -> None:
        self.sources: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.sources.append(scope["path_params"]["source"])


@pytest.fixture
def inside() -> Inside:
    return Inside()


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("/webhooks/clinic", "clinic"),
        ("/webhooks/", ""),
        ("/webhooks/clinic/more", "clinic/more"),  # no name of a source: refused in there
        ("/webhooks", None),
        ("/v1/rooms", None),
        ("/v1/webhooks/clinic", None),
        ("", None),
    ],
)
async def test_webhooks_go_straight_to_their_handler(inside: Inside, path: str, source: str | None) -> None:
    others: list[str] = []

    async def elsewhere(scope: Scope, receive: Receive, send: Send) -> None:
        others.append(scope["path"])

    await Entrance(inside, elsewhere)({"type": "http", "path": path}, _nothing, _nowhere)  # type: ignore[arg-type]
    assert (inside.sources, others) == (([source], []) if source is not None else ([], [path]))


async def _nothing() -> None:
    raise AssertionError


async def _nowhere(message: object) -> None:
    raise AssertionError
