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
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs"
YARDSTICK = "idiomatic"
# beyond these sizes an engine takes minutes for a run and says nothing new
LARGEST = {"ciw": 20_000, "salabim": 20_000, "simmer": 200_000}
EXACT_PAIRS = (
    ("simpy_engine_on_tape", "on_tape", "our SimPy engine / hand-written, same tape"),
    ("idiomatic", "fast_engine", "hand-written SimPy / our fast engine"),
    ("idiomatic_frame", "fast_engine_frame", "the same, log as a table on both sides"),
    ("simmer", "fast_engine", "R simmer / our fast engine"),
)
Result = dict[str, float]


def main() -> None:
    """Run all engines and write the page."""
    options = _options()
    engines = {n: t for n, t in _engines().items() if n not in options.without}
    rounds: dict[int, list[dict[str, Result]]] = {}
    for size in options.sizes:
        count = options.rounds if size <= 200_000 else 1
        rounds[size] = [_round(engines, size, seed) for seed in range(count)]
    page = DOCS / "performance.md"
    page.write_text(_page(rounds, engines), encoding="utf-8")
    _picture(rounds, DOCS / "images" / "performance.png")
    print(_page(rounds, engines))
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
    repeats = "3" if size <= 20_000 else "1"
    arguments = [str(size), str(seed), repeats]
    if name == "simmer":
        command = ["Rscript", str(HERE / "simmer.R"), *arguments]
    else:
        command = [sys.executable, str(HERE / "worker.py"), name, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: Result = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def _ratios(rounds: list[dict[str, Result]], over: str, under: str) -> list[float]:
    return [
        one[over]["seconds"] / one[under]["seconds"]
        for one in rounds
        if over in one and under in one
    ]


def _page(rounds: dict[int, list[dict[str, Result]]], engines: dict[str, str]) -> str:
    lines = [
        "# Performance",
        "",
        "Written by `make bench`; every figure comes from one run on one machine.",
        "The workload, FUNNEL-REF(N), is in `benchmarks/reference.py`: N leads over",
        "two years, four transitions with lognormal lags, one desk with a queue that",
        "people give up. Ratios are taken round by round; the table shows their",
        "median.",
        "",
        f"Machine: {_machine()}, {dt.date.today().isoformat()}.",
        "",
        "![Leads per second by engine and size](images/performance.png)",
    ]
    for size, measured in rounds.items():
        lines += ["", f"## {size:,} leads ({len(measured)} rounds)", ""]
        lines += _table(measured, engines, size)
    lines += ["", "## Ratios", "", *_ratio_table(rounds)]
    return "\n".join(lines) + "\n"


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


def _machine() -> str:
    processor = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [x for x in info.read_text().splitlines() if x.startswith("model name")]
        processor = names[0].split(":")[1].strip() if names else processor
    python = platform.python_version()
    return f"{os.cpu_count()} cores of {processor}, Python {python}"


def _picture(rounds: dict[int, list[dict[str, Result]]], path: Path) -> None:
    """Draw leads per second against size, one line an engine, labelled at its end."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    shown = {
        "fast_engine": "fast engine",
        "simpy_engine": "SimPy engine",
        "idiomatic": "hand-written SimPy",
        "simmer": "R simmer",
        "ciw": "Ciw",
        "salabim": "salabim",
    }
    figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
    for (name, label), marker in zip(shown.items(), "osD^vx", strict=True):
        points = [
            (size, size / statistics.median(one[name]["seconds"] for one in measured))
            for size, measured in rounds.items()
            if name in measured[0]
        ]
        if points:
            sizes, speeds = zip(*points, strict=True)
            axes.plot(sizes, speeds, marker=marker, label=label, color="0.2")
            axes.annotate(
                label,
                points[-1],
                xytext=(8, 0),
                textcoords="offset points",
                va="center",
            )
    axes.set(xscale="log", yscale="log", xlabel="leads in one run")
    axes.set_ylabel("leads per second, one core")
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.25)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)


if __name__ == "__main__":
    main()
