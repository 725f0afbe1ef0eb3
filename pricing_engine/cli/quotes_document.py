"""`quotes document`: the customer's document of a kept quote, as a PDF or an HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pricing_engine.cli.outcome import outcome_shown, usage
from pricing_engine.cli.quote_options import LocaleName
from pricing_engine.cli.screen import JsonFlag, say, write_json
from pricing_engine.cli.write_file import STDOUT, write_file

if TYPE_CHECKING:
    from pricing_engine.rendering.media import Form

QuoteId = Annotated[str, typer.Argument(metavar="QUOTE", help="A kept quote's id.")]
Out = Annotated[
    str, typer.Option("--out", "-o", metavar="FILE", help="Where to write: FILE.pdf, FILE.html, or - for stdout.")
]
FormName = Annotated[
    str | None, typer.Option("--format", metavar="html|pdf", help="What to write; by the file's name if absent.")
]


def document(
    quote: QuoteId, out: Out, form: FormName = None, locale: LocaleName = "en_US", as_json: JsonFlag = False
) -> None:
    """Write the document that the customer gets: what is bought, what it costs, and under which terms."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.cli.amounts import read_locale
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.quote_document import make_document, read_document_basis

        chosen, wanted = read_locale(locale), read_form(form, out)
        with open_ready_desk() as desk:
            basis = read_document_basis(desk, quote_id=quote)
        write_file(make_document(basis, locale=chosen, form=wanted), out)
        if as_json and out != STDOUT:
            write_json({"quote": quote, "format": wanted.value, "file": out})
        elif out != STDOUT:
            say(f"the document of {quote} is in {out}")


def read_form(named: str | None, out: str) -> Form:
    """The form that is named, else the one the file's name ends with.

    Raises: CommandStopped.
    """
    from pricing_engine.rendering.media import Form

    known = {form.value: form for form in Form}
    if named is not None:
        if named not in known:
            raise usage(f"there is no format {named}", fix=f"write one of {', '.join(known)}", where="--format")
        return known[named]
    found = known.get(Path(out).suffix.removeprefix(".").lower())
    if found is None:
        fix = "end it with .pdf or .html, or say which by --format"
        raise usage(f"{out} does not say what to write", fix=fix, where="--out")
    return found
