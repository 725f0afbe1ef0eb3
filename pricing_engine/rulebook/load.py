"""Rule files in, Rulebook out: `load_rulebook` is the one door, `check_rulebook` gives every fault."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pricing_engine.catalog.products import Ladder, Product
from pricing_engine.errors import DomainError
from pricing_engine.policies.discounts import DiscountPolicy
from pricing_engine.rulebook.absent import absent_kinds
from pricing_engine.rulebook.canonical import content_hash
from pricing_engine.rulebook.checks.all_checks import CHECKS, run_checks
from pricing_engine.rulebook.checks.subject import Check, Subject, sold_charges
from pricing_engine.rulebook.compile.catalog import compile_bundle, compile_ladder, compile_metrics, compile_product
from pricing_engine.rulebook.compile.policies import (
    Conditions,
    compile_approvals,
    compile_discount,
    compile_discretion,
    compile_groups,
)
from pricing_engine.rulebook.compile.prices import compile_price_book
from pricing_engine.rulebook.compile.retention_targets import compile_targets
from pricing_engine.rulebook.compile.scoring import compile_guidance, compile_scorecard
from pricing_engine.rulebook.compile.settings import compile_currencies, compile_plans, compile_rates
from pricing_engine.rulebook.compile.terms import compile_terms
from pricing_engine.rulebook.compile.upsell_paths import compile_incentives, compile_path
from pricing_engine.rulebook.conditions import compile_conditions, conditions_of
from pricing_engine.rulebook.documents.rulebook import RulebookDocument
from pricing_engine.rulebook.fault_report import count_text
from pricing_engine.rulebook.faults import Fault, Severity, sort_faults
from pricing_engine.rulebook.files import split_files
from pricing_engine.rulebook.index import build_index
from pricing_engine.rulebook.names import build_vocabulary, unfinished
from pricing_engine.rulebook.repository import Repository, read_repository
from pricing_engine.rulebook.rulebook import Rulebook
from pricing_engine.rulebook.scopes import scopes_of


class RulebookRefused(DomainError):
    """The rule files have errors; `faults` are all of them, and the warnings, sorted by file and position."""

    code = "rulebook-refused"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        first = next(fault for fault in faults if fault.severity is Severity.ERROR)
        what = f"the rules have {count_text(faults)}; the first: {first.file}:{first.position.line}: {first.what}"
        super().__init__(what, fix=first.fix)
        self.faults = faults


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The rulebook, or None when there is an error, and every fault found, sorted."""

    rulebook: Rulebook | None
    faults: tuple[Fault, ...]


def load_rulebook(files: Mapping[str, bytes], *, currency_digits: Mapping[str, int]) -> Rulebook:
    """The rulebook compiled from files by name; tests beside the rules are left out.

    Units: `currency_digits` are the decimals of every known currency's minor unit, by ISO code.
    Raises: RulebookRefused with every fault of every file.
    """
    result = check_rulebook(files, currency_digits=currency_digits)
    if result.rulebook is None:
        raise RulebookRefused(result.faults)
    return result.rulebook


def load_published(files: Mapping[str, bytes], *, currency_digits: Mapping[str, int]) -> Rulebook:
    """The rulebook of files that passed every check when they were published.

    Its shape is read and compiled as ever, but no static check is run: a check that is added later must not
    refuse a version that quotes are pinned to (P17a).
    Raises: RulebookRefused when the files cannot be read at all.
    """
    result = _read(files, currency_digits=currency_digits, checks=())
    if result.rulebook is None:
        raise RulebookRefused(result.faults)
    return result.rulebook


def check_rulebook(files: Mapping[str, bytes], *, currency_digits: Mapping[str, int]) -> CheckResult:
    """The rulebook if there are no errors, and every error and warning."""
    return _read(files, currency_digits=currency_digits, checks=CHECKS)


def _read(files: Mapping[str, bytes], *, currency_digits: Mapping[str, int], checks: Sequence[Check]) -> CheckResult:
    split = split_files(files)
    repository, faults = read_repository(split)
    absent = absent_kinds(repository)
    repository = replace(repository, unread=repository.unread | absent.keys())
    index = build_index(repository)
    vocabulary = build_vocabulary(repository)
    scopes = scopes_of(vocabulary, frozenset(index.metrics))
    conditions = tuple(conditions_of(repository, scopes))
    compiled, refused = compile_conditions(conditions, unsure=unfinished(vocabulary))
    if "vocabulary" in repository.unread:
        refused = ()
    sold = tuple(sold_charges(repository))
    subject = Subject(repository, index, vocabulary, scopes, conditions, compiled, currency_digits, sold)
    found = sort_faults((*faults, *absent.values(), *refused, *run_checks(subject, checks=checks)))
    settings = repository.rulebook
    if settings is None or any(fault.severity is Severity.ERROR for fault in found):
        return CheckResult(None, found)
    sources = {name: content for name, content in files.items() if name in repository.data}
    return CheckResult(_compile(subject, settings.shape, sources), found)


def _compile(subject: Subject, settings: RulebookDocument, sources: Mapping[str, bytes]) -> Rulebook:
    repository, conditions = subject.repository, subject.compiled
    currencies = compile_currencies(settings, subject.currency_digits)
    ladder = compile_ladder(repository.tiers)
    products = _products(repository, ladder)
    bundles = {each.shape.id: compile_bundle(each) for each in repository.bundles}
    paths = tuple(compile_path(each, conditions) for each in repository.upsell_paths)
    groups = compile_groups(settings)
    return Rulebook(
        hash=content_hash(repository.data),
        name=settings.name,
        reporting_currency=currencies[settings.reporting_currency],
        currencies={code: currencies[code] for code in settings.currencies},
        proration=settings.proration,
        billing_plans=compile_plans(settings),
        default_billing=settings.billing.default,
        term_months=(settings.term.minimum_months, settings.term.maximum_months),
        vocabulary=subject.vocabulary,
        metrics=compile_metrics(repository.metrics),
        products={product.id: product for product in products},
        ladder=ladder,
        bundles=bundles,
        price_books=tuple(compile_price_book(each, currencies) for each in repository.price_books),
        rates=compile_rates(repository.fx_rates, settings.reporting_currency),
        discount_groups=groups,
        discounts=(*_discounts(repository, conditions), *compile_incentives(paths, groups, products, bundles)),
        discretion=compile_discretion(repository.discretion, conditions),
        approvals=compile_approvals(repository.approvals, repository.rows),
        roles=settings.roles,
        sources=sources,
        terms=tuple(compile_terms(each, conditions) for each in repository.terms),
        upsell_paths=paths,
        retention_targets=compile_targets(repository.retention_targets),
        scorecard=compile_scorecard(repository.scorecard, conditions, subject.vocabulary),
        guidance=compile_guidance(repository.guidance, conditions, subject.vocabulary),
    )


def _products(repository: Repository, ladder: Ladder | None) -> list[Product]:
    """What a customer may ask for; the platform, and how many users it has, is asked for like any product."""
    platform = [] if ladder is None else [ladder.platform]
    return [*map(compile_product, repository.products), *platform]


def _discounts(repository: Repository, conditions: Conditions) -> Iterator[DiscountPolicy]:
    return (compile_discount(each, conditions) for each in repository.discounts)
