"""`pricing-engine retention forecast` over RavenStack's two years, beside what its table says (N12)."""

from __future__ import annotations

import json
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from pricing_engine.api.wire_forecast import ForecastOut
from pricing_engine.periods import add_months
from tests import ravenstack
from tests.journeys.conftest import Run
from tests.journeys.test_retention import held_on, of_accounts


def test_a_forecast_of_a_year_abstains_and_one_of_half_a_year_shows_its_back_test(book: Run) -> None:
    on = ("retention", "forecast", "--on", str(ravenstack.LAST_DAY))
    year = book(*on)
    assert year.exit_code == 0
    assert "the ledger has 23 whole months by that day, and 24 are needed" in year.stdout
    read = book(*on, "--months", "6", "--by", "industry", "--json")
    ForecastOut.model_validate_json(read.stdout)
    found = json.loads(read.stdout)
    drawn = found["distribution"]
    now = of_accounts(held_on(ravenstack.LAST_DAY))
    assert (found["customers"], found["opening_arr"]) == (len(now), f"{sum(now.values())}.00")
    assert sum(Decimal(each["opening"]) for each in drawn["segments"]) == sum(now.values())
    for each in drawn["segments"]:
        assert sum(Decimal(each[name]) for name in ("opening", "churn", "contraction", "expansion")) == Decimal(
            each["kept"]
        )
    # Six days have a year of ledger before them and half a year after; what came is what the table says.
    tried = drawn["back_test"]["items"]
    months = [add_months(ravenstack.LAST_DAY, number) for number in range(-11, 1)]
    assert [each["opening"] for each in tried] == [str(day) for day in months[:6]]
    for each, *days in zip(tried, months[:6], months[6:], strict=True):
        was, after = (of_accounts(held_on(day)) for day in days)
        kept = sum(after.get(account, 0) for account in was)
        assert Decimal(each["came"]) == (Decimal(kept) / sum(was.values())).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    assert drawn["back_test"]["verdict"] == "cannot_tell"  # their windows overlap
    # Those that are open end after 24 months; of those with an end, the ones whose last day is this one.
    held = [row for row in ravenstack.table("subscriptions") if ravenstack.in_force(row, ravenstack.LAST_DAY)]
    ends = [
        months[-1] if row["end_date"] else add_months(ravenstack.day(row["start_date"]), 24)
        for row in held
        if int(row["arr_amount"])
    ]
    assert sum(each["contracts"] for each in found["calendar"]) == sum(end <= date(2025, 6, 30) for end in ends)
    assert book(*on, "--months", "6").stdout.count("outside") == sum(not each["is_inside"] for each in tried)
    assert book("retention", "forecast", "--by", "size").exit_code == 1
