"""The waterfall of one whole deal under the sample rules, as a rep reads it."""

from pathlib import Path

from pricing_engine.rulebook.load import load_rulebook
from pricing_engine.rulechecks.examples import run_examples
from pricing_engine.rulechecks.examples_report import waterfall_text

RULES = Path(__file__).parents[3] / "rules"
GOLDEN = Path(__file__).with_name("demo_deal.txt")


def test_the_demo_deal_reads_as_it_did() -> None:
    files = {path.relative_to(RULES).as_posix(): path.read_bytes() for path in RULES.rglob("*.yaml")}
    rulebook = load_rulebook(files, currency_digits={"USD": 2, "EUR": 2, "JPY": 0})
    (quote,) = (
        case.quote
        for case in run_examples(files, rulebook).cases
        if case.quote is not None and case.name.startswith("a deal as a rep makes it")
    )
    lines = [text for line in quote.lines for text in waterfall_text(line, digits=quote.currency.digits)]
    invoices = [f"{invoice.day} {invoice.total}" for invoice in quote.invoices]
    remarks = [f"{finding.severity} {finding.code}: {finding.what}" for finding in quote.findings]
    assert "\n".join([*lines, "", *remarks, "", *invoices, ""]) == GOLDEN.read_text(encoding="utf-8")
