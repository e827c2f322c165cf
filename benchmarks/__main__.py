"""`python -m benchmarks`: every benchmark, each beside the naive way in the same run, as one table."""

import asyncio

from benchmarks import lateness, reaction
from benchmarks.figures import Figures, table


async def main() -> None:
    rows: list[Figures] = []
    for benchmark in (lateness, reaction):
        print(f"running {benchmark.__name__.removeprefix('benchmarks.')} ...", flush=True)
        rows += await benchmark.measure()
    print(table(rows))


if __name__ == "__main__":
    asyncio.run(main())
