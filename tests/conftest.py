"""What every test stands on: no screen, and the same random cases every time."""

from __future__ import annotations

import os

# Small matrices on every core keep two test workers waiting for each other. This must
# stand before anything imports numpy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from efforts import EFFORTS, Effort
from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")

# No deadline: a slow machine is not a wrong model. Derandomised: red means changed.
settings.register_profile("same", deadline=None, derandomize=True)
# For a search: HYPOTHESIS_PROFILE=search pytest tests/...
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(params=EFFORTS)
def effort(request: pytest.FixtureRequest) -> Effort:
    """A quick look, and, marked slow, full precision."""
    return request.param
