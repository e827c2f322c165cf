"""The sessions that the welcome leads to. They are loaded when they are needed: the network's libraries are among what
they need."""

import asyncio
import importlib
from types import ModuleType

from moderator.desktop.session import Opening, opening
from moderator.launch.folders import config_folder
from moderator.launch.profiles import keep_default


async def to_demo() -> Opening:
    """The demo."""
    demo: Opening = (await _sessions()).demo_session
    return demo


async def to_own() -> Opening:
    """A gateway of one's own, where a platform is asked for at once."""
    sessions = await _sessions()
    return opening(sessions.own_session(welcome=True))


async def to_gateway(url: str) -> Opening:
    """A gateway that runs elsewhere: the window opens there from now on. Raises OSError where that cannot be kept."""
    sessions = await _sessions()
    await asyncio.to_thread(keep_default, config_folder() / "profiles.toml", url)
    return opening(sessions.gateway_session(url))


async def _sessions() -> ModuleType:
    return await asyncio.to_thread(importlib.import_module, "moderator.desktop.sessions")
