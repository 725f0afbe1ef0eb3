"""`pricing-engine rules`: what a pricing team does with rule files, from checking to publishing."""

from __future__ import annotations

import typer

from pricing_engine.cli.explain import explain
from pricing_engine.cli.rules_check import check, configurations, run_examples_of
from pricing_engine.cli.rules_import import group as import_group
from pricing_engine.cli.rules_publish import publish
from pricing_engine.cli.rules_schema import schema
from pricing_engine.cli.rules_withdraw import withdraw

group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Check, test, publish and import rules.")

group.command()(check)
group.command("test")(run_examples_of)
group.command()(publish)
group.command()(withdraw)
group.command()(configurations)
group.command()(schema)
group.command()(explain)
group.add_typer(import_group, name="import")
