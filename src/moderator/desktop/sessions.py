"""The sessions that there are: a gateway of one's own, the demo, or a gateway that runs elsewhere. A window can go over
from one to another; the commands begin with one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from moderator.clock import SystemClock
from moderator.desktop.session import DesktopSession
from moderator.language import tr
from moderator.launch.embedded import EmbeddedGateway
from moderator.launch.folders import config_folder, gateway_folder
from moderator.launch.sign_ins import kept_sign_ins
from moderator.launch.status import GatewayAccess

DEMO_ROOMS: Final = 20
DEMO_SPEED: Final = 10.0


def own_session(config: Path | None = None, *, welcome: bool = False) -> DesktopSession:
    """With an embedded gateway for a configuration, the user's own without one; `welcome`: connect a platform first."""
    config = config or config_folder() / "moderator.toml"
    gateway = EmbeddedGateway(config.resolve(), gateway_folder(config), SystemClock())
    return DesktopSession(embedded=gateway, renew=gateway.restart, config_path=str(config), welcome=welcome)


def gateway_session(url: str) -> DesktopSession:
    """At a gateway where people sign in in the window. Raises OSError where no sign-in could be kept."""
    return DesktopSession(access=GatewayAccess(url, ""), sign_ins=kept_sign_ins())


@contextmanager
def demo_session(rooms: int = DEMO_ROOMS, speed: float = DEMO_SPEED) -> Iterator[DesktopSession]:
    """With simulated clouds; what they and the window write is gone afterwards. Raises OSError."""
    from moderator.launch.demo import Demo  # noqa: PLC0415  # makes keys: its library is not small
    from moderator.launch.demo_folder import demo_folder  # noqa: PLC0415

    with demo_folder() as folder:
        world = Demo(folder, SystemClock(), rooms=rooms, speed=speed)
        title, kept = tr("Moderator demo"), folder / "window"
        yield DesktopSession(embedded=world, title=title, speed=speed, hint=True, data_folder=kept)
