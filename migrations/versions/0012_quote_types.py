"""Quotes say what they are for, so that a list shows it and is restricted by it."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_QUOTE = sa.table("quote", *[sa.column(name, sa.Text()) for name in ("tenant_id", "id", "request", "type")])
_KEY = sa.tuple_(_QUOTE.c.tenant_id, _QUOTE.c.id)
_AT_ONCE = 500
_DECIDING = {"renew": "renewal", "extend": "renewal", "reinstate": "reinstatement", "cancel": "cancellation"}


def upgrade() -> None:
    """Adds the type, which is that of the request that is stored, and the index of lists restricted to one."""
    op.add_column("quote", sa.Column("type", sa.Text(), nullable=False, server_default="new"))
    connection = op.get_bind()
    said = sa.update(_QUOTE).where(
        _QUOTE.c.tenant_id == sa.bindparam("of_tenant"), _QUOTE.c.id == sa.bindparam("of_id")
    )
    for rows in requests(connection):
        changes = [
            {"of_tenant": tenant, "of_id": id, "type": type_}
            for tenant, id, request in rows
            if (type_ := type_of(request)) != "new"
        ]
        if changes:
            connection.execute(said, changes)
    op.create_index("ix_quote_tenant_id_type_created_at_id", "quote", ["tenant_id", "type", "created_at", "id"])


def downgrade() -> None:
    """Takes both away."""
    op.drop_index("ix_quote_tenant_id_type_created_at_id", "quote")
    op.drop_column("quote", "type")


def requests(connection: sa.Connection) -> Iterator[list[tuple[str, str, str]]]:
    """The requests of all quotes with their keys, some at a time."""
    query = sa.select(_QUOTE.c.tenant_id, _QUOTE.c.id, _QUOTE.c.request).order_by(_QUOTE.c.tenant_id, _QUOTE.c.id)
    after = None
    while True:
        which = query if after is None else query.where(after < _KEY)
        rows = [(tenant, id, request) for tenant, id, request in connection.execute(which.limit(_AT_ONCE))]
        if rows:
            yield rows
        if len(rows) < _AT_ONCE:
            return
        after = sa.tuple_(*[sa.literal(part, sa.Text()) for part in rows[-1][:2]])


def type_of(request: str) -> str:
    """What a stored request is for: a change of a contract by what it asks for, else something new."""
    asked = json.loads(request)
    _, version = asked.get("contract") or (None, 0)
    if not version:
        return "new"
    return next((_DECIDING[each["op"]] for each in asked["changes"] if each["op"] in _DECIDING), "amendment")
