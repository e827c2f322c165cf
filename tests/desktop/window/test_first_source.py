from pathlib import Path

from moderator.desktop.window.first_source import how_to_connect
from moderator.gateway.configuration.config import load_config
from moderator.gateway.configuration.secrets import Handed

ROOT = Path(__file__).parents[3]


def test_what_it_shows_can_be_used_as_it_is(tmp_path: Path) -> None:
    text = how_to_connect("moderator.toml")
    (example,) = [part for part in text.split("\n\n") if part.startswith("[sources.")]
    file = tmp_path / "moderator.toml"
    file.write_text(example)
    (tmp_path / "livekit.secret").write_text("a secret of at least 32 characters")
    (source,) = load_config(file, Handed(key="k" * 32, name="you", log="events.sqlite3")).sources
    assert source.provider_name == "livekit"


def test_the_pages_it_names_are_there() -> None:
    pages = [word.strip(",") for word in how_to_connect("moderator.toml").split() if word.startswith("docs/")]
    assert len(pages) == 3
    assert all((ROOT / page).is_file() for page in pages)
