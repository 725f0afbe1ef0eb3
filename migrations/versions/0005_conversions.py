"""Contracts say when what is tried is bought, so that those that are due are found."""

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_VERSION = sa.table(
    "contract_version",
    *[sa.column(name, sa.Text()) for name in ("tenant_id", "contract_id", "state")],
    *[sa.column("version", sa.Integer()), sa.column("converts_on", sa.Date())],
)
_UNGUARDED = {
    "sqlite": (
        "DROP TRIGGER tr_contract_version_update",
        "CREATE TRIGGER tr_contract_version_update BEFORE UPDATE ON contract_version "
        "BEGIN SELECT RAISE(ABORT, 'rows of contract_version are never changed'); END",
    ),
    "postgresql": (
        "ALTER TABLE contract_version DISABLE TRIGGER tr_contract_version_change",
        "ALTER TABLE contract_version ENABLE TRIGGER tr_contract_version_change",
    ),
}
"""What takes the guard of the rows away, and puts it back."""


def upgrade() -> None:
    """Adds the day with its index, and fills it in where a contract says one: its database was here before."""
    op.add_column("contract_version", sa.Column("converts_on", sa.Date()))
    connection = op.get_bind()
    begin, end = _UNGUARDED[connection.dialect.name]
    op.execute(begin)
    key = [_VERSION.c.tenant_id, _VERSION.c.contract_id, _VERSION.c.version]
    saying = sa.select(*key, _VERSION.c.state).where(_VERSION.c.state.contains('"conversions":[['))
    for *values, state in connection.execute(saying).all():
        row = [column == value for column, value in zip(key, values, strict=True)]
        connection.execute(sa.update(_VERSION).where(*row).values(converts_on=first_day(state)))
    op.execute(end)
    op.create_index("ix_contract_version_tenant_id_converts_on", "contract_version", ["tenant_id", "converts_on"])


def downgrade() -> None:
    """Takes both away."""
    op.drop_index("ix_contract_version_tenant_id_converts_on", "contract_version")
    op.drop_column("contract_version", "converts_on")


def first_day(state: str) -> date:
    """The first day on which something tried is bought, of a stored contract; its days are told by their places."""
    plain = json.loads(state)
    return min(date.fromisoformat(plain["days"][place - 1]) for _, _, place in plain["conversions"])
