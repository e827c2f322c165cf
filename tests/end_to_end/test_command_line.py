"""The main job, as processes: `gateway`, with `watch` and the commands beside it. Webhooks are a recording of Janus."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

RECORDING = Path(__file__).parents[1] / "data/janus/01_three_participants.jsonl"
SCOPES = ["rooms:read", "rooms:extend", "rooms:end", "participants:disconnect"]
CONFIG = """
[gateway]
log = "sqlite:moderator.db"
[access]
key = { env = "TEST_KEY" }
[sources.clinic]
provider = "janus"
base_url = "http://127.0.0.1:9/janus"
admin_url = "http://127.0.0.1:9/admin"
admin_secret = "not-used"
webhook_user = "janus"
webhook_password = "test-webhook-password"
[[room_types]]
name = "class"
duration = "1h"
mode = "enforce"
"""


class Shell:
    """Runs `moderator` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "TEST_KEY": "k" * 40, "MODERATOR_TOKEN_FILE": str(folder / "token")}
        self._processes: list[subprocess.Popen[str]] = []

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "moderator", *words]
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False, timeout=30
        )

    def start(self, name: str, *words: str) -> "subprocess.Popen[str]":
        """In the background, with its output in NAME.out and NAME.err."""
        with (self.folder / f"{name}.out").open("a") as out, (self.folder / f"{name}.err").open("a") as err:
            command = [sys.executable, "-m", "moderator", *words]
            started = subprocess.Popen(
                command, cwd=self.folder, env=self.environment, stdout=out, stderr=err, text=True
            )
        self._processes.append(started)
        return started

    def gateway(self, port: int = 0) -> "subprocess.Popen[str]":
        (self.folder / "gateway.out").unlink(missing_ok=True)
        started = self.start("gateway", "gateway", "--config", "m.toml", "--port", str(port))
        ready = json.loads(self.wait_for("gateway.out", r"\{.*\}"))
        self.environment["MODERATOR_GATEWAY"] = ready["url"]
        return started

    def wait_for(self, file: str, pattern: str) -> str:
        """The first match in a file that is being written."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            path = self.folder / file
            if path.exists() and (found := re.search(pattern, path.read_text("utf-8"))):
                return found[0]
            time.sleep(0.02)
        raise AssertionError(f"no {pattern!r} in {file}: {(self.folder / file).read_text('utf-8')[-2000:]}")

    def stop(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """A signal that is ignored (as in `pytest &`) stays so in a child; one with a handler gets its default there."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    (tmp_path / "m.toml").write_text(CONFIG, "utf-8")
    new = Shell(tmp_path)
    made = new.run("token", "--config", "m.toml", "--name", "Maya", "--scope", *SCOPES)
    assert (made.returncode, made.stderr) == (0, "")
    (tmp_path / "token").write_text(made.stdout, "ascii")
    yield new
    new.stop()


def record(file: IO[str], shift_ms: int, until: str) -> None:
    """The recording as if it happened now, up to the first webhook with a certain word in it."""
    for line in RECORDING.read_text("utf-8").splitlines():
        sent = json.loads(line)
        body = re.sub(r'"timestamp":(\d{16})', lambda m: f'"timestamp":{int(m[1]) + shift_ms * 1000}', sent["body"])
        at = sent["received_at_ns"] // 1_000_000
        file.write(json.dumps({"at": at, "path": "/webhooks/clinic", "headers": sent["headers"], "body": body}) + "\n")
        if until in body:
            return


