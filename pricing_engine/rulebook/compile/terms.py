"""Compiles terms: their formulas, and each part with the rule it stands for."""

from typing import NamedTuple

from pricing_engine.catalog.rule import RuleRef
from pricing_engine.money import ZERO
from pricing_engine.rulebook.compile.policies import Conditions
from pricing_engine.rulebook.documents.terms import CancellationShape, PartialCancellationShape, TermsDocument
from pricing_engine.rulebook.faults import Path
from pricing_engine.rulebook.sources import Loaded
from pricing_engine.terms.terms import (
    Allowed,
    Fee,
    GivingUp,
    Guarantee,
    OverUse,
    Reinstatement,
    RenewalTerms,
    Terms,
    TrialRule,
)


def compile_terms(loaded: Loaded[TermsDocument], conditions: Conditions) -> Terms:
    """One set of terms. Rules are named after them and the part: `standard.cancellation`."""
    shape, compiling = loaded.shape, _Compiling(loaded, conditions)
    return Terms(
        id=shape.id,
        rule=loaded.rule(("id",), shape.id, shape.why),
        when=conditions.get((loaded.file, ("when",))),
        price_hold=shape.price_hold,
        cancellation=compiling.giving_up("cancellation", shape.cancellation),
        partial_cancellation=compiling.giving_up("partial_cancellation", shape.partial_cancellation),
        reinstatement=compiling.reinstatement(),
        over_use=compiling.over_use(),
        renewal=compiling.renewal(),
        guarantees=compiling.guarantees(),
        trials=compiling.trials(),
        waivers=dict(shape.waivers),
    )


class _Compiling(NamedTuple):
    """Terms with the compiled formulas of all rules."""

    loaded: Loaded[TermsDocument]
    conditions: Conditions

    def rule(self, path: Path, part: str, why: str) -> RuleRef:
        """The rule of a part; its reason is its own, else that of the terms."""
        shape = self.loaded.shape
        return self.loaded.rule(path, f"{shape.id}.{part}", why or shape.why)

    def giving_up(self, field: str, shape: CancellationShape | None) -> GivingUp | None:
        """What giving something up costs."""
        if shape is None:
            return None
        return GivingUp(
            rule=self.rule((field,), field, shape.why),
            allowed=shape.allowed if isinstance(shape, PartialCancellationShape) else Allowed.WITH_FEE,
            fee=self._fee(field, shape),
            free_window_days=shape.free_window_days,
            notice_days=shape.notice_days,
            credit=shape.credit,
        )

    def _fee(self, field: str, shape: CancellationShape) -> Fee | None:
        formula = self.conditions.get((self.loaded.file, (field, "fee")))
        if formula is None:
            return None
        cap = self.conditions.get((self.loaded.file, (field, "cap")))
        return Fee(formula, cap, self.rule((field, "fee"), f"{field}.fee", shape.why))

    def reinstatement(self) -> Reinstatement | None:
        """What coming back costs."""
        shape = self.loaded.shape.reinstatement
        if shape is None:
            return None
        return Reinstatement(
            rule=self.rule(("reinstatement",), "reinstatement", shape.why),
            within_days=shape.within_days,
            lapse_fees_share=shape.lapse_fees_share,
            last_year_share=shape.last_year_share,
            covers_lapse=shape.covers_lapse,
        )

    def over_use(self) -> OverUse | None:
        """What use above the commitment costs."""
        shape = self.loaded.shape.over_use
        if shape is None:
            return None
        rule = self.rule(("over_use",), "over_use", shape.why)
        return OverUse(rule, shape.mode, shape.tolerance, shape.multiplier)

    def renewal(self) -> RenewalTerms | None:
        """How a new term is priced."""
        shape = self.loaded.shape.renewal
        if shape is None:
            return None
        return RenewalTerms(
            rule=self.rule(("renewal",), "renewal", shape.why),
            basis=shape.basis,
            floor=shape.floor,
            cap=shape.cap,
            uplift=ZERO if shape.uplift is None else shape.uplift,
            notice_days=shape.notice_days,
            grace_days=shape.grace_days,
            auto=shape.auto,
        )

    def guarantees(self) -> tuple[Guarantee, ...]:
        """What is promised, in the order written."""
        return tuple(
            Guarantee(
                milestone=each.milestone,
                rule=self.rule(("guarantees", i, "milestone"), f"guarantee.{each.milestone}", each.why),
                due_days=each.due_days,
                credit=each.credit,
                of=each.of,
            )
            for i, each in enumerate(self.loaded.shape.guarantees)
        )

    def trials(self) -> tuple[TrialRule, ...]:
        """What may be tried, in the order written."""
        return tuple(
            TrialRule(
                product=each.product,
                rule=self.rule(("trials", i, "product"), f"trial.{each.product}", each.why),
                days=each.days,
                limits=each.limits,
                is_repeatable=each.repeatable,
                then=each.then,
            )
            for i, each in enumerate(self.loaded.shape.trials)
        )
