"""The life of a buyer, told meeting by meeting.

In: rows of possible meetings in order of (buyer, time), and the rules. Out: what became
of each: who was in the market and thought of us, who raised a hand, who left a name.
Buyers do not meet each other, so their lives need no common clock: each is told from
its beginning to its end. What happens to a lead after its capture is the engines'
affair. This is one source: numba compiles it, and where there is no numba it runs as it
is.

Memory: each meeting adds to it and it halves every `half_life` days. While a known
contact reads our mail, each day adds a little (the mean of a stream of opened mails).
Where all share one memory (goodwill), it is read off instead, and adds up nothing.
Sources: shot noise (Campbell); Nerlove and Arrow (1962) for a stock that fades.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from simlib.compiling import key_of_sources, part, part_of, whole
from simlib.market import stocks
from simlib.market.meetings import ENTERS, RAISES_HAND

# How a source meets buyers.
VISITS, TOUCHES, HAND_RAISE = range(3)
READY, NOT_YET = 0, 1
# What became of a meeting.
HAPPENED, TURNED_AWAY, LEFT_A_NAME = 1, 2, 3
UNTIL_NOW, FROM_NOW = 0, 1
stocked = part_of(stocks.level_at)


class Rules(NamedTuple):
    """What a scenario says of meetings, as arrays.

    Attributes
    ----------
    by : array of int8, shape (sources,)
    rate : array of float64, shape (sources, kinds), meetings a day
    seen : array of float64, shape (2, assets)
        Cumulated shares of visits, out of and in the market.
    gated : array of int8, shape (2, assets)
        Before and from `gating_from`.
    form, ask : array of float64, shape (kinds, assets)
    fields, preview : arrays of float64, shape (assets,)
    loss : array of float64, shape (kinds,)
    answer, warmed, remember : arrays of float64 by source (and kind)
    only_open, by_mail : arrays of int8, shape (sources,)
    contacts : array of int64, shape (sources,)
    fills_times, after_visit : arrays of float64, shape (sources,)
    number : array of one record of single numbers; see `rules.NUMBERS`
    """

    by: Any
    rate: Any
    seen: Any
    gated: Any
    form: Any
    ask: Any
    fields: Any
    preview: Any
    loss: Any
    answer: Any
    warmed: Any
    remember: Any
    only_open: Any
    by_mail: Any
    contacts: Any
    fills_times: Any
    after_visit: Any
    number: Any


class Told(NamedTuple):
    """What became of rows and windows, filled as the lives are told.

    Attributes
    ----------
    happened : array of int8, shape (rows,)
        0 if it did not, else `HAPPENED`, `TURNED_AWAY` or `LEFT_A_NAME`.
    memory : array of float64, shape (rows,)
        The buyer's memory just before.
    captured : array of int64, shape (rows,)
        The address of the need in which a name was left, or -1.
    considered, raised, lived : arrays of int8, shape (windows,)
    first : array of int16, shape (rows,)
        The source that the buyer met first.
    fields : array of int16, shape (rows,)
        Fields of forms that the buyer had filled when a name was left.
    me : array of one `lives.BUYER` record
    """

    happened: Any
    memory: Any
    captured: Any
    considered: Any
    raised: Any
    lived: Any
    first: Any
    fields: Any
    me: Any


@part
def begin(me: Any, buyer: int, kind: int, rules: Rules) -> None:
    """Begin another buyer's life: nothing is remembered, nobody is known."""
    me.buyer, me.kind = buyer, kind
    me.time = -rules.number[0].history
    me.memory = 0.0
    me.until = -math.inf
    me.needs, me.address = 0, -1
    me.known, me.leaves = 0, math.inf
    me.forms, me.asked = 0, 0.0
    me.visited, me.first = -math.inf, -1


@part
def recall(me: Any, row: int, book: Any, rules: Rules) -> None:
    """Let time pass until a row, with a memory of one's own or the one of all."""
    if rules.number[0].in_common:
        me.time = book.rows.time[row]
        me.memory = stocked(book.goodwill, me.time)
    else:
        fade(me, book.rows.time[row], book.mail, rules)


@part
def fade(me: Any, now: float, mail: Any, rules: Rules) -> None:
    """Let time pass: memory fades, and the mail that is read adds a little."""
    number = rules.number[0]
    me.memory *= math.exp(-number.fading * (now - me.time))
    last = min(now, me.leaves)
    if me.known and number.mail_per_day > 0 and last > me.time:
        old = math.exp(-number.fading * (last - me.time)) * stocked(mail, me.time)
        more = stocked(mail, last) - old
        me.memory += more * math.exp(-number.fading * (now - last))
    me.time = now


@part
def warmth(me: Any) -> float:
    """Return how full a buyer's memory of us is, 0 to 1."""
    return 1.0 - math.exp(-me.memory)


@part
def state_of(me: Any) -> int:
    """Return what the buyer is by now: ready while in the market, if it fits."""
    if me.kind == NOT_YET and me.time < me.until:
        return READY
    return int(me.kind)


@part
def capture(me: Any, row: int, leaves_in: float, told: Told) -> None:
    """Let a buyer leave a name: once for each need, and never before day 0."""
    if not me.known or me.time >= me.leaves:
        me.known = 1
        me.leaves = me.time + leaves_in
    address = 2 * me.needs - (1 if me.time < me.until else 0)
    if me.time >= 0 and address != me.address:
        me.address = address
        told.captured[row] = address
        told.fields[row] = me.asked


