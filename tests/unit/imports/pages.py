"""Small price pages for tests: a valid head, and what a test adds to it."""

from textwrap import dedent

from pricing_engine.imports import ImportedPricing, Outcome, import_pricing2yaml

HEAD = "saasName: Acme\nsyntaxVersion: '2.1'\nversion: '2025'\ncreatedAt: '2025-02-26'\ncurrency: USD\n"


def page(body: str, *, head: str = HEAD) -> bytes:
    """A page of the head and a body."""
    return (head + dedent(body)).encode()


def imported(body: str, *, head: str = HEAD) -> ImportedPricing:
    """What importing such a page gives."""
    return import_pricing2yaml("acme.yml", page(body, head=head))


def said(result: ImportedPricing, outcome: Outcome) -> list[str]:
    """The report's lines of one outcome, without file name and outcome: `12:3: plan PRO: has no price (add …)`."""
    return [
        str(line).removeprefix("acme.yml:").replace(f" {outcome}:", "")
        for line in result.report
        if line.outcome is outcome
    ]
