"""`./scripts/fuzz [--minutes N] [target...]`: tries what reads input from outside, one target after the other.

Prints for each how many inputs were tried and what they reached; every fault, with the input that shows it, which is
kept in the corpus. Ends with 1 when there was one. The targets are in `tests/hostile/fuzzing`.
"""

import argparse
import random
import sys
import warnings

from tests.hostile.fuzzing import corpus
from tests.hostile.fuzzing.engine import Fuzzing, Run
from tests.hostile.fuzzing.growth import slow_shapes
from tests.hostile.fuzzing.targets import TARGETS


def main() -> int:
    """Try them all."""
    arguments = _arguments()
    if unknown := sorted(set(arguments.target) - TARGETS.keys()):
        sys.exit(f"there is no target {unknown[0]}: choose of {', '.join(TARGETS)}")
    warnings.simplefilter("error")
    names = arguments.target or list(TARGETS)
    seconds = 60 * arguments.minutes / len(names)
    print(f"seed {arguments.seed}, {seconds:.0f} s for each target")
    print(f"{'target':18}{'runs':>10}{'reached':>9}{'new':>7}{'corpus':>8}{'slowest':>10}  faults")
    return 1 if sum([_turn(name, seconds, arguments.seed) for name in names]) else 0


def _turn(name: str, seconds: float, seed: int) -> int:
    target = TARGETS[name]
    fuzzing = Fuzzing(target, [path.read_bytes() for path in corpus.kept(name)], random.Random(f"{seed} {name}"))
    run = fuzzing.go_on(seconds)
    slow = list(slow_shapes(target)) if target.grows else []
    corpus.keep(target, fuzzing.pool)
    _tell(run, slow)
    return len(run.crashes) + len(slow)


def _tell(run: Run, slow: list[str]) -> None:
    faults = len(run.crashes) + len(slow)
    kept = len(corpus.kept(run.target))
    figures = f"{run.runs:>10,}{run.reached:>9,}{run.new:>7,}{kept:>8}{run.slowest_s * 1000:>7.0f} ms"
    print(f"{run.target:18}{figures}  {faults or 'none'}", flush=True)
    for problem in slow:
        print(f"    {problem}", flush=True)
    for crash in run.crashes:
        path = corpus.keep_crash(run.target, crash.body)
        words = crash.fault.replace("\n", "\n    ")
        print(f"    {path}: {crash.body[:200]!r}\n    {words}", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description="Tries what reads input from outside.")
    parser.add_argument("--minutes", type=float, default=60.0, help="for all targets together (default: 60)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32), help="of the dice")
    parser.add_argument("target", nargs="*", help=f"of {', '.join(TARGETS)} (default: all)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