def test_from_webhook_to_terminal_and_back(shell: Shell) -> None:
    first_ms = json.loads(RECORDING.read_text("utf-8").split("\n", 1)[0])["received_at_ns"] // 1_000_000
    with (shell.folder / "recorded.jsonl").open("w") as file:
        record(file, time.time_ns() // 1_000_000 - first_ms - 20_000, "unpublished")
    gateway = shell.gateway()
    watch = shell.start("watch", "watch")
    frames = shell.start("frames", "watch", "--json")
    shell.wait_for("watch.err", "connected to")
    shell.wait_for("frames.out", '"event":"snapshot"')

    replayed = shell.run("replay", "recorded.jsonl", "--to", shell.environment["MODERATOR_GATEWAY"], "--speed", "0")
    assert re.fullmatch(r"200: \d+\n", replayed.stdout), replayed
    shell.wait_for("watch.out", r"class-101  Bob Test joined")
    shell.wait_for("watch.out", r"class-101  Alice Renamed shares a camera")

    listed = shell.run("rooms")
    assert re.search(r"^live   class-101  59:\d\d  \d\d:\d\d  4 .*clinic", listed.stdout, re.MULTILINE), listed
    assert len(json.loads(shell.run("rooms", "--json").stdout)["rooms"][0]["participants"]) >= 4

    extended = shell.run("extend", "class-101", "5m")
    assert (extended.returncode, extended.stderr) == (0, "")
    shell.wait_for("watch.out", r"class-101  Maya added 5:00, ends at \d\d:\d\d:\d\d")
    removed = shell.run(
        "disconnect", "clinic/class-101", "alice", "--reason", "conduct", "--block", "forever", "--json"
    )
    assert json.loads(removed.stdout)["outcome"] == "requested"
    shell.wait_for("watch.out", "Maya blocked Alice.* for good")
    assert shell.run("readmit", "class-101", "alice").returncode == 0
    shell.wait_for("watch.out", "Maya let Alice.* come back")
    refused = shell.run("readmit", "class-101", "alice")
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (1, "", 1)
    forbidden = shell.run("mute", "class-101", "bob")
    assert (forbidden.returncode, "participants:mute" in forbidden.stderr) == (1, True)

    port = int(shell.environment["MODERATOR_GATEWAY"].rsplit(":", 1)[1])
    gateway.send_signal(signal.SIGTERM)
    assert gateway.wait(10) == 0
    shell.wait_for("watch.err", "trying again")
    told = (shell.folder / "watch.out").read_text("utf-8")
    gateway = shell.gateway(port)
    shell.wait_for("watch.err", r"(?s)trying again.*connected to")
    assert shell.run("extend", "class-101", "-1m").returncode == 0
    shell.wait_for("watch.out", "Maya took 1:00 away")
    news = (shell.folder / "watch.out").read_text("utf-8").removeprefix(told)
    assert "joined" not in news  # it went on where it was

    for process in (watch, frames):
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
    gateway.send_signal(signal.SIGINT)
    assert gateway.wait(10) == 0
    for line in (shell.folder / "frames.out").read_text("utf-8").splitlines():
        assert set(json.loads(line)) == {"event", "id", "data"}
    outputs = "".join(path.read_text("utf-8") for path in shell.folder.glob("*.???") if path.suffix in {".out", ".err"})
    assert (shell.folder / "token").read_text("ascii").strip() not in outputs
    assert "Traceback" not in outputs


def test_a_port_that_is_taken_is_one_line(shell: Shell) -> None:
    shell.gateway()
    port = shell.environment["MODERATOR_GATEWAY"].rsplit(":", 1)[1]
    second = shell.run("gateway", "--config", "m.toml", "--port", port)
    assert (second.returncode, second.stdout) == (1, "")
    assert second.stderr.splitlines()[-1].startswith("moderator: cannot listen on")


def test_a_token_of_another_gateway_ends_a_watch(shell: Shell) -> None:
    shell.gateway()
    (shell.folder / "token").write_text("eyJhbGciOiJIUzI1NiJ9.e30.x", "ascii")
    watched = shell.run("watch")
    assert (watched.returncode, watched.stdout) == (1, "")
    assert watched.stderr.splitlines()[-1] == "moderator: the token is not one of this gateway"


def test_head_ends_a_watch_quietly(shell: Shell) -> None:
    shell.gateway()
    watch = [sys.executable, "-m", "moderator", "watch", "--json"]
    piped = subprocess.Popen(
        watch, cwd=shell.folder, env=shell.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert piped.stdout is not None
    assert piped.stderr is not None
    assert b'"snapshot"' in piped.stdout.readline()
    piped.stdout.close()
    assert piped.wait(10) == 0
    assert b"rror" not in piped.stderr.read()
    piped.stderr.close()
