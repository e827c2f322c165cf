"""The gateway that the window opens on when none is named: the profile `default` among the user's."""

import tomllib
from pathlib import Path
from typing import Final

from moderator.language import tr
from moderator.launch.private_files import write_whole
from moderator.launch.toml_edits import NotEditable, edited, with_value

DEFAULT_PROFILE: Final = "default"


def has_profile(path: Path, name: str) -> bool:
    """Whether the file is there and has a profile of this name. One that cannot be read has."""
    try:
        return name in tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return False
    except (OSError, ValueError, RecursionError):  # who reads it says why it cannot be
        return True


def keep_default(path: Path, url: str) -> None:
    """Open on this gateway from now on. Raises OSError with a sentence."""
    try:
        text = path.read_bytes().decode("utf-8-sig") if path.exists() else ""
        write_whole(path, edited(text, lambda plain: with_value(plain, DEFAULT_PROFILE, "gateway", url)))
    except NotEditable as error:
        raise OSError(tr("{file}: {why}").format(file=path, why=error)) from error
    except ValueError as error:
        raise OSError(tr("{file} is not text").format(file=path)) from error
