"""What every test stands on: no screen, and the same random cases every time."""

from __future__ import annotations

import os

from hypothesis import settings

os.environ.setdefault("MPLBACKEND", "Agg")

# No deadline: a slow machine is not a wrong model. Derandomised: red means changed.
settings.register_profile("same", deadline=None, derandomize=True)
# For a search: HYPOTHESIS_PROFILE=search pytest tests/...
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
