"""Keeps an account: its secrets in the keyring, or in files only their user can read, the rest in the configuration.

All of it or nothing. Everything here may take seconds: call it on a thread.
"""

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from moderator.client.system_keyring import NoKeyring, forget_in_keyring, found_in_keyring, keep_in_keyring
from moderator.language import tr
from moderator.launch.account import Account, with_account
from moderator.launch.private_files import write_whole
from moderator.launch.toml_edits import NotEditable, table_of, with_value

FOLDER: Final = "secrets"
"""Beside the configuration."""


class NotKept(Exception):
    """Nothing was kept. The message is a sentence for people and holds no secret."""


def sources_of(config: Path) -> tuple[str, ...]:
    """The names of the sources that the configuration has; none for a file that is not there or cannot be read."""
    try:
        sources = table_of(_text(config)).get("sources", {})
    except (NotKept, NotEditable):
        return ()
    return tuple(sources) if isinstance(sources, dict) else ()


def is_unused(config: Path) -> bool:
    """Whether nobody has configured a source yet. One that cannot be read is in use, and somebody's to mend."""
    try:
        return not table_of(_text(config)).get("sources")
    except (NotKept, NotEditable):
        return False


def public_url_of(config: Path) -> str:
    """Where the configuration says that platforms reach the gateway; empty where it does not."""
    try:
        return str(table_of(_text(config)).get("gateway", {}).get("public_url", ""))
    except (NotKept, NotEditable, AttributeError):
        return ""


def port_of(config: Path) -> int | None:
    """The port that the configuration names for the gateway; None where it names none."""
    try:
        port = table_of(_text(config)).get("gateway", {}).get("port")
    except (NotKept, NotEditable, AttributeError):
        return None
    return port if isinstance(port, int) and 0 < port < 65536 else None


def keep_account(config: Path, account: Account, port: int) -> None:
    """Add the account to the configuration. The gateway is at `port`, and stays there. Raises NotKept."""
    text = _text(config)
    references: dict[str, Mapping[str, str]] = {}
    try:
        for key, secret in account.secrets.items():
            references[key] = _keep_secret(config.parent, account.source, key, secret)
        write_whole(config, with_account(text, account, references, _new_port(text, port)))
    except NotEditable as error:
        _forget(config.parent, references)
        raise NotKept(_about(config, error)) from error
    except OSError as error:
        _forget(config.parent, references)
        raise NotKept(_not_written(config, error)) from error


def keep_public_url(config: Path, url: str) -> None:
    """Say in the configuration where platforms reach the gateway. Raises NotKept."""
    try:
        write_whole(config, with_value(_text(config), "gateway", "public_url", url))
    except NotEditable as error:
        raise NotKept(_about(config, error)) from error
    except OSError as error:
        raise NotKept(_not_written(config, error)) from error


def _text(config: Path) -> str:
    try:
        return config.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else tr("it is not text")
        raise NotKept(tr("{file} cannot be read: {why}").format(file=config, why=why)) from error


def _about(config: Path, error: NotEditable) -> str:
    return tr("{file}: {why}").format(file=config, why=error)


def _not_written(config: Path, error: OSError) -> str:
    return tr("{file} cannot be written: {why}").format(file=config, why=error.strerror or error)


def _new_port(text: str, port: int) -> int | None:
    """None where the file names one: that is where the gateway is."""
    gateway = table_of(text).get("gateway", {})
    return None if isinstance(gateway, dict) and "port" in gateway else port


def _keep_secret(folder: Path, source: str, key: str, secret: str) -> dict[str, str]:
    """A reference to it, for the configuration. Raises OSError."""
    name = f"{source}-{key}"
    with contextlib.suppress(NoKeyring):
        if not found_in_keyring(name):  # else it is another configuration's, perhaps
            keep_in_keyring(name, secret)
            return {"keyring": name}
    write_whole(folder / FOLDER / f"{name}.key", secret)
    return {"file": f"{FOLDER}/{name}.key"}


def _forget(folder: Path, references: Mapping[str, Mapping[str, str]]) -> None:
    """What was kept of an account that is none."""
    for reference in references.values():
        if "file" in reference:
            with contextlib.suppress(OSError):
                (folder / reference["file"]).unlink()
        else:
            with contextlib.suppress(NoKeyring):
                forget_in_keyring(reference["keyring"])
