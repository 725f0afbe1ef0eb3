"""What an import of deals came to: what was written, what the table's deals are like, and the first problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pricing_engine.imports.book.problems import Problem
from pricing_engine.rulebook.faults import Fault
from pricing_engine.scoring.deal import Deal, Outcome
from pricing_engine.usecases.import_problems import ImportProblems


@dataclass(slots=True)
class DealsReport(ImportProblems):
    """Counts while deals are imported, and the outcome at the end.

    `faults` are those of the mapping under the rulebook in force; with any, or where `is_table_refused`, nothing was
    read. `made`, `there`, `ended` (open until now), `left_out` and `refused` are all deals of the table. What deals are
    like is counted of those that were not refused: `outcomes`, of which `known` have a discount and `zero` a net of 0;
    by fact, how many have it. `of_quotes` are the facts that quotes have, too (None: no rulebook is in force).
    `spelled` counts cells that were read as another text, `strange` words of facts that quotes never have, of those
    whose `words` the vocabulary lists, and `products` lines of others than are `sold`. `corrected` deals were
    otherwise, and are as the table says now.
    """

    is_dry_run: bool
    is_correcting: bool = False
    faults: tuple[Fault, ...] = ()
    rows: int = 0
    made: int = 0
    there: int = 0
    ended: int = 0
    left_out: int = 0
    deals_refused: int = 0
    restated: int = 0
    corrected: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    known: Counter[Outcome] = field(default_factory=Counter)
    zero: Counter[Outcome] = field(default_factory=Counter)
    accounts: set[str] = field(default_factory=set)
    without_account: int = 0
    first: date | None = None
    last: date | None = None
    facts: Counter[str] = field(default_factory=Counter)
    of_quotes: frozenset[str] | None = None
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    strange: Counter[tuple[str, str]] = field(default_factory=Counter)
    sold: Collection[str] | None = None
    products: Counter[str] = field(default_factory=Counter)
    drawn: int = 0
    spelled: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    @property
    def deals(self) -> int:
        """How many deals the table has, of those that were not refused or left out."""
        return self.outcomes.total()

    @property
    def is_whole(self) -> bool:
        """Whether every deal of the table is there as the table says it."""
        refused = self.faults or self.is_table_refused or self.deals_refused or self.rows_without_account
        return not (refused or self.restated)

    def missing(self, fact: str) -> Decimal:
        """The share of deals that do not have a fact. Rounds: to 4 decimals."""
        return (1 - Decimal(self.facts[fact]) / self.deals).quantize(Decimal("0.0001")) if self.deals else Decimal(0)

    def take(self, deal: Deal, *, names_account: bool) -> None:
        """Counts what a deal is like."""
        self.outcomes[deal.outcome] += 1
        self.known[deal.outcome] += deal.discount is not None
        self.zero[deal.outcome] += deal.net is not None and not deal.net
        self.drawn += deal.draw is not None
        if names_account:
            self.accounts.add(deal.account)
        else:
            self.without_account += 1
        self.first = deal.created if self.first is None else min(self.first, deal.created)
        self.last = deal.created if self.last is None else max(self.last, deal.created)
        self.facts.update([name for name, value in deal.facts.items() if value is not None])
        if self.sold is not None:
            self.products.update([line.product for line in deal.lines if line.product not in self.sold])
        for name, words in self.words.items():
            word = deal.facts.get(name)
            if isinstance(word, str) and word not in words:
                self.strange[name, word] += 1

    def refuse_deal(self, problems: list[Problem]) -> None:
        """Counts a deal of which nothing is written."""
        self.deals_refused += 1
        self.say(problems)

    def counts(self) -> Mapping[str, int]:
        """What was counted, by name."""
        return {
            "rows": self.rows,
            "rows_without_id": self.rows_without_account,
            "made": self.made,
            "there": self.there,
            "ended": self.ended,
            "left_out": self.left_out,
            "refused": self.deals_refused,
            "restated": self.restated,
            "corrected": self.corrected,
        }
