"""Time one engine in a process of its own; print one line of JSON.

Usage: python benchmarks/worker.py ENGINE LEADS SEED REPEATS
"""

from __future__ import annotations

import gc
import json
import os
import resource
import statistics
import sys
import time


def main() -> None:
    """Prepare an engine, run it several times, and say how long it took."""
    name, leads, seed, repeats = sys.argv[1], *map(int, sys.argv[2:5])
    from engines import ENGINES, POOLS, RUNS

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
    if name == "fast_engine_processes":
        POOLS[name].shutdown()
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        peak += largest * (os.cpu_count() or 1)
    per_megabyte = 1024 if sys.platform != "darwin" else 1024**2
    one = statistics.median(seconds) / RUNS.get(name, 1)
    print(json.dumps({"seconds": one, "peak_mb": peak / per_megabyte}))


if __name__ == "__main__":
    main()
