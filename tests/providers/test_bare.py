"""What a platform cannot do is refused with the reason that is stated for it."""

from collections.abc import Awaitable, Callable, Mapping

import pytest

from moderator.domain.settings import Capability
from moderator.providers.bare import BareProvider
from moderator.providers.errors import NotSupported
from moderator.providers.provider import ACTIONS, Admission, Target

HERE = Target(room="r", participant="p")


class Stated(BareProvider):
    """Each reason names its action; the gateway does one thing, for no reason."""

    capabilities: Mapping[str, Capability] = {
        **{action: Capability(None, f"nobody can {action} here") for action in ACTIONS},
        "end": Capability("gateway"),
    }


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda bare: bare.list_rooms([]), "Nobody can list here."),
        (lambda bare: bare.list_room("r"), "Nobody can list here."),
        (lambda bare: bare.disconnect(HERE, block=True), "Nobody can disconnect here."),
        (lambda bare: bare.readmit(HERE), "Nobody can readmit here."),
        (lambda bare: bare.extend(HERE, None, 1), "Nobody can extend here."),
        (lambda bare: bare.mute(HERE), "Nobody can mute here."),
        (lambda bare: bare.revoke(HERE), "Nobody can revoke here."),
        (lambda bare: bare.restore(HERE), "Nobody can revoke here."),
        (lambda bare: bare.stop_stream(HERE), "Nobody can stop_stream here."),
        (lambda bare: bare.send_message(HERE, "hello"), "Nobody can message here."),
        (lambda bare: bare.tell(HERE, "you"), "Nobody can tell here."),
        (lambda bare: bare.open_room("r"), "Nobody can join here."),
        (lambda bare: bare.credentials(Admission(room="r", expires_at=1)), "Nobody can join here."),
        (lambda bare: bare.end_room(HERE), "This is for the gateway to do, not for the platform."),
    ],
)
async def test_the_reason_is_a_sentence(asked: Callable[[BareProvider], Awaitable[object]], said: str) -> None:
    with pytest.raises(NotSupported) as caught:
        await asked(Stated())
    assert str(caught.value) == said
