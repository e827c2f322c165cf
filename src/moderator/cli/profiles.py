"""Named gateways of a user: `profiles.toml` in the configuration folder, a table `[NAME]` for each."""

import tomllib
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from moderator.cli.failures import Failure
from moderator.cli.values import url

_MEMBERS: Final = 'gateway = "https://..." and, unless you sign in, token_file = "..."'


class Profile(Struct, frozen=True, forbid_unknown_fields=True):
    """A gateway and the file with the token for it, a relative one beside `profiles.toml`; empty: people sign in."""

    gateway: str
    token_file: str = ""


def read_profile(path: Path, name: str) -> Profile:
    """The profile of that name. Raises Failure with the file and the remedy."""
    profiles = _read(path)
    if name not in profiles:
        raise Failure(
            f"{path} has no profile {name!r}: choose one of {', '.join(sorted(profiles)) or '(there is none)'}"
        )
    try:
        found = msgspec.convert(profiles[name], Profile)
        token_file = str(path.parent / Path(found.token_file).expanduser()) if found.token_file else ""
        return Profile(gateway=url(found.gateway), token_file=token_file)
    except msgspec.ValidationError as error:
        raise Failure(f"{path}: {name}: {error}: write {_MEMBERS}") from error
    except ArgumentTypeError as error:
        raise Failure(f"{path}: {name}.gateway: {error}") from error


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise Failure(f"there are no profiles yet: write {path} with a table [NAME], {_MEMBERS}") from error
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:  # no text, no TOML, a number or a nesting without end
        raise Failure(f"{path} is not TOML: {error}") from error
