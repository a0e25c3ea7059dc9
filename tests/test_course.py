"""The furniture of the lessons."""

from __future__ import annotations

import pytest

from simlib.course import reveal
from simlib.errors import SimlibError


@pytest.mark.parametrize(
    ("guess", "answer", "sentence"),
    [
        (0, 2, "You said 0, it came to 2 months: a surprise, much more than you "),
        (90, 61, "You said 90, it came to 61 months: less than you said, and the "),
        (2, 2.0, "You said 2, it came to 2 months: spot on."),
        (100, 104.4, "You said 100, it came to 104 months: very near."),
        (1.5, 1.94, "You said 1.5, it came to 1.9 months: more than you said, an"),
    ],
)
def test_reveal_says_guess_answer_and_distance(
    guess: float, answer: float, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sentence holds both numbers, rounded for a reader, and how far apart."""
    reveal(guess, answer, "months")

    assert capsys.readouterr().out.startswith(sentence)


def test_a_guess_that_is_no_number_is_asked_for_again() -> None:
    """A word in the place of a number is answered with an example."""
    with pytest.raises(SimlibError, match="please write a number, such as my_guess"):
        reveal("two", 2, "months")  # type: ignore[arg-type]
