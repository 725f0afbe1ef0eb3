"""`pricing-engine scoring`: deals in, models out, and which of them is live; each command is in a file of its own."""

from __future__ import annotations

import typer

from pricing_engine.cli.scoring_collect import collect
from pricing_engine.cli.scoring_import import import_deals
from pricing_engine.cli.scoring_models import models, promote, rollback, show_model
from pricing_engine.cli.scoring_train import evaluate, train

group = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Import deals, and see and choose the models that score quotes."
)

group.command("import")(import_deals)
group.command("collect")(collect)
group.command("models")(models)
group.command("show")(show_model)
group.command("promote")(promote)
group.command("rollback")(rollback)
group.command("train")(train)
group.command("evaluate")(evaluate)
