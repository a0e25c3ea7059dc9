"""A Dask cluster of two worker processes."""

from __future__ import annotations

import os

import pytest
from execution.crashes import KILL, RUNS, final_table, kill_driver
from execution.desks import equal, kept, run

from simlib.errors import SimlibError

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster():
    """Return a scheduler with two workers, each a process of its own."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0"
    ) as found:
        yield found


def named(cluster) -> str:
    """Return how a cluster is called as an executor."""
    return cluster.scheduler_address.replace("tcp://", "dask://")


def test_a_cluster_gives_the_same_numbers(cluster):
    """Two machines' worth of workers compute what one core computes."""
    assert equal(run(executor=named(cluster)), run(executor="serial"))


def test_its_own_executor_will_do(cluster):
    """Whoever has a client may pass the executor that it gives."""
    with distributed.Client(cluster, set_as_default=False) as client:
        found = run(executor=client.get_executor())

    assert equal(found, run(executor="serial"))


@pytest.mark.usefixtures("kept_at_once")
def test_a_killed_worker_costs_no_replication(tmp_path, cluster, undisturbed, computed):
    """Kill -9 in mid-study: the same table, and all of it is in the store."""

    def kill(done):
        if done == 1:
            os.kill(next(iter(cluster.workers.values())).pid, KILL)

    how = {"executor": named(cluster), "engine": "simpy", "store": tmp_path}

    assert final_table(**how, progress=kill) == undisturbed
    assert final_table(store=tmp_path) == undisturbed
    assert computed == []


@pytest.mark.slow
def test_a_killed_driver_is_resumed_to_the_same_table(tmp_path, cluster, undisturbed):
    """The cluster outlives who gave it work, and serves the next one."""
    kill_driver(tmp_path, named(cluster))

    assert 0 < kept(tmp_path) < 2 * RUNS
    assert final_table(store=tmp_path, executor=named(cluster)) == undisturbed


def test_a_scheduler_without_workers_is_reported():
    """It would wait for ever, so it is refused."""
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=":0") as empty,
        pytest.raises(SimlibError, match="the scheduler has no workers"),
    ):
        run(executor=named(empty))
