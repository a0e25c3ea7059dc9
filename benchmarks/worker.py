"""Time one engine in a process of its own; print one line of JSON.

Usage: python benchmarks/worker.py ENGINE LEADS SEED REPEATS
"""

from __future__ import annotations

import gc
import json
import resource
import statistics
import sys
import time


def main() -> None:
    """Prepare an engine, run it several times, and say how long it took."""
    name, leads, seed, repeats = sys.argv[1], *map(int, sys.argv[2:5])
    from engines import ENGINES

    prepare, run, _ = ENGINES[name]
    prepared = prepare(leads, seed)
    seconds = []
    for _ in range(repeats):
        gc.collect()
        begun = time.perf_counter()
        result = run(prepared)
        seconds.append(time.perf_counter() - begun)
        del result
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    per_megabyte = 1024 if sys.platform != "darwin" else 1024**2
    print(
        json.dumps(
            {"seconds": statistics.median(seconds), "peak_mb": peak / per_megabyte}
        )
    )


if __name__ == "__main__":
    main()
