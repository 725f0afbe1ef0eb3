"""Terms hang together: one set is for everybody, limits leave room, and nothing is given away by mistake."""

from collections.abc import Iterator

from pricing_engine.money import ONE
from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.documents.fields import write_percent
from pricing_engine.rulebook.documents.terms import RenewalShape, TermsDocument
from pricing_engine.rulebook.faults import Fault
from pricing_engine.rulebook.sources import Loaded
from pricing_engine.terms.terms import RenewalBasis

_LONGEST_FREE_WINDOW = 366


def check_terms(subject: Subject) -> Iterator[Fault]:
    """E601 and E602 for whom terms are for, E605 and E606 for renewals, W607 to W609 for what is given away."""
    yield from _for_everybody(subject)
    for terms in subject.repository.terms:
        if terms.shape.renewal is not None:
            yield from _renewal(terms, terms.shape.renewal)
        yield from _given_away(terms)


def _for_everybody(subject: Subject) -> Iterator[Fault]:
    all_terms = subject.repository.terms
    for_all = [terms for terms in all_terms if terms.shape.when is None]
    for other in for_all[1:]:
        what = f"the terms {for_all[0].shape.id} are already for every account that no others are for"
        related = (for_all[0].related(("id",), "they are here"),)
        yield other.fault("E601", ("id",), what, "say with when: which accounts these are for", related=related)
    if all_terms and not for_all and subject.index.knows_all("terms"):
        what = "an account that meets no `when` has no terms"
        fix = "leave `when` out of the terms that are for everybody else"
        yield all_terms[0].fault("E602", ("when",), what, fix)


def _renewal(terms: Loaded[TermsDocument], renewal: RenewalShape) -> Iterator[Fault]:
    if renewal.floor is not None and renewal.cap is not None and renewal.floor > renewal.cap:
        what = f"the floor, {write_percent(renewal.floor)}, is above the cap, {write_percent(renewal.cap)}"
        yield terms.fault("E605", ("renewal", "floor"), what, "write a floor of at most the cap")
    is_list = renewal.basis is RenewalBasis.LIST
    other = RenewalBasis.CONTRACTED if is_list else RenewalBasis.LIST
    for field in ("uplift",) if is_list else ("floor", "cap"):
        if getattr(renewal, field) is not None:
            what = f"{field} has no effect with basis: {renewal.basis}"
            fix = f"remove {field}, or write basis: {other}"
            yield terms.fault("E606", ("renewal", field), what, fix, on_key=True)


def _given_away(terms: Loaded[TermsDocument]) -> Iterator[Fault]:
    back, over_use = terms.shape.reinstatement, terms.shape.over_use
    if back is not None and not back.lapse_fees_share and not back.last_year_share:
        fix = 'add lapse_fees_share: "…" or last_year_share: "…"'
        yield terms.fault("W607", ("reinstatement",), "coming back costs nothing", fix, on_key=True)
    for field, part in terms.shape.given_up():
        if part.free_window_days > _LONGEST_FREE_WINDOW:
            what = f"for {part.free_window_days} days, more than a year, giving up costs nothing"
            yield terms.fault("W608", (field, "free_window_days"), what, "write the days after the term's first day")
    if over_use is not None and over_use.multiplier < ONE:
        what = f"use beyond what was bought costs {write_percent(over_use.multiplier)} of its list price"
        yield terms.fault("W609", ("over_use", "multiplier"), what, 'write at least "100%"')