@part
def enter(me: Any, row: int, window: int, book: Any, rules: Rules, told: Told) -> None:
    """Let a buyer enter the market, who thinks of us or does not."""
    if me.time < me.until or book.rows.level[row] >= warmth(me):
        return
    number = rules.number[0]
    me.until = book.end[window]
    me.needs += 1
    told.happened[row] = told.lived[window] = 1
    chance = number.floor + (1.0 - number.floor) * warmth(me)
    told.considered[window] = book.rows.luck[row] < chance
    me.raises = book.rows.second[row] if told.considered[window] else 1.0


@part
def visit(me: Any, row: int, source: int, book: Any, rules: Rules, told: Told) -> None:
    """Let a buyer come upon an asset: open, or behind a form.

    A source may bring back only who visited lately (retargeting).
    """
    if me.time - me.visited > rules.after_visit[source]:
        return
    number, state = rules.number[0], state_of(me)
    inside = 1 if state == READY else 0
    asset = 0
    while book.rows.luck[row] >= rules.seen[inside, asset]:
        asset += 1
    now = FROM_NOW if me.time >= number.gating_from else UNTIL_NOW
    gated = rules.gated[now, asset]
    if gated and rules.only_open[source]:
        return
    told.happened[row] = 1
    me.visited = me.time
    chance, fields = rules.ask[state, asset], 0.0
    if gated:
        fields = rules.fields[asset]
        if number.progressive:
            fields = 3.0 if me.forms == 0 else 2.0
        chance = rules.form[state, asset] * math.exp(-rules.loss[state] * (fields - 5))
    leaves_a_name = book.rows.second[row] < chance * rules.fills_times[source]
    if leaves_a_name:
        me.forms += 1
        me.asked = max(me.asked, fields + (me.asked if number.progressive else 0.0))
        told.happened[row] = LEFT_A_NAME
        capture(me, row, book.leaves_in[me.buyer], told)
    elif gated:
        told.happened[row] = TURNED_AWAY
    turned_away = gated and not leaves_a_name
    glimpse = number.bounce + rules.preview[asset]
    me.memory += glimpse if turned_away else number.read


@part
def touch(me: Any, row: int, source: int, book: Any, rules: Rules, told: Told) -> None:
    """Reach a buyer with an ad, a mail or a call, who may answer.

    An account of a list has several contacts, and answers if one of them does.
    """
    if me.time - me.visited > rules.after_visit[source]:
        return
    told.happened[row] = 1
    chance = rules.answer[source, state_of(me)]
    chance *= 1.0 + rules.warmed[source] * warmth(me)
    if rules.by_mail[source]:
        chance *= book.delivery[row]
    if rules.contacts[source] > 1:
        chance = 1.0 - (1.0 - min(chance, 1.0)) ** rules.contacts[source]
    if book.rows.luck[row] < chance:
        told.happened[row] = LEFT_A_NAME
        capture(me, row, book.leaves_in[me.buyer], told)
    me.memory += rules.remember[source]


@part
def meet(me: Any, row: int, book: Any, rules: Rules, told: Told) -> None:
    """Let a buyer meet a source, if its rate reaches the level of the meeting."""
    source, window = book.rows.source[row], book.rows.window[row]
    rate = rules.rate[source, state_of(me)] * book.rows.strength[row]
    if book.rows.level[row] >= rate or (window >= 0 and book.end[window] != me.until):
        return
    if rules.by[source] == VISITS:
        visit(me, row, source, book, rules, told)
    else:
        touch(me, row, source, book, rules, told)
    if told.happened[row] and me.first < 0:
        me.first = source


@part
def asks(me: Any, book: Any, rules: Rules) -> float:
    """Return the chance by now that who thought of us asks for sales, 0 to 1.

    It grows with what was met lately, where all buyers share one memory.
    """
    number = rules.number[0]
    if not number.in_common:
        return float(number.raise_hand)
    lately = 1.0 - math.exp(-stocked(book.lately, me.time))
    return float(number.raise_hand + (1.0 - number.raise_hand) * lately)


@part
def raise_hand(
    me: Any, row: int, window: int, book: Any, rules: Rules, told: Told
) -> None:
    """Let a buyer who thought of us ask for sales."""
    if book.end[window] == me.until and me.raises < asks(me, book, rules):
        told.happened[row] = told.raised[window] = 1
        if me.first < 0:
            me.first = book.rows.source[row]
        capture(me, row, book.leaves_in[me.buyer], told)


def _made_of(sources: str) -> Callable[[Any, Rules, Told], int]:
    """Return the function that tells lives, for a digest of its sources."""

    def tell(book: Any, rules: Rules, told: Told) -> int:
        """Tell every buyer's life, one by one; return how many rows were told."""
        assert sources
        me = told.me[0]
        for row in range(len(book.rows.time)):
            buyer, what = book.rows.buyer[row], book.rows.what[row]
            if buyer != me.buyer:
                begin(me, buyer, book.kind[buyer], rules)
            recall(me, row, book, rules)
            told.memory[row] = me.memory
            if what == ENTERS:
                enter(me, row, book.rows.window[row], book, rules, told)
            elif what == RAISES_HAND:
                raise_hand(me, row, book.rows.window[row], book, rules, told)
            else:
                meet(me, row, book, rules, told)
            told.first[row] = me.first
        return len(book.rows.time)

    return whole(tell)


tell = _made_of(key_of_sources(__file__, stocks.__file__))
