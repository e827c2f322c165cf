"""Where the user's files are on this system: the configuration that people write, and what the program keeps."""

import hashlib
from pathlib import Path

import platformdirs


def config_folder() -> Path:
    """Where people put `moderator.toml` and `profiles.toml`."""
    return platformdirs.user_config_path("moderator", appauthor=False)


def data_folder() -> Path:
    """Where the program keeps what it has to remember."""
    return platformdirs.user_data_path("moderator", appauthor=False)


def log_folder() -> Path:
    """Where the window writes what happened to it."""
    return platformdirs.user_log_path("moderator", appauthor=False)


def gateway_folder(config: Path) -> Path:
    """Where the embedded gateway of this configuration keeps its journal; one folder for each file."""
    name = hashlib.sha256(str(config.resolve()).encode()).hexdigest()[:8]
    return data_folder() / "gateways" / f"{config.stem}-{name}"
