"""The floor of retention's figures: what somebody would write by hand in polars, over frames that are there already."""

from __future__ import annotations

import json
from datetime import date

import polars as pl

from benchmarks.ledger_book import account_rows, movement_rows
from pricing_engine.retention.rates import Window


class Frames:
    """The same accounts and movements as columns. Units: cents."""

    def __init__(self, accounts: int) -> None:
        rows = zip(*movement_rows(accounts), strict=True)
        _, _, _, _, account, _, day, _, _, product, kind, driver, cause, _, amount, *_ = rows
        self.movements = pl.DataFrame(
            {
                "account": pl.Series(account, dtype=pl.Categorical),
                "product": pl.Series(product, dtype=pl.Categorical),
                "day": [date.fromisoformat(each) for each in day],
                "what": pl.Series(
                    [f"{k}/{d}/{c}" for k, d, c in zip(kind, driver, cause, strict=True)], dtype=pl.Categorical
                ),
                "amount": [round(float(each) * 100) for each in amount],
            }
        )
        found = [(row[1], row[4], json.loads(row[5])["segment"]) for row in account_rows(accounts)]
        self.accounts = pl.DataFrame(
            {
                "account": pl.Series([row[0] for row in found], dtype=pl.Categorical),
                "market": [row[1] for row in found],
                "segment": [row[2] for row in found],
            }
        )

    def positions(self, window: Window) -> pl.LazyFrame:
        """What each product of each account comes to at both ends."""
        amount, until = pl.col("amount"), pl.col("day") <= window.opening
        return (
            self.movements.lazy()
            .filter(pl.col("day") <= window.closing)
            .group_by("account", "product")
            .agg(opening=amount.filter(until).sum(), closing=amount.sum())
        )

    def cut(self, window: Window, by: str) -> list[pl.DataFrame]:
        """Rates and bridge of each segment, and the bridge of each month of the whole."""
        accounts = self.accounts.lazy()
        positions = self.positions(window).join(accounts, on="account")
        there = pl.col("opening") != 0
        rates = (
            positions.group_by("account", by)
            .agg(pl.col("opening", "closing").sum(), kept=pl.min_horizontal("opening", "closing").sum())
            .group_by(by)
            .agg(
                pl.col("opening").sum(),
                customers=there.sum(),
                kept=pl.col("closing").filter(there).sum(),
                kept_by_line=pl.col("kept").filter(there).sum(),
                new=pl.col("closing").filter(~there).sum(),
            )
        )
        inside = self.movements.lazy().filter((pl.col("day") > window.opening) & (pl.col("day") <= window.closing))
        bridge = inside.join(accounts, on="account").group_by(by, "what").agg(pl.col("amount").sum())
        months = inside.group_by(pl.col("day").dt.truncate("1mo"), "what").agg(pl.col("amount").sum())
        return pl.collect_all([rates, bridge, months])

    def biggest(self, window: Window, segment: str, limit: int) -> pl.DataFrame:
        """The accounts of a segment that changed most."""
        return (
            self.positions(window)
            .join(self.accounts.lazy().filter(pl.col("segment") == segment), on="account")
            .group_by("account")
            .agg(pl.col("opening", "closing").sum())
            .sort((pl.col("closing") - pl.col("opening")).abs(), descending=True)
            .head(limit)
            .collect()
        )
