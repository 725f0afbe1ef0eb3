"""A fee for giving something up never exceeds the remaining fees of it, and the rules say so rather than the engine."""

from collections.abc import Iterator

from pricing_engine.expressions import Expression
from pricing_engine.expressions.multiples import multiples_of
from pricing_engine.expressions.ranges import ONE, Range, smallest
from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.documents.terms import TermsDocument
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.sources import Loaded
from pricing_engine.terms.terms import Credit


def check_fees(subject: Subject) -> Iterator[Fault]:
    """E603 and W604 for a fee above the remaining fees, W610 for one on top of what is not credited."""
    remaining = next((id_ for id_, each in subject.vocabulary.items() if each.origin == "change.remaining_fees"), "")
    for terms in subject.repository.terms:
        for field, part in terms.shape.given_up():
            fee = subject.compiled.get((terms.file, (field, "fee")))
            cap = subject.compiled.get((terms.file, (field, "cap")))
            if fee is None or (cap is None and part.cap is not None):
                continue
            limits = [_range(each, remaining, subject) for each in (fee, cap) if each is not None]
            found = limits[0] if cap is None else smallest(*limits)
            yield from _too_much(terms, (field, "fee"), found)
            if part.credit is Credit.NONE and found.low == ONE:
                what = "what is not credited and this fee together are more than the remaining fees, so less is charged"
                fix = "write credit: credit with this fee, or a smaller fee"
                yield terms.fault("W610", (field, "fee"), what, fix)


def _range(expression: Expression, remaining: str, subject: Subject) -> Range:
    return multiples_of(remaining, expression.tree, subject.scopes.change.names)


def _too_much(terms: Loaded[TermsDocument], path: Path, multiples: Range) -> Iterator[Fault]:
    if multiples.low > ONE:
        what = "this is always more than the remaining fees, which no fee may exceed"
        yield terms.fault("E603", path, what, "write a share of them, such as remaining_fees * 0.50")
    elif multiples.high > ONE:
        what = "this may be more than the remaining fees; then only those are charged"
        yield terms.fault("W604", path, what, "write cap: remaining_fees, so that who reads the rule knows")
