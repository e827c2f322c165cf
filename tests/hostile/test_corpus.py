"""Inputs that once reached something, or showed a fault, are read; so are new ones, as many as there is time for."""

import os
import random
import subprocess

import pytest
from msgspec.structs import replace

from tests.hostile.fuzzing import corpus
from tests.hostile.fuzzing.engine import Fuzzing
from tests.hostile.fuzzing.growth import slow_shapes
from tests.hostile.fuzzing.mutation import mutated
from tests.hostile.fuzzing.target import Target
from tests.hostile.fuzzing.targets import TARGETS
from tests.hostile.fuzzing.webhooks import STATED

IN_CI = bool(os.environ.get("CI"))
SECONDS = 100.0 if IN_CI else 5.0
"""For all targets together."""
MOST_KEPT = 1_000 if IN_CI else 10
"""So many inputs of a target are begun from: to follow each takes a while."""
SHAPED = list(STATED) if IN_CI else ["vonage"]
MAX_CORPUS_BYTES = 512 * 1024
SEED = subprocess.run(("git", "rev-parse", "HEAD:src"), capture_output=True, text=True, check=False).stdout.strip()
"""New inputs for each new state of the sources; the same ones for the same, so that a find here is a find anywhere."""
each_target = pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)


@each_target
def test_what_is_kept_is_read(target: Target) -> None:
    signs = {sign for path in corpus.kept(target.name) for sign in target.check(path.read_bytes())}
    assert signs, "a target without a corpus: run scripts/fuzz"


@each_target
def test_new_inputs_show_no_fault(target: Target) -> None:
    dice = random.Random(f"{SEED} {target.name}")
    known = [*target.samples(), *(path.read_bytes() for path in corpus.kept(target.name))]
    begun = replace(target, samples=lambda: dice.sample(known, min(len(known), MOST_KEPT)))
    run = Fuzzing(begun, [], dice).go_on(SECONDS / len(TARGETS))
    told = "\n".join(f"{crash.body!r}\n{crash.fault}" for crash in run.crashes)
    assert not run.crashes, f"seed {SEED}\n{told}"


@pytest.mark.parametrize("name", SHAPED)
def test_no_webhook_of_any_shape_takes_long(name: str) -> None:
    assert not list(slow_shapes(TARGETS[name], samples=1))


def test_the_corpus_is_small() -> None:
    files = [path for name in TARGETS for path in corpus.kept(name)]
    assert sum(path.stat().st_size for path in files) < MAX_CORPUS_BYTES
    assert {path.name for path in corpus.FOLDER.iterdir()} <= TARGETS.keys(), "a folder of no target"


def test_the_same_dice_make_the_same_inputs() -> None:
    samples = TARGETS["vonage"].samples()
    first, second = (
        [mutated(samples[0], samples, dice) for _ in range(50)] for dice in (random.Random(1), random.Random(1))
    )
    assert first == second
    assert len(set(first)) > 40


def test_what_is_wrong_is_found_and_made_small() -> None:
    def check(body: bytes) -> list[str]:
        assert b"Anna" not in body or b"null" not in body, "two words together"
        return [str(len(body))]

    samples = [b'{"role":"advisor","name":"Anna"}', b'{"user":null,"role":"advisor"}']
    fuzzing = Fuzzing(Target("broken", lambda: samples, check), [], random.Random(1))
    run = next(run for _ in range(100) if (run := fuzzing.go_on(0.2)).crashes)
    (crash,) = run.crashes
    assert "AssertionError: two words together" in crash.fault
    assert len(crash.body) <= len(b"Annanull") + 2
    assert (run.new, run.runs > len(samples)) == (len(fuzzing.pool) - len(samples), True)
