"""What the About window tells, as names and values, and as a text for a report. No secret is among it. Pure."""

import platform
from pathlib import Path
from typing import Final

from msgspec import Struct

import moderator
from moderator.client.me import Me
from moderator.client.texts import safe
from moderator.client.versions import about_versions
from moderator.desktop.session import DesktopSession
from moderator.language import marked, tr
from moderator.launch.folders import config_folder, data_folder, log_folder


class Places(Struct, frozen=True):
    """Where this user's files are."""

    config: Path
    data: Path
    log: Path


def places_of(session: DesktopSession) -> Places:
    """Those of the user, or of what the session has of its own, such as a demo."""
    config = Path(session.config_path).parent if session.config_path else config_folder()
    if session.data_folder is not None:
        return Places(config, session.data_folder, session.data_folder / "log")
    return Places(config, data_folder(), log_folder())


class Part(Struct, frozen=True):
    """Somebody else's work that comes with the program."""

    name: str
    what: str
    licence: str
    file: str = ""
    """The licence's text, among the resources; empty where the package brings it."""


PARTS: Final = (
    Part("Inter", marked("the typeface"), "SIL OFL 1.1", "fonts/LICENSE-Inter.txt"),
    Part("Noto Sans", marked("Arabic and Hebrew letters"), "SIL OFL 1.1", "fonts/LICENSE-Noto.txt"),
    Part("Lucide", marked("the icons"), "ISC", "icons/LICENSE"),
    Part("Qt, PySide6", marked("the window"), "LGPL 3.0"),
    Part("Python", marked("the language"), "PSF"),
    Part("CLDR, Babel", marked("how times and durations are written"), "Unicode, BSD"),
    Part("httpx, truststore", marked("requests, and whom they trust"), "BSD, MIT"),
    Part("msgspec", marked("reads and writes what is sent"), "BSD"),
    Part("pyqtgraph", marked("plots of quality"), "MIT"),
    Part("desktop-notifier", marked("the system's notifications"), "MIT"),
    Part("miniaudio", marked("sounds"), "MIT"),
    Part("keyring, cryptography, PyJWT", marked("sign-ins and keys"), "MIT, Apache 2.0"),
)


def versions(qt: str, me: Me | None) -> tuple[tuple[str, str], ...]:
    """Names and versions; the gateway's is known once it has told who we are."""
    gateway = safe(me.version) if me and me.version else tr("not known yet")
    return (
        (tr("This program"), moderator.__version__),
        (tr("Gateway"), gateway),
        ("Python", platform.python_version()),
        ("Qt", qt),
        (tr("System"), f"{platform.system()} {platform.release()} {platform.machine()}"),
    )


def folders(places: Places) -> tuple[tuple[str, Path], ...]:
    """Names and folders."""
    return (tr("Configuration"), places.config), (tr("Data"), places.data), (tr("Log"), places.log)


def report(qt: str, me: Me | None, places: Places, *, language: str) -> str:
    """For whoever is asked for help. Names no person, room or token; the home folder is written `~`."""
    lines = [f"{name}: {value}" for name, value in versions(qt, me)]
    lines += [f"{name}: {_short(path)}" for name, path in folders(places)]
    lines += [tr("Language: {code}").format(code=language), about_versions(me) if me else ""]
    return "\n".join(line for line in lines if line)


def _short(path: Path) -> str:
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except ValueError:
        return str(path)
