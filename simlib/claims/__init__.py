"""Claims on trial: whether what articles say holds, where, and what flips it.

In: the number of a claim, such as ``"E8"``. Out: a `Trial`: a verdict, the effect with
its 95% paired interval, the share of the plausible settings at which it holds, and
the setting that flips it most easily. It builds no conclusion in: a claim is data
(the files in ``texts``), and both worlds of it are ordinary scenarios.
"""

from __future__ import annotations

from simlib.claims.known import Claim, claim, names
from simlib.claims.trials import Trial, trial
from simlib.claims.walks import Flip

__all__ = ["Claim", "Flip", "Trial", "claim", "names", "trial"]
