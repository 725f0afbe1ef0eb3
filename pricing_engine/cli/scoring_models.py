"""`scoring models`: which models were trained, and which of them is live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pricing_engine.cli.outcome import outcome_shown
from pricing_engine.cli.paging import Cursor, Limit, origins_of, say_next, typed_again
from pricing_engine.cli.screen import JsonFlag, show, write_answer

if TYPE_CHECKING:
    from pricing_engine.usecases.list_models import ModelsListed


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
