"""Keeps an account: its secrets where `account_secrets` finds a place, the rest in the configuration.

All of it or nothing. Everything here may take seconds: call it on a thread.
"""

from collections.abc import Callable
from pathlib import Path

from moderator.language import tr
from moderator.launch.account import Account, with_account
from moderator.launch.account_secrets import AccountSecrets
from moderator.launch.private_files import write_whole
from moderator.launch.toml_edits import NotEditable, edited, table_of, with_value


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
    _prove(config, account, port)
    secrets = AccountSecrets(config.parent)
    try:
        references = secrets.keep(account)
        _edit(config, lambda text: with_account(text, account, references, _new_port(text, port)))
    except OSError as error:
        secrets.forget()
        raise NotKept(_not_written(config, error)) from error
    except BaseException:
        secrets.forget()
        raise


def keep_public_url(config: Path, url: str) -> None:
    """Say in the configuration where platforms reach the gateway. Raises NotKept."""
    try:
        _edit(config, lambda text: with_value(text, "gateway", "public_url", url))
    except OSError as error:
        raise NotKept(_not_written(config, error)) from error


def _prove(config: Path, account: Account, port: int) -> None:
    """That the account can be added, before any secret is kept. Raises NotKept."""
    text, nowhere = _text(config), {key: dict[str, str]() for key in account.secrets}
    try:
        for secret in account.secrets.values():
            secret.encode()
        edited(text, lambda plain: with_account(plain, account, nowhere, _new_port(plain, port)))
    except UnicodeEncodeError as error:
        raise NotKept(_about(config, NotEditable(tr("it is not text")))) from error
    except NotEditable as error:
        raise NotKept(_about(config, error)) from error


def _edit(config: Path, edit: Callable[[str], str]) -> None:
    """Edit what stands there now: somebody may have written to it meanwhile. Raises NotKept and OSError."""
    try:
        write_whole(config, edited(_text(config), edit))
    except NotEditable as error:
        raise NotKept(_about(config, error)) from error


def _text(config: Path) -> str:
    try:
        return config.read_bytes().decode("utf-8-sig")  # some editors begin with a mark
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
    """None where the file names one: that is where the gateway is. Raises NotEditable."""
    gateway = table_of(text).get("gateway", {})
    return None if isinstance(gateway, dict) and "port" in gateway else port
