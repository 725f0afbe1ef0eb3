"""`scoring models`, `show`, `promote` and `rollback`: which models there are, and which of them scores quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from pricing_engine.cli.acting import By, Role, actor_of
from pricing_engine.cli.outcome import outcome_shown
from pricing_engine.cli.paging import Cursor, Limit, origins_of, say_next, typed_again
from pricing_engine.cli.screen import JsonFlag, show, write_answer, write_text

if TYPE_CHECKING:
    from pricing_engine.usecases.list_models import ModelsListed
    from pricing_engine.usecases.quote_life import Actor
    from pricing_engine.usecases.records import Promotion

Hash = Annotated[str, typer.Argument(metavar="HASH", help="A model's hash, or at least the first 8 characters of it.")]
Parts = Annotated[
    list[str] | None,
    typer.Option(
        "--part", metavar="PART", help="peers, win or response; repeat for more, all that may be used without."
    ),
]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why; it is kept.")]

_ORIGINS: Final = {"/parts": "--part", "/reason": "--reason"}


def models(limit: Limit = None, cursor: Cursor = None, as_json: JsonFlag = False) -> None:
    """List trained models, newest first, a page at a time, and say which is live."""
    with outcome_shown(as_json=as_json, origins=origins_of({})):
        from pricing_engine.api.scoring_json import models_json
        from pricing_engine.cli.show_models import models_parts

        listed = _page({"limit": limit, "cursor": cursor})
        if as_json:
            write_answer(models_json(listed))
        else:
            show(*models_parts(listed))
            say_next(listed.page.next_cursor, "scoring", "models", *typed_again({}, {"limit": limit}))


def _page(typed: dict[str, str | None]) -> ModelsListed:
    from pricing_engine.api.wire_faults import validate
    from pricing_engine.api.wire_queries import PageQuery
    from pricing_engine.cli.opening import open_ready_desk
    from pricing_engine.usecases.list_models import list_models

    query = validate(PageQuery, {name: value for name, value in typed.items() if value is not None})
    with open_ready_desk() as desk:
        return list_models(desk, cursor=query.cursor, limit=query.limit)


def show_model(model: Hash, as_json: JsonFlag = False) -> None:
    """Show a model: on what it was trained, what it goes by, and which of its parts may be used."""
    with outcome_shown(as_json=as_json):
        from pricing_engine.api.scoring_json import model_json
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.cli.show_models import model_parts
        from pricing_engine.usecases.list_models import read_model

        with open_ready_desk() as desk:
            found = read_model(desk, hash=model)
        if as_json:
            write_answer(model_json(found))
        else:
            show(*model_parts(found))


def promote(
    model: Hash, reason: Reason, part: Parts = None, by: By = None, role: Role = "pricing", as_json: JsonFlag = False
) -> None:
    """Have quotes scored with a model, or some of its parts, from now on."""
    with outcome_shown(as_json=as_json, origins=_ORIGINS):
        from pricing_engine.api.wire_faults import validate
        from pricing_engine.api.wire_scoring import PromotionIn
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.scoring.model import Part
        from pricing_engine.usecases.promote_model import promote_model

        actor = _promoter(by, role)
        wanted = validate(PromotionIn, {"parts": part or [], "reason": reason})
        with open_ready_desk() as desk:
            parts = tuple(map(Part, wanted.parts))
            done = promote_model(desk, hash=model, parts=parts, reason=wanted.reason, actor=actor)
        _show(done, as_json=as_json)


def rollback(
    reason: Reason,
    to: Annotated[str, typer.Option(metavar="before|rules", help="What was live before, or rules alone.")] = "before",
    by: By = None,
    role: Role = "pricing",
    as_json: JsonFlag = False,
) -> None:
    """Have quotes scored as before the last change, or by rules alone."""
    with outcome_shown(as_json=as_json, origins={**_ORIGINS, "/to": "--to"}):
        from pricing_engine.api.wire_faults import validate
        from pricing_engine.api.wire_scoring import RollbackIn
        from pricing_engine.cli.opening import open_ready_desk
        from pricing_engine.usecases.promote_model import To, roll_back

        actor = _promoter(by, role)
        typed: dict[str, Any] = {"to": to, "reason": reason}
        wanted = validate(RollbackIn, typed)
        with open_ready_desk() as desk:
            done = roll_back(desk, to=To(wanted.to), reason=wanted.reason, actor=actor)
        _show(done, as_json=as_json)


def _promoter(by: str | None, role: str) -> Actor:
    from pricing_engine.api.promoting_role import check_may_promote

    actor = actor_of(by, role)
    check_may_promote(actor.role)
    return actor


def _show(done: Promotion, *, as_json: bool) -> None:
    from pricing_engine.api.scoring_json import promotion_json
    from pricing_engine.cli.show_models import live_words

    if as_json:
        write_answer(promotion_json(done))
    else:
        write_text(live_words(done))
