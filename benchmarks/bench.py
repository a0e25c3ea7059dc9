"""Measure the engines side by side, in one run, and write docs/performance.md.

Usage: python benchmarks/bench.py [--sizes 2000 20000 200000] [--rounds 5]

Each engine runs in a process of its own; the engines take turns within a round, and
a ratio is taken round by round, so that a slow moment of the machine hits both sides.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.util
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs"
YARDSTICK = "idiomatic"
# beyond these sizes an engine takes minutes for a run and says nothing new
LARGEST = {"ciw": 20_000, "salabim": 20_000, "simmer": 200_000}
LARGEST |= dict.fromkeys(("idiomatic_frame", "on_tape"), 200_000)
LARGEST |= dict.fromkeys(
    ("simpy_engine", "simpy_engine_on_tape", "fast_engine_plain"), 200_000
)
# What an engine's process finds in its environment.
ENVIRONMENT = {"fast_engine_plain": {"NUMBA_DISABLE_JIT": "1"}}
# Seconds a run: once says enough.
SLOWEST = ("ciw", "salabim")
EXACT_PAIRS = (
    ("simpy_engine_on_tape", "on_tape", "our SimPy engine / hand-written, same tape"),
    ("idiomatic", "fast_engine", "hand-written SimPy / our fast engine"),
    ("idiomatic_frame", "fast_engine_frame", "the same, log as a table on both sides"),
    ("idiomatic", "fast_engine_plain", "hand-written SimPy / it without a compiler"),
    ("simmer", "fast_engine", "R simmer / our fast engine"),
    ("ciw", "fast_engine", "Ciw / our fast engine"),
    ("salabim", "fast_engine", "salabim / our fast engine"),
    ("fast_engine", "fast_engine_threads", "fast engine, one core / threads"),
    ("fast_engine", "fast_engine_processes", "fast engine, one core / processes"),
)
Result = dict[str, float]


def main() -> None:
    """Run all engines and write the page."""
    options = _options()
    engines = {n: t for n, t in _engines().items() if n not in options.without}
    rounds: dict[int, list[dict[str, Result]]] = {}
    for size in options.sizes:
        count = options.rounds if size <= 20_000 else min(options.rounds, 3)
        count = count if size <= 200_000 else 1
        rounds[size] = [_round(engines, size, seed) for seed in range(count)]
    page, text = DOCS / "performance.md", _page(rounds, engines, _everyday())
    page.write_text(text, encoding="utf-8")
    _draw(text)
    print(text)
    print(f"Written to {page}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    sizes = [2_000, 20_000, 200_000, 2_000_000]
    parser.add_argument("--sizes", type=int, nargs="+", default=sizes)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--without", nargs="*", default=[], metavar="ENGINE")
    return parser.parse_args()


def _engines() -> dict[str, str]:
    """Return what can run here: name and description."""
    sys.path.insert(0, str(HERE))
    from engines import ENGINES

    found = {name: parts[2] for name, parts in ENGINES.items()}
    for name in ("ciw", "salabim"):
        if importlib.util.find_spec(name) is None:
            found.pop(name)
    if shutil.which("Rscript") and _has_simmer():
        found["simmer"] = "R simmer, closures"
    return found


def _has_simmer() -> bool:
    asked = ["Rscript", "-e", "library(simmer)"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def _round(engines: dict[str, str], size: int, seed: int) -> dict[str, Result]:
    results = {}
    for name in engines:
        if size <= LARGEST.get(name, sys.maxsize):
            results[name] = _measured(name, size, seed)
            print(
                f"{size:>9,} {name:<22} {results[name]['seconds']:9.4f} s", flush=True
            )
    return results


def _measured(name: str, size: int, seed: int) -> Result:
    many = name.startswith("fast") or (size <= 20_000 and name not in SLOWEST)
    repeats = "3" if many else "1"
    arguments = [str(size), str(seed), repeats]
    if name == "simmer":
        command = ["Rscript", str(HERE / "simmer.R"), *arguments]
    else:
        command = [sys.executable, str(HERE / "worker.py"), name, *arguments]
    before = _used_by_others()
    begun = time.perf_counter()
    environment = {**os.environ, **ENVIRONMENT.get(name, {})}
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment
    )
    result: Result = json.loads(done.stdout.strip().splitlines()[-1])
    elapsed = time.perf_counter() - begun
    return {**result, "others": max(0.0, _used_by_others() - before) / elapsed}


def _used_by_others() -> float:
    """Return the seconds of all cores that went to others than this bench, on Linux."""
    counters = Path("/proc/stat")
    if not counters.exists():
        return float("nan")
    user, nice, system, _, _, irq, soft, *_ = map(
        int, counters.read_text().splitlines()[0].split()[1:]
    )
    all_used = (user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")
    used = [
        resource.getrusage(who)
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    return all_used - sum(one.ru_utime + one.ru_stime for one in used)


def _ratios(rounds: list[dict[str, Result]], over: str, under: str) -> list[float]:
    return [
        one[over]["seconds"] / one[under]["seconds"]
        for one in rounds
        if over in one and under in one
    ]


def _everyday() -> list[tuple[str, float, str]]:
    """Return what `everyday.py` measures: what, value, unit."""
    command = [sys.executable, str(HERE / "everyday.py"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = json.loads(done.stdout.strip().splitlines()[-1])
    return [(what, value, unit) for what, value, unit in rows]


def _page(
    rounds: dict[int, list[dict[str, Result]]],
    engines: dict[str, str],
    everyday: list[tuple[str, float, str]],
) -> str:
    lines = [
        "# Performance",
        "",
        "Written by `make bench`; every figure comes from one run on one machine.",
        "The workload, FUNNEL-REF(N), is in `benchmarks/reference.py`: N leads over",
        "two years, four transitions with lognormal lags, one desk with a queue that",
        "people give up. Ratios are taken round by round; the table shows their",
        "median.",
        "",
        "Ciw and salabim stop at 20,000 leads, R simmer, our SimPy engine and the",
        "variants of the yardstick at 200,000: beyond, a run takes minutes or",
        "gigabytes. Two million leads are one round. What is hand-written in Python",
        "slows down there for its many small objects, which flatters ratios; quote",
        "those at 20,000 leads.",
        "",
        "The fast engine writes lines as it comes upon them, and they are put in order",
        "of time when somebody looks: for the table, and not in the row above it.",
        "",
        f"Machine: {_machine()}, {dt.date.today().isoformat()}.",
        *_quiet(rounds),
        "",
        "![Leads per second by engine and size](images/performance.png)",
    ]
    for size, measured in rounds.items():
        turns = f"{len(measured)} round{'s' if len(measured) > 1 else ''}"
        lines += ["", f"## {size:,} leads ({turns})", ""]
        lines += _table(measured, engines, size)
    lines += ["", "## Ratios", "", *_ratio_table(rounds)]
    lines += ["", "## Growth", "", *_growth(rounds, engines)]
    lines += ["", "## What people wait for", ""]
    lines += ["One core; `benchmarks/everyday.py` says what is in each.", ""]
    lines += ["| what | median | unit |", "| --- | ---: | --- |"]
    lines += [f"| {what} | {value:,.2f} | {unit} |" for what, value, unit in everyday]
    return "\n".join(lines) + "\n"


def _quiet(rounds: dict[int, list[dict[str, Result]]]) -> list[str]:
    """Say how much of the machine others had meanwhile."""
    found = [
        result["others"]
        for measured in rounds.values()
        for one in measured
        for result in one.values()
    ]
    middle, most = statistics.median(found), max(found)
    return [
        f"Other programs meanwhile used {middle:.2f} cores in the median measurement",
        f"and {most:.2f} in the worst; what runs on all cores suffers from that most.",
    ]


def _table(
    measured: list[dict[str, Result]], engines: dict[str, str], size: int
) -> list[str]:
    rows = [
        "| engine | ms | leads per second | times hand-written SimPy | peak MB |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, text in engines.items():
        if name not in measured[0]:
            continue
        seconds = statistics.median(one[name]["seconds"] for one in measured)
        peak = max(one[name]["peak_mb"] for one in measured)
        faster = statistics.median(_ratios(measured, YARDSTICK, name))
        rows.append(
            f"| {text} | {1000 * seconds:,.1f} | {size / seconds:,.0f} "
            f"| {faster:.2f} | {peak:,.0f} |"
        )
    return rows


def _ratio_table(rounds: dict[int, list[dict[str, Result]]]) -> list[str]:
    head = " | ".join(f"{size:,}" for size in rounds)
    rows = [f"| ratio of times | {head} |", "| --- |" + " ---: |" * len(rounds)]
    for over, under, text in EXACT_PAIRS:
        found = [_ratios(measured, over, under) for measured in rounds.values()]
        if any(found):
            cells = [f"{statistics.median(r):.2f}" if r else "" for r in found]
            rows.append(f"| {text} | {' | '.join(cells)} |")
    return rows


def _growth(
    rounds: dict[int, list[dict[str, Result]]], engines: dict[str, str]
) -> list[str]:
    """Return the cost of a lead at each size, against 20,000 leads, and its memory.

    Bytes per lead are the growth of peak memory between the two largest sizes.
    """
    head = " | ".join(f"{size:,}" for size in rounds)
    rows = [
        "Microseconds a lead, in brackets the times of 20,000 leads; bytes a lead by",
        "the peaks of the two largest sizes.",
        "",
        f"| engine | {head} | bytes a lead |",
        "| --- |" + " ---: |" * (len(rounds) + 1),
    ]
    for name, text in engines.items():
        found = {size: one for size, one in rounds.items() if name in one[0]}
        cost = {
            size: 1e6 * _median(one, name, "seconds") / size
            for size, one in found.items()
        }
        base = cost.get(20_000)
        cells = [
            (f"{cost[size]:.3g}" + (f" ({cost[size] / base:.2f})" if base else ""))
            if size in cost
            else ""
            for size in rounds
        ]
        large = sorted(found)[-2:]
        peaks = [_median(found[size], name, "peak_mb") for size in large]
        grown = ""
        if len(large) == 2 and large[1] >= 200_000:
            grown = f"{1e6 * (peaks[1] - peaks[0]) / (large[1] - large[0]):,.0f}"
        rows.append(f"| {text} | {' | '.join(cells)} | {grown} |")
    return rows


def _median(measured: list[dict[str, Result]], name: str, what: str) -> float:
    return statistics.median(one[name][what] for one in measured)


def _machine() -> str:
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [x for x in info.read_text().splitlines() if x.startswith("model name")]
        processor = names[0].split(":")[1].strip() if names else processor
    python = platform.python_version()
    return f"{os.cpu_count()} cores of {processor}, Python {python}"


def _draw(page: str) -> None:
    """Draw the picture of the page."""
    sys.path.insert(0, str(HERE))
    from picture import drawn, speeds_of

    from simlib.plots import save

    save(drawn(speeds_of(page)), DOCS / "images" / "performance.png")


if __name__ == "__main__":
    main()
