"""The reference workload, FUNNEL-REF(N), as a scenario and as hand-written SimPy.

N leads arrive over two years (730 days), pass four transitions with lognormal lags
(log-sd 0.8), and meet one first-come-first-served desk, offered 0.85 of its people's
time, where the patience is exponential (30 days). A lead that fails a transition
leaves when its lag ends.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy

import simlib as sl
from simlib.plan import Plan, compiled
from simlib.population import Population

DAYS = 730.0
HORIZON = 4000.0
SPREAD = 0.8
CV = math.sqrt(math.expm1(SPREAD**2))
PASS = {"captured": 0.35, "mql": 0.45, "meeting": 0.50, "opportunity": 0.25}
MEAN = {"captured": 5.0, "mql": 15.0, "sql": 10.0, "opportunity": 40.0}
PATIENCE = 30.0
LOAD = 0.85


def people(leads: int) -> int:
    """Return how many work at the desk."""
    return max(1, round(leads / 2000))


def work(leads: int) -> float:
    """Return the mean work time, in days, that loads the desk to 0.85."""
    return LOAD * people(leads) / (leads / DAYS * PASS["captured"] * PASS["mql"])


def scenario(leads: int) -> sl.Scenario:
    """Return FUNNEL-REF as a scenario; the number of leads is Poisson around N."""

    def lag(stage: str) -> dict[str, Any]:
        return {"dist": "lognormal", "mean": MEAN[stage], "cv": CV}

    def step(stage: str, to: str) -> dict[str, Any]:
        return {
            "next": {to: {"rate": PASS[stage], "lag": lag(stage)}},
            "leak": {"to": "lost", "lag": lag(stage)},
        }

    return sl.Scenario.of(
        {
            "name": f"FUNNEL-REF({leads})",
            "horizon": HORIZON,
            "stages": {
                "captured": step("captured", "mql"),
                "mql": step("mql", "sql"),
                "sql": {"next": {"meeting": {"rate": 1, "lag": lag("sql")}}},
                "meeting": {
                    "team": "reps",
                    "work": {"dist": "exponential", "mean": work(leads)},
                    "patience": {"dist": "exponential", "mean": PATIENCE},
                    "next": {"opportunity": {"rate": PASS["meeting"]}},
                    "leak": {"to": "lost"},
                },
                "opportunity": step("opportunity", "customer"),
                "customer": {"terminal": "won"},
                "lost": {"terminal": "lost"},
            },
            "teams": {"reps": {"people": people(leads)}},
            "sources": {"all": {"leads": {"per_day": leads / DAYS, "stop": DAYS}}},
        }
    )


@dataclass
class Tape:
    """Pre-drawn numbers of every lead, as lists: the population's own numbers."""

    gaps: list[float]
    passes: dict[str, list[bool]]
    lags: dict[str, list[float]]
    patience: list[float]
    service: list[float]


def tape(population: Population) -> Tape:
    """Return a population's numbers in the form that a hand-written script reads."""
    stages = {stage.name: stage for stage in population.plan.stages}
    meeting = stages["meeting"]
    assert meeting.patience is not None
    return Tape(
        gaps=np.diff(population.time, prepend=0.0).tolist(),
        passes={
            name: (population.luck(f"{name}.outcome", 1) < rate).tolist()
            for name, rate in PASS.items()
        },
        lags={
            name: population.days(f"{name}.lag", 1, stages[name].ways[0].lag).tolist()
            for name in MEAN
        },
        patience=population.days("meeting.patience", 1, meeting.patience).tolist(),
        service=population.days("meeting.work", 1, meeting.work).tolist(),
    )


Process = Iterator[simpy.Event]
FATES = ("leak1", "leak2", "leak3", "gave up", "leak4", "customer")


def hand_written_on_tape(numbers: Tape, capacity: int) -> list[list[Any]]:
    """Run the workload as an experienced SimPy user would write it, on a tape."""
    env = simpy.Environment()
    reps = simpy.Resource(env, capacity)
    records: list[list[Any]] = []
    lags, passes = numbers.lags, numbers.passes

    def lead(i: int, record: list[Any]) -> Process:
        yield env.timeout(lags["captured"][i])
        if not passes["captured"][i]:
            record += [env.now, "leak1"]
            return
        record.append(env.now)
        yield env.timeout(lags["mql"][i])
        if not passes["mql"][i]:
            record += [env.now, "leak2"]
            return
        record.append(env.now)
        yield env.timeout(lags["sql"][i])
        record.append(env.now)
        with reps.request() as rep:
            result = yield rep | env.timeout(numbers.patience[i])
            if rep not in result:
                record += [env.now, "gave up"]
                return
            record.append(env.now)
            yield env.timeout(numbers.service[i])
        if not passes["meeting"][i]:
            record += [env.now, "leak3"]
            return
        record.append(env.now)
        yield env.timeout(lags["opportunity"][i])
        won = passes["opportunity"][i]
        record += [env.now, "customer" if won else "leak4"]

    def source() -> Process:
        for i, gap in enumerate(numbers.gaps):
            yield env.timeout(gap)
            record = [env.now]
            records.append(record)
            env.process(lead(i, record))

    env.process(source())
    env.run()
    return records


def idiomatic(leads: int, seed: int) -> list[list[Any]]:
    """Run the workload with one shared stream of random numbers: the yardstick."""
    draw = random.Random(seed)
    env = simpy.Environment()
    reps = simpy.Resource(env, people(leads))
    mean_work = work(leads)
    records: list[list[Any]] = []

    def lag(stage: str) -> float:
        return draw.lognormvariate(math.log(MEAN[stage]) - SPREAD**2 / 2, SPREAD)

    def lead(record: list[Any]) -> Process:
        yield env.timeout(lag("captured"))
        if draw.random() >= PASS["captured"]:
            record += [env.now, "leak1"]
            return
        record.append(env.now)
        yield env.timeout(lag("mql"))
        if draw.random() >= PASS["mql"]:
            record += [env.now, "leak2"]
            return
        record.append(env.now)
        yield env.timeout(lag("sql"))
        record.append(env.now)
        with reps.request() as rep:
            result = yield rep | env.timeout(draw.expovariate(1 / PATIENCE))
            if rep not in result:
                record += [env.now, "gave up"]
                return
            record.append(env.now)
            yield env.timeout(draw.expovariate(1 / mean_work))
        if draw.random() >= PASS["meeting"]:
            record += [env.now, "leak3"]
            return
        record.append(env.now)
        yield env.timeout(lag("opportunity"))
        won = draw.random() < PASS["opportunity"]
        record += [env.now, "customer" if won else "leak4"]

    def source() -> Process:
        for _ in range(leads):
            yield env.timeout(draw.expovariate(leads / DAYS))
            record = [env.now]
            records.append(record)
            env.process(lead(record))

    env.process(source())
    env.run()
    return records


def population(leads: int, seed: int, plan: Plan | None = None) -> Population:
    """Return the people of one replication of the workload."""
    return Population(plan or compiled(scenario(leads)), seed, 0)
