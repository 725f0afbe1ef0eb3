"""`pricing-engine demo` and `smoke`: everything prepared to try the engine, and a run that proves it works."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from pricing_engine.cli.opening import check_database_answers
from pricing_engine.cli.outcome import failed, outcome_shown, usage
from pricing_engine.cli.screen import say, write_json, write_text
from pricing_engine.cli.serve import address_of, listening, run_server, settings_for

if TYPE_CHECKING:
    from pricing_engine.cli.lines_to_try import LinesToTry
    from pricing_engine.demo import Demo
    from pricing_engine.settings import Settings


def demo(
    serve: Annotated[bool, typer.Option("--serve", help="Then serve in the foreground.")] = False,
    port: Annotated[int | None, typer.Option(min=0, max=65_535, help="With --serve: 0 takes a free one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON; not with --serve.")] = False,
) -> None:
    """Migrate the database, put the sample rules in force unless others published theirs, and add demo accounts.

    A second run changes nothing, unless the sample rules have changed.
    """
    with outcome_shown(as_json=as_json):
        if as_json and serve:
            raise usage("a service in the foreground writes no JSON", fix="leave --json or --serve out")
        settings = settings_for(None, port)
        _refuse_production(settings)
        if not serve:
            _show(_prepare(settings), settings, as_json=as_json)
            return
        with listening(settings) as listener:
            prepared = _prepare(settings)
            lines = _lines(prepared, settings, address_of(listener))
            run_server(
                settings, listener, when_ready=lambda: _announce(prepared, settings, lines, address_of(listener))
            )


def _refuse_production(settings: Settings) -> None:
    from pricing_engine.settings import Environment

    if settings.environment is Environment.PRODUCTION:
        raise failed(
            "demo accounts have no place in a production database",
            fix="unset PRICING_ENGINE_ENVIRONMENT, or use serve",
            code="production",
        )


def _prepare(settings: Settings) -> Demo:
    """The demo; its rules are checked first, so that their faults are shown where they stand."""
    from pricing_engine.cli.rule_folder import check_rule_folder, compiled_rulebook
    from pricing_engine.demo import prepare_demo

    compiled_rulebook(check_rule_folder(settings.rules_dir))
    check_database_answers(settings.database_url)
    return prepare_demo(settings)


def _lines(prepared: Demo, settings: Settings, address: str) -> LinesToTry:
    from pricing_engine.cli.lines_to_try import lines_to_try

    return lines_to_try(prepared.request, address=address, settings=settings)


def _show(prepared: Demo, settings: Settings, *, as_json: bool) -> None:
    lines = _lines(prepared, settings, f"http://{settings.host}:{settings.port}")
    if as_json:
        accounts = [
            {"id": account.id, "name": account.name, "currency": account.currency, "market": account.market}
            | dict(account.attributes)
            for account in prepared.accounts
        ]
        shown = {"rulebook": prepared.rulebook, "kept_by": prepared.kept_by, "accounts": accounts}
        write_json(shown | {"try": {"cli": lines.cli}})
        return
    write_text(_report(prepared, settings))
    write_text(f"\nTry it\n  {lines.cli}\n")


def _announce(prepared: Demo, settings: Settings, lines: LinesToTry, address: str) -> None:
    """Tells on stdout what is served and what to try; flushed, because whoever reads a pipe waits for it."""
    write_text(_report(prepared, settings))
    write_text(f"\nServing on {address}, with its documentation at {address}/docs; Ctrl-C stops.\n")
    write_text(f"\nTry it from another shell\n  {lines.curl}\n\n  {lines.cli}\n\n")
    typer.get_text_stream("stdout").flush()


def _report(prepared: Demo, settings: Settings) -> str:
    width = max(len(account.id) for account in prepared.accounts)
    names = max(len(account.name) for account in prepared.accounts)
    rows = [
        f"  {account.id:<{width}}  {account.name:<{names}}  {account.currency}  {account.market}  "
        + ", ".join(str(value).replace("_", " ") for value in account.attributes.values())
        for account in prepared.accounts
    ]
    return "\n".join([_rules_in_force(prepared, settings), f"{len(rows)} demo accounts", *rows])


def _rules_in_force(prepared: Demo, settings: Settings) -> str:
    """One line: which rules count, and how to have those of the checkout when others stay."""
    version = f"{prepared.rulebook_name}, rulebook {prepared.rulebook[:12]}"
    if prepared.kept_by is None:
        return f"{version}, {'put in force now' if prepared.is_new else 'in force already'}"
    change = f"pricing-engine rules publish {shlex.quote(str(settings.rules_dir))} --activate --reason …"
    return f"{version}, put in force by {prepared.kept_by}, stays; to change that: {change}"


def smoke() -> None:
    """Run the demo on a free port with a database of its own, run the lines it prints, compare, and stop it."""
    with outcome_shown(as_json=False):
        from pricing_engine.cli.smoke import run_smoke

        for line in run_smoke():
            say(line)
