"""The settings fit together: known currencies and roles, a default plan that is offered, rates for every currency."""

from collections.abc import Iterator

from pricing_engine.rulebook.checks.subject import Subject
from pricing_engine.rulebook.documents.fx_rates import FxRatesDocument
from pricing_engine.rulebook.documents.rulebook import RulebookDocument
from pricing_engine.rulebook.faults import Fault
from pricing_engine.rulebook.roles import ACTING_ROLES
from pricing_engine.rulebook.sources import Loaded
from pricing_engine.rulebook.suggest import did_you_mean


def check_settings(subject: Subject) -> Iterator[Fault]:
    """E126 and E219 to E221 for the settings, E314, E315 and W324 for rates, W313 for a currency nobody sells in."""
    settings = subject.repository.rulebook
    if settings is None:
        return
    yield from _settings(settings, subject)
    yield from _rates(settings, subject)
    if subject.index.knows_all("price_book"):
        sold = {book.shape.currency for book in subject.repository.price_books}
        for i, code in enumerate(settings.shape.currencies):
            if code not in sold:
                fix = f"add a price book in {code}, or remove the currency"
                yield settings.fault("W313", ("currencies", i), f"no price book sells in {code}", fix)


def _settings(settings: Loaded[RulebookDocument], subject: Subject) -> Iterator[Fault]:
    shape = settings.shape
    codes = [(("reporting_currency",), shape.reporting_currency)]
    places = [*codes, *((("currencies", i), code) for i, code in enumerate(shape.currencies))]
    for path, code in places:
        if code not in subject.currency_digits:
            fix = did_you_mean(code, subject.currency_digits)
            yield settings.fault("E220", path, f"the world has no currency {code}", fix)
    for i, role in enumerate(shape.roles):
        if role not in ACTING_ROLES:
            what = f"nobody can act as {role}; who only agrees is a level of the approval matrix"
            yield settings.fault("E221", ("roles", i), what, did_you_mean(role, ACTING_ROLES))
    if shape.billing.default not in shape.billing.plans:
        fix = did_you_mean(shape.billing.default, shape.billing.plans)
        what = f"the default plan {shape.billing.default} is not among the plans"
        yield settings.fault("E219", ("billing", "default"), what, fix)
    if shape.term.minimum_months > shape.term.maximum_months:
        what = f"the longest term, {shape.term.maximum_months} months, is below the shortest"
        yield settings.fault("E126", ("term", "maximum_months"), what, "write a maximum of at least the minimum")


def _rates(settings: Loaded[RulebookDocument], subject: Subject) -> Iterator[Fault]:
    shape, fx = settings.shape, subject.repository.fx_rates
    needed = [code for code in shape.currencies if code != shape.reporting_currency]
    if fx is not None:
        yield from _dated_rates(fx, needed)
        yield from _late_rates(fx, needed, subject)
    elif needed and subject.index.knows_all("fx_rates"):
        what = f"there is no exchange rate from {needed[0]} to {shape.reporting_currency}"
        fix = "add fx_rates.yaml with kind: fx_rates"
        yield settings.fault("E314", ("currencies",), what, fix)


def _dated_rates(fx: Loaded[FxRatesDocument], needed: list[str]) -> Iterator[Fault]:
    seen = set()
    for i, dated in enumerate(fx.shape.rates):
        if dated.start in seen:
            what = f"there are rates from {dated.start} twice"
            yield fx.fault("E315", ("rates", i, "from"), what, "write every currency of a day in one entry")
        seen.add(dated.start)
        missing = [code for code in needed if code not in dated.by_currency]
        if missing:
            what = f"the rates from {dated.start} have none for {', '.join(missing)}"
            yield fx.fault("E314", ("rates", i), what, f'add {missing[0]}: "…", also when it did not change')


def _late_rates(fx: Loaded[FxRatesDocument], needed: list[str], subject: Subject) -> Iterator[Fault]:
    books = [book.shape for book in subject.repository.price_books if book.shape.currency in needed]
    starts = [(entry.start, book.currency) for book in books for entries in book.prices.values() for entry in entries]
    if not starts:
        return
    opens, currency = min(starts)
    first = min(range(len(fx.shape.rates)), key=lambda i: fx.shape.rates[i].start)
    begins = fx.shape.rates[first].start
    if opens < begins:
        what = f"there is no exchange rate before {begins}, and prices in {currency} start on {opens}"
        yield fx.fault("W324", ("rates", first, "from"), what, f"write from: {opens}, or add an entry before")
