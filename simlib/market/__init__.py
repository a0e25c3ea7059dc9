"""The market behind the leads: buyers with lives, memories, and needs of their own.

In: a scenario with a `market`. Out: `Lives`: who was in the market when, who thought of
us, who raised a hand, and who left a name when and through which source. It never knows
what becomes of a lead.

The rooms: `windows` (when buyers are in the market), `meetings` (all that might happen
to them), `rules` (what the scenario says of it), `life` (the story of one buyer),
`lives` (everybody's), `buyers` (the leads that came of it), and `stories` (one of them
as text).
"""

from __future__ import annotations

from simlib.market.buyers import Buyers, KnownBuyers
from simlib.market.lives import Captures, Lives, lives_of
from simlib.market.stories import story_of

__all__ = ["Buyers", "Captures", "KnownBuyers", "Lives", "lives_of", "story_of"]
