"""The engines that are compared, each as (prepare, run).

`prepare` is not timed and returns what `run` needs; `run` is timed. What is drawn
inside `run` is part of its time: every whole-workload engine draws its own numbers.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import lru_cache, partial
from typing import Any

import pandas as pd
import reference
import simpy

from simlib import fast_engine, simpy_engine
from simlib.plan import compiled
from simlib.population import Population

Prepare = Callable[[int, int], Any]
Run = Callable[[Any], Any]
CORES = os.cpu_count() or 1
POOLS: dict[str, Executor] = {
    "fast_engine_threads": ThreadPoolExecutor(CORES),
    "fast_engine_processes": ProcessPoolExecutor(CORES),
}
# How many runs an engine makes at a time, where it is not one.
RUNS = dict.fromkeys(POOLS, 4 * CORES)


def _plan(leads: int, seed: int) -> Any:
    return compiled(reference.scenario(leads)), seed


def _population(leads: int, seed: int) -> Population:
    people = reference.population(leads, seed)
    simpy_engine.simulate(people)
    return people


def _tape(leads: int, seed: int) -> Any:
    people = reference.population(leads, seed)
    return reference.tape(people), reference.people(leads)


def _fast(prepared: Any) -> Any:
    plan, seed = prepared
    return fast_engine.simulate(Population(plan, seed, 0))


def _warm_fast(leads: int, seed: int) -> Any:
    prepared = _plan(leads, seed)
    _fast(prepared)
    return prepared


def _fast_frame(prepared: Any) -> pd.DataFrame:
    return _fast(prepared).frame


def _events(leads: int, seed: int, number: int) -> int:
    """Simulate one replication; the plan is compiled once in each process."""
    return len(fast_engine.simulate(Population(_known_plan(leads), seed, number)))


_known_plan = lru_cache(maxsize=1)(lambda leads: compiled(reference.scenario(leads)))


def _in_pool(pool: Executor) -> tuple[Prepare, Run]:
    """Return how `RUNS` replications run at a time on all cores, in a warm pool."""

    def run(prepared: tuple[int, int]) -> list[int]:
        numbers = range(RUNS["fast_engine_processes"])
        return list(pool.map(partial(_events, *prepared), numbers))

    def prepare(leads: int, seed: int) -> tuple[int, int]:
        run((leads, seed))
        return leads, seed

    return prepare, run


def _idiomatic(prepared: tuple[int, int]) -> Any:
    return reference.idiomatic(*prepared)


def _idiomatic_frame(prepared: tuple[int, int]) -> pd.DataFrame:
    """Run the yardstick and return its events as a DataFrame in order of time."""
    events = []
    for lead, record in enumerate(reference.idiomatic(*prepared)):
        *times, fate = record
        names = ["captured", "mql", "sql", "queued", "opportunity", "customer"]
        events += [(time, lead, name) for time, name in zip(times, names, strict=False)]
        events[-1] = (times[-1], lead, fate)
    frame = pd.DataFrame(events, columns=["time", "lead", "event"])
    frame["event"] = frame["event"].astype("category")
    return frame.sort_values(["time", "lead"], kind="stable", ignore_index=True)


def _simlib_simpy(prepared: Any) -> Any:
    plan, seed = prepared
    return simpy_engine.simulate(Population(plan, seed, 0))


def _ciw(prepared: tuple[int, int]) -> Any:
    import ciw

    leads, seed = prepared
    return ciw_run(ciw, leads, seed)


def ciw_run(ciw: Any, leads: int, seed: int) -> list[Any]:
    """Run the workload in Ciw: four lags as infinite-server nodes, then the desk."""
    ciw.seed(seed)
    dist = ciw.dists
    mean, spread = reference.MEAN, reference.SPREAD

    def lag(stage: str) -> Any:
        import math

        return dist.Lognormal(math.log(mean[stage]) - spread**2 / 2, spread)

    passes = reference.PASS
    network = ciw.create_network(
        arrival_distributions=[
            dist.Exponential(leads / reference.DAYS),
            None,
            None,
            None,
            None,
        ],
        service_distributions=[
            lag("captured"),
            lag("mql"),
            lag("sql"),
            dist.Exponential(1 / reference.work(leads)),
            lag("opportunity"),
        ],
        number_of_servers=[float("inf")] * 3 + [reference.people(leads), float("inf")],
        reneging_time_distributions=[
            None,
            None,
            None,
            dist.Exponential(1 / reference.PATIENCE),
            None,
        ],
        routing=[
            [0.0, passes["captured"], 0.0, 0.0, 0.0],
            [0.0, 0.0, passes["mql"], 0.0, 0.0],
            [0.0, 0.0, 0.0, 1.0, 0.0],
            [0.0, 0.0, 0.0, 0.0, passes["meeting"]],
            [0.0, 0.0, 0.0, 0.0, 0.0],
        ],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(reference.DAYS)
    return list(simulation.get_all_records())


def _salabim(prepared: tuple[int, int]) -> Any:
    import salabim

    return salabim_run(salabim, *prepared)


def salabim_run(sim: Any, leads: int, seed: int) -> Any:
    """Run the workload in salabim, in its form with `yield`, its trace off."""
    import math

    draw = random.Random(seed)
    sim.yieldless(False)
    env = sim.Environment(trace=False, random_seed=seed)
    reps = sim.Resource(capacity=reference.people(leads), env=env)
    mean_work = reference.work(leads)
    fates: list[str] = []

    def lag(stage: str) -> float:
        centre = math.log(reference.MEAN[stage]) - reference.SPREAD**2 / 2
        return draw.lognormvariate(centre, reference.SPREAD)

    class Lead(sim.Component):  # type: ignore[misc,name-defined]
        def process(self) -> Any:
            for stage in ("captured", "mql"):
                yield self.hold(lag(stage))
                if draw.random() >= reference.PASS[stage]:
                    fates.append(stage)
                    return
            yield self.hold(lag("sql"))
            patience = draw.expovariate(1 / reference.PATIENCE)
            yield self.request(reps, fail_delay=patience)
            if self.failed():
                fates.append("gave up")
                return
            yield self.hold(draw.expovariate(1 / mean_work))
            self.release()
            if draw.random() < reference.PASS["meeting"]:
                yield self.hold(lag("opportunity"))
                fates.append("end")

    class Source(sim.Component):  # type: ignore[misc,name-defined]
        def process(self) -> Any:
            for _ in range(leads):
                yield self.hold(draw.expovariate(leads / reference.DAYS))
                Lead(env=env)

    Source(env=env)
    env.run()
    return fates


def _same(leads: int, seed: int) -> tuple[int, int]:
    return leads, seed


ENGINES: dict[str, tuple[Prepare, Run, str]] = {
    "idiomatic": (_same, _idiomatic, "SimPy, hand-written, one shared stream"),
    "idiomatic_frame": (_same, _idiomatic_frame, "the same, with the log as a table"),
    "on_tape": (
        _tape,
        lambda prepared: reference.hand_written_on_tape(*prepared),
        "SimPy, hand-written, on pre-drawn numbers",
    ),
    "simpy_engine_on_tape": (
        _population,
        simpy_engine.simulate,
        "our SimPy engine, on the same pre-drawn numbers",
    ),
    "simpy_engine": (_plan, _simlib_simpy, "our SimPy engine, drawing included"),
    "fast_engine": (_warm_fast, _fast, "our fast engine, drawing included"),
    "fast_engine_frame": (_warm_fast, _fast_frame, "the same, with the log as a table"),
    "fast_engine_plain": (_warm_fast, _fast, "our fast engine without a compiler"),
    "fast_engine_threads": (
        *_in_pool(POOLS["fast_engine_threads"]),
        f"the fast engine in {CORES} threads, time of a run",
    ),
    "fast_engine_processes": (
        *_in_pool(POOLS["fast_engine_processes"]),
        f"the fast engine in {CORES} processes, time of a run",
    ),
    "ciw": (_same, _ciw, "Ciw"),
    "salabim": (_same, _salabim, "salabim, with yield, no trace"),
}
assert simpy.__version__
