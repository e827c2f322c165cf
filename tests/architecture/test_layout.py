"""The tree says where things are: tests mirror sources, documents name what exists, nothing names this machine."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MIRRORED = (
    *("domain", "feed", "journal", "providers", "quality", "gateway", "client"),
    *("launch", "cli", "desktop", "simulator"),
)
# Written in pieces, so that this file does not contain them.
FOREIGN = ("/" + "work/", "pypi" + ".org", "files.python" + "hosted.org", "registry.npm" + "js.org", "crates" + ".io")


def project_files() -> list[Path]:
    """Every file that is, or would be, committed; without Git, what the folders hold."""
    listing = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if (ROOT / ".git").exists():
        names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
        found = [ROOT / name for name in names if name]
    else:
        generated = {".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "__pycache__", "dist"}
        found = [path for path in ROOT.rglob("*") if not generated & set(path.relative_to(ROOT).parts)]
    return [path for path in found if path.is_file()]


@pytest.mark.parametrize("package", MIRRORED)
def test_tests_mirror_sources(package: str) -> None:
    tests = ROOT / "tests"
    strays = []
    for path in sorted((tests / package).rglob("test_*.py")):
        source = ROOT / "src/moderator" / path.parent.relative_to(tests) / path.stem.removeprefix("test_")
        if not (source.with_suffix(".py").is_file() or source.is_dir()):
            strays.append(f"{path.relative_to(ROOT)} tests {source.relative_to(ROOT)}.py, which is not there")
    assert not strays


def test_no_file_names_this_machine_or_a_package_registry() -> None:
    found = []
    for path in project_files():
        content = path.read_bytes()
        found += [f"{path.relative_to(ROOT)}: {text}" for text in FOREIGN if text.encode() in content]
    assert not found


@pytest.mark.parametrize("document", ["README.md", "ARCHITECTURE.md"])
def test_documents_name_files_that_exist(document: str) -> None:
    path = ROOT / document
    content = path.read_text("utf-8") if path.is_file() else ""
    named = {name.rstrip("./-") for name in re.findall(r"(?<![\w/.-])(?:src|tests)/[\w./-]*", content)}
    assert sorted(name for name in named if not (ROOT / name).exists()) == []
