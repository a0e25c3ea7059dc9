"""What tests of executors and stores stand on."""

from __future__ import annotations

import pytest
from execution.crashes import final_table

from simlib.execution import driver, ledger


@pytest.fixture
def computed(monkeypatch):
    """Return the replications that are computed in this process, as they are."""
    done: list[int] = []
    compute = driver.figures_of

    def counted(span, *how):
        done.extend(range(span.first, span.first + span.count))
        return compute(span, *how)

    monkeypatch.setattr(driver, "figures_of", counted)
    return done


@pytest.fixture
def kept_at_once(monkeypatch):
    """Every replication is written to the store as soon as it is finished."""
    monkeypatch.setattr(ledger, "SECONDS_BETWEEN_SAVES", 0.0)


@pytest.fixture(scope="module")
def undisturbed() -> bytes:
    """Return the table of a study to which nothing happens."""
    return final_table(executor="serial")
