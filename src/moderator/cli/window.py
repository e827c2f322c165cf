"""`moderator` alone: the window, on a gateway that was named or on one of its own; and what it needs to open at all."""

import ctypes
import importlib.util
import os
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Final

from moderator.cli.connection import TokenFile, address
from moderator.cli.failures import Failure, refused
from moderator.cli.profiles import read_profile
from moderator.desktop.session import DesktopSession, Opening, opening
from moderator.desktop.sessions import gateway_session, own_session
from moderator.launch.folders import config_folder
from moderator.launch.profiles import DEFAULT_PROFILE, has_profile
from moderator.launch.status import GatewayAccess

DISPLAY_VARIABLES: Final = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
NO_DISPLAY: Final = "there is no display: run this on a desktop, or set DISPLAY to one"
LACKS_LIBRARY: Final = (
    "the window needs a library that this system lacks ({why}): run scripts/install-system-libraries, or install the "
    "package that has it"
)
NO_EXTRA: Final = "the window is not installed: python -m pip install 'moderator[desktop]'"


def desktop(arguments: Namespace) -> int:
    """Open the window; returns when it is closed."""
    if arguments.self_check:
        return _window("self_check")()
    return open_window(opening(session_of(arguments)))


def open_window(first: Opening) -> int:
    """Show a session until it is closed. Raises Failure where there can be no window."""
    run = _window("run")
    if not has_display():
        raise Failure(NO_DISPLAY)
    if why := _why_no_x11():
        raise Failure(LACKS_LIBRARY.format(why=why))
    try:
        return run(first)
    except OSError as error:
        raise refused(error) from error


def has_display() -> bool:
    """Whether a window could be seen. Only Linux has machines without."""
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in DISPLAY_VARIABLES)


def _why_no_x11() -> str:
    """What Qt lacks to speak to an X server: asked here, since Qt would end the program without a word for people."""
    if not os.environ.get("DISPLAY") or any(os.environ.get(name) for name in DISPLAY_VARIABLES[1:]):
        return ""
    qt = importlib.util.find_spec("PySide6")
    plugins = [Path(one) / "Qt/plugins/platforms/libqxcb.so" for one in (qt and qt.submodule_search_locations) or ()]
    try:
        for plugin in plugins:
            if plugin.exists():
                ctypes.CDLL(str(plugin))
    except OSError as error:
        return str(error)
    return ""


def _window(function: str) -> Callable[..., int]:
    if importlib.util.find_spec("PySide6") is None:
        raise Failure(NO_EXTRA)
    try:
        found: Callable[..., int] = getattr(importlib.import_module("moderator.desktop.main"), function)
    except ImportError as error:
        if "cannot open shared object file" not in str(error):
            raise
        raise Failure(LACKS_LIBRARY.format(why=error)) from error
    return found


def session_of(arguments: Namespace) -> DesktopSession:
    """Which gateway: what was named on the command line, then the environment, then one of our own."""
    if arguments.profile is not None:
        profile = read_profile(config_folder() / "profiles.toml", arguments.profile)
        return _named(profile.gateway, profile.token_file)
    if arguments.config is None and arguments.gateway is not None:
        return _named(address(arguments), arguments.token_file)
    if arguments.config is not None and not arguments.config.is_file():
        raise Failure(f"{arguments.config} cannot be read: there is no such file")
    if arguments.config is None and has_profile(config_folder() / "profiles.toml", DEFAULT_PROFILE):
        profile = read_profile(config_folder() / "profiles.toml", DEFAULT_PROFILE)
        return _named(profile.gateway, profile.token_file)
    return own_session(arguments.config)


def _named(url: str, token_file: str | Path | None) -> DesktopSession:
    if not token_file:
        try:
            return gateway_session(url)
        except OSError as error:
            raise Failure(f"{error.filename} cannot be made: {error.strerror}") from error
    token = TokenFile(Path(token_file))
    return DesktopSession(access=GatewayAccess(url, token.current()), tokens=token)
