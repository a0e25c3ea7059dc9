"""A sales desk by the month: what lead volume makes of SQLs.

In: a desk (people, work, patience, contact curve) and leads per month. Out: contacts,
SQLs and costs per SQL in the long run, the best volume, and the volume at which more
leads stop helping. It joins `queues`, `speed` and `screens` and assumes what they do.
"""

from __future__ import annotations

from dataclasses import dataclass

from simlib.errors import TheoryError
from simlib.theory.guards import (
    require_count,
    require_not_negative,
    require_positive,
    require_share,
)
from simlib.theory.queues import Desk, erlang_a_desk
from simlib.theory.screens import Screen
from simlib.theory.speed import ContactCurve, contact_at_desk

_SEARCH_LOADS = (0.001, 20.0)
_TEXTBOOK_CURVE = ContactCurve(half_at=0.75, power=0.5)


@dataclass(frozen=True)
class SalesDesk:
    """The settings of a sales desk; the defaults are in hours.

    Times are in one unit, whichever: a month of 7 days with work in days is as good as
    a month of 168 hours with work in hours.

    Attributes
    ----------
    people : int
        Sales development reps who share one queue, first come first served.
    work_mean : float
        Mean work per lead (exponential), reached or not.
    patience_mean : float
        Mean patience of a waiting lead (exponential).
    curve : ContactCurve
        Chance of contact by response time.
    dial : float
        Time that dialling adds to every wait.
    month : float
        Length of a month.
    ready_share : float
        Share of leads that are ready, before any screen.
    ready_rate : float
        Share of reached ready leads that become SQLs; nobody else does.
    """

    people: int = 3
    work_mean: float = 2.5
    patience_mean: float = 16.0
    curve: ContactCurve = _TEXTBOOK_CURVE
    dial: float = 2 / 60
    month: float = 168.0
    ready_share: float = 0.27
    ready_rate: float = 0.55

    def __post_init__(self) -> None:
        require_count(people=self.people)
        require_positive(work_mean=self.work_mean, patience_mean=self.patience_mean)
        require_positive(month=self.month)
        require_not_negative(dial=self.dial)
        require_share(ready_share=self.ready_share, ready_rate=self.ready_rate)

    @property
    def capacity_per_month(self) -> float:
        """Leads per month that the people can work on at most."""
        return self.people * self.month / self.work_mean


@dataclass(frozen=True)
class SalesMonth:
    """A long-run month at a sales desk.

    Attributes
    ----------
    leads_per_month : float
        Leads before the screen.
    passed_per_month : float
        Leads that reach the desk's queue.
    ready_among_passed : float
        Share of those that are ready.
    desk : Desk
        The queue, in the unit of the settings.
    contact : float
        Share of passed leads that are served and reached.
    sql_per_month : float
        SQLs, on average.
    """

    leads_per_month: float
    passed_per_month: float
    ready_among_passed: float
    desk: Desk
    contact: float
    sql_per_month: float

    def cost_per_sql(self, cost_per_lead: float, cost_per_person: float) -> float:
        """Return (leads x cost per lead + people x cost per month) / SQLs.

        Parameters
        ----------
        cost_per_lead : float
            Money per lead before the screen.
        cost_per_person : float
            Money per rep and month, busy or idle.
        """
        require_not_negative(
            cost_per_lead=cost_per_lead, cost_per_person=cost_per_person
        )
        if self.sql_per_month <= 0:
            raise TheoryError("there is no cost per SQL: the desk makes no SQLs")
        spend = (
            self.leads_per_month * cost_per_lead + self.desk.people * cost_per_person
        )
        return spend / self.sql_per_month


def sales_month(
    desk: SalesDesk, leads_per_month: float, screen: Screen | None = None
) -> SalesMonth:
    """Return the long-run month of a desk at a lead volume.

    SQLs = passed x ready among passed x E[p(W + dial); served] x ready rate, W the
    wait of M/M/c+M. Assumes a steady state in which delay is the only harm of volume.

    Parameters
    ----------
    desk : SalesDesk
        The settings of the desk.
    leads_per_month : float
        Leads before the screen, above 0.
    screen : Screen, optional
        What stands before the desk; without one all leads pass.

    Examples
    --------
    >>> round(sales_month(SalesDesk(), 300).sql_per_month, 6)
    8.746498
    """
    require_positive(leads_per_month=leads_per_month)
    share, ready = 1.0, desk.ready_share
    if screen is not None:
        screened = screen.apply(desk.ready_share)
        share, ready = screened.pass_share, screened.ready_among_passed
    passed = leads_per_month * share
    if passed <= 0:
        raise TheoryError("the screen lets nobody pass; there is no desk to solve")
    queue = erlang_a_desk(
        passed / desk.month, desk.work_mean, desk.people, desk.patience_mean
    )
    contact = contact_at_desk(queue, desk.curve, desk.dial)
    sqls = passed * ready * contact * desk.ready_rate
    return SalesMonth(leads_per_month, passed, ready, queue, contact, sqls)


def best_volume(desk: SalesDesk, screen: Screen | None = None) -> SalesMonth:
    """Return the month with the most SQLs, over lead volume.

    The maximum of `sales_month`, found numerically (Brent's method) at loads between
    0.001 and 20.

    Raises
    ------
    TheoryError
        If SQLs still rise at the largest load.
    """
    from scipy.optimize import minimize_scalar

    least, most = _search_volumes(desk, screen)
    found = minimize_scalar(
        lambda leads: -sales_month(desk, leads, screen).sql_per_month,
        bounds=(least, most),
        method="bounded",
        options={"xatol": 1e-7 * desk.capacity_per_month},
    )
    if found.x > 0.999 * most:
        raise TheoryError(f"SQLs still rise at {most:.6g} leads per month: no maximum")
    return sales_month(desk, float(found.x), screen)


def volume_gain(
    desk: SalesDesk,
    leads_per_month: float,
    factor: float = 2.0,
    screen: Screen | None = None,
) -> float:
    """Return SQLs at `factor` times the leads, over SQLs at the leads.

    2 would be a bucket without holes, 1 a full one. `factor` / `volume_gain` is what
    mending the next transition by the same factor gains over the volume.

    Parameters
    ----------
    desk : SalesDesk
        The settings of the desk.
    leads_per_month : float
        Leads before, above 0.
    factor : float
        Growth of the leads, above 0.
    screen : Screen, optional
        As in `sales_month`.
    """
    require_positive(factor=factor)
    before = sales_month(desk, leads_per_month, screen)
    after = sales_month(desk, factor * leads_per_month, screen)
    if before.sql_per_month <= 0:
        raise TheoryError("there is no gain to compare: the desk makes no SQLs")
    return after.sql_per_month / before.sql_per_month


def doubling_neutral_volume(desk: SalesDesk, screen: Screen | None = None) -> float:
    """Return the leads per month whose doubling neither gains nor loses SQLs.

    The root of `volume_gain` = 1, between half the best volume and the best volume.

    Raises
    ------
    TheoryError
        If SQLs have no maximum within the loads that are searched.
    """
    from scipy.optimize import brentq

    best = best_volume(desk, screen).leads_per_month
    return float(
        brentq(
            lambda leads: volume_gain(desk, leads, 2.0, screen) - 1,
            *(best / 2, best),
            xtol=1e-9 * best,
        )
    )


def _search_volumes(desk: SalesDesk, screen: Screen | None) -> tuple[float, float]:
    share = 1.0 if screen is None else screen.apply(desk.ready_share).pass_share
    least, most = (load * desk.capacity_per_month / share for load in _SEARCH_LOADS)
    return least, most
