"""Small furniture of the lessons: a prediction, and what came out.

In: a learner's guess and the answer. Out: one warm sentence. No lesson's content is
here, and nothing here simulates.
"""

from __future__ import annotations

import math

from simlib.errors import SimlibError

CLOSE = 0.10
FAR = 0.50


def reveal(guess: float, answer: float, unit: str) -> None:
    """Print a learner's guess beside the answer, in one friendly sentence.

    Parameters
    ----------
    guess : float
        What the learner expected.
    answer : float
        What came out, in the same unit.
    unit : str
        What is counted, such as ``"months without a customer"``.

    Raises
    ------
    SimlibError
        If the guess is not a number.
    """
    if isinstance(guess, bool) or not isinstance(guess, int | float):
        raise SimlibError(
            f"my_guess is {guess!r}; please write a number, such as my_guess = 3"
        )
    print(  # noqa: T201  (a lesson speaks to its reader)
        f"You said {_short(guess)}, it came to {_short(answer)} {unit}: "
        f"{_comment(guess, answer)}."
    )


def _comment(guess: float, answer: float) -> str:
    """Return what the distance between a guess and the answer is worth saying."""
    if _short(guess) == _short(answer):
        return "spot on"
    distance = abs(guess - answer) / max(abs(answer), 1.0)
    if distance <= CLOSE:
        return "very near"
    side = "more" if answer > guess else "less"
    if distance <= FAR:
        return f"{side} than you said, and the gap is worth a thought"
    return f"a surprise, much {side} than you said"


def _short(number: float) -> str:
    """Return a number with as many digits as a reader can use."""
    if not math.isfinite(number):
        return "a number without end"
    if abs(number) >= 10 or float(number).is_integer():
        return f"{number:,.0f}"
    return f"{number:.1f}"
