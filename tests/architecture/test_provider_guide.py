"""The guide for authors of providers is true: what it shows is installed as a package of its own, tested and used."""

import asyncio
import os
import re
import sys
import tomllib
from pathlib import Path

import pytest

from moderator.providers.conformance import Answer, Recorder, Request, json_answer

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "adding-a-provider.md"
FILE = re.compile(r"^`([\w./]+)`:\n\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SECRETS = {"MODERATOR_KEY": "k" * 40, "ACME_TOKEN": "a-token-nobody-may-see", "ACME_WEBHOOK_SECRET": "a-secret"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of the guide, installed: a distribution is a folder with the names of its entry points."""
    for name, text in FILE.findall(GUIDE.read_text("utf-8")):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    project = tomllib.loads((tmp_path / "pyproject.toml").read_text("utf-8"))["project"]
    installed = tmp_path / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    installed.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (installed / "METADATA").write_text(metadata, "utf-8")
    lines = [
        f"[{group}]\n" + "\n".join(f"{name} = {where}" for name, where in points.items()) + "\n"
        for group, points in project["entry-points"].items()
    ]
    (installed / "entry_points.txt").write_text("".join(lines), "utf-8")
    return tmp_path


async def ran(folder: Path, *words: str) -> tuple[int | None, str]:
    """Python in a process of its own, to which the package is installed."""
    environment = {**os.environ, **SECRETS, "PYTHONPATH": str(folder)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *words),
        cwd=folder,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    shown, _ = await process.communicate()
    return process.returncode, shown.decode()


def configured(folder: Path, old: str, new: str) -> str:
    path = folder / "moderator.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return str(path)


async def test_the_provider_of_the_guide_passes_the_suite(folder: Path) -> None:
    status, shown = await ran(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests")
    assert status == 0, shown
    assert re.search(r"^\d\d passed in", shown, re.MULTILINE), shown


async def test_a_provider_of_another_package_is_found(folder: Path) -> None:
    def acme(request: Request) -> Answer:
        known = request.headers["authorization"] == f"Bearer {SECRETS['ACME_TOKEN']}"
        return json_answer({"rooms": []}, 200 if known else 401)

    async with Recorder(acme) as recorder:
        config = configured(folder, "https://api.acme.example", recorder.url)
        status, shown = await ran(folder, "-m", "moderator", "check", "--config", config)
    assert "Acme answers, and accepts our api_token." in shown
    assert "/webhooks/hospital" in shown
    assert status == 0, shown
    assert not [secret for secret in SECRETS.values() if secret in shown]


async def test_an_unknown_provider_is_refused_with_those_that_are_installed(folder: Path) -> None:
    config = configured(folder, '"acme"', '"acne"')
    status, shown = await ran(folder, "-m", "moderator", "check", "--config", config)
    assert status != 0
    assert "sources.hospital.provider: there is no provider 'acne': choose one of acme, janus, " in shown


async def test_a_package_that_cannot_be_loaded_is_named(folder: Path) -> None:
    (folder / "moderator_acme" / "webhooks.py").write_text("import acme_sdk_that_is_not_there\n", "utf-8")
    status, shown = await ran(folder, "-m", "moderator", "check", "--config", str(folder / "moderator.toml"))
    assert status != 0
    assert "sources.hospital.provider: 'acme' is installed, but cannot be used: ModuleNotFoundError" in shown
    assert "Traceback" not in shown
