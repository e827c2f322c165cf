"""Where the files are that come with the program: icons, fonts, sounds."""

from importlib.resources import files
from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(str(files("moderator")))
_PLACES: Final = (
    _PACKAGE / "resources",  # in the wheel, see pyproject.toml
    _PACKAGE.parents[1] / "resources",  # in a checkout
)


def resource(path: str) -> Path:
    """The file `path`, such as `icons/users.svg`. Raises FileNotFoundError: the installation is damaged."""
    for place in _PLACES:
        if (found := place / path).is_file():
            return found
    raise FileNotFoundError(f"{path} is missing from this installation of Moderator: install it again.")
