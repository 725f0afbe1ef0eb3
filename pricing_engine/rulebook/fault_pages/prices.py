"""The pages of E3xx and W3xx: prices with holes, prices of nothing, prices that fall, and exchange rates."""

from collections.abc import Mapping

from pricing_engine.errors import CodePage

PRICE_CODES: Mapping[str, CodePage] = {
    "E301": CodePage(
        "bands that do not rise",
        "Each band starts where the one before ends; one that ends lower overlaps it or holds nothing.",
        "bands: [{up_to: 100, …}, {up_to: 50, …}, {…}]",
        "bands: [{up_to: 50, …}, {up_to: 100, …}, {…}]",
    ),
    "E302": CodePage(
        "a band that is open or closed in the wrong place",
        "The last band is open, so that every quantity has a price; the others end. Only a stairstep may be closed.",
        'bands: [{up_to: 100, unit_price: "20.00"}]',
        'bands: [{up_to: 100, unit_price: "20.00"}, {unit_price: "17.00"}]',
    ),
    "E303": CodePage(
        "a band or percentage without a price",
        "A missing price is never 0: a free band says so.",
        "bands: [{up_to: 5}, {…}]",
        'bands: [{up_to: 5, unit_price: "0"}, {…}]',
    ),
    "E304": CodePage(
        "two entries in force on one day",
        "Which one counts would depend on their order in the file.",
        "- {from: 2026-01-01, until: 2027-01-01, …}\n- {from: 2026-07-01, …}",
        "- {from: 2026-01-01, …}\n- {from: 2026-07-01, …}",
    ),
    "E305": CodePage(
        "days without a price between two entries",
        "A quote effective on such a day could not be priced.",
        "- {from: 2026-01-01, until: 2026-06-01, …}\n- {from: 2026-07-01, …}",
        "- {from: 2026-01-01, …}\n- {from: 2026-07-01, …}",
    ),
    "E306": CodePage(
        "a charge without a price in some price book",
        "A quote in that currency or market would fail. A price that is made per deal is an entry too: on_request.",
        "prices without analytics.seats",
        "analytics.seats: [{from: 2026-01-01, on_request: true, why: priced per deal}]",
    ),
    "E307": CodePage(
        "a price of nothing",
        "The key names no product, tier or bundle with such a charge, so the price is never used.",
        "analytics.seat: […]",
        "analytics.seats: […]",
    ),
    "E308": CodePage(
        "a minimum above the maximum",
        "No amount satisfies both.",
        'minimum: "500.00"\nmaximum: "100.00"',
        'minimum: "100.00"\nmaximum: "500.00"',
    ),
    "W309": CodePage(
        "more costs less",
        "Customers buy the larger quantity and leave it unused, and the price list looks careless. The quantities are "
        "exact: just above this band's end the total falls.",
        'model: volume\nbands: [{up_to: 10, unit_price: "20.00"}, {unit_price: "15.00"}]',
        'model: graduated\nbands: [{up_to: 10, unit_price: "20.00"}, {unit_price: "15.00"}]',
    ),
    "E310": CodePage(
        "a charge model that does not fit the charge",
        "A percentage is of money, a price per unit is of a quantity: the charge says what is counted.",
        "premium-support.fee: [{model: per_unit, …}], where fee is percent_of other lines",
        'premium-support.fee: [{model: percentage, rate: "20%", …}]',
    ),
    "E311": CodePage(
        "two price books for one currency and market",
        "Which one counts would depend on the order of files.",
        "two books with currency: USD and no market",
        "the second with market: [CA]",
    ),
    "W313": CodePage(
        "a currency without a price book",
        "A quote in it would be refused.",
        "currencies: [USD, EUR, JPY], with price books in USD and EUR",
        "currencies: [USD, EUR]",
    ),
    "E314": CodePage(
        "a missing exchange rate",
        "Thresholds are in the reporting currency; every dated entry gives every currency, also what did not change.",
        '- {from: 2026-01-01, EUR: "1.08"}, with currencies: [USD, EUR, JPY]',
        '- {from: 2026-01-01, EUR: "1.08", JPY: "0.0067"}',
    ),
    "E315": CodePage(
        "exchange rates given twice for one day",
        "Which ones count would depend on their order.",
        '- {from: 2026-01-01, EUR: "1.08"}\n- {from: 2026-01-01, EUR: "1.09"}',
        '- {from: 2026-01-01, EUR: "1.08"}\n- {from: 2026-04-01, EUR: "1.09"}',
    ),
    "W316": CodePage(
        "a price that starts late",
        "Before its first day a quote for it is refused, although the price book sells everything else. That is right "
        "for a new product; a wrong year looks the same.",
        "analytics.seats: [{from: 2027-01-01, …}], where the others start on 2026-01-01",
        "analytics.seats: [{from: 2026-01-01, …}, {from: 2027-01-01, …}]",
    ),
    "W317": CodePage(
        "a price that ends",
        "From that day a quote for it is refused. That is right for what is no longer sold; an entry that only makes "
        "room for the next needs no until.",
        "analytics.seats: [{from: 2026-01-01, until: 2026-12-31, …}]",
        "analytics.seats: [{from: 2026-01-01, …}]",
    ),
    "W318": CodePage(
        "a price below the unit cost",
        "Every sale loses money, and a floor on the margin refuses every quote. Another currency is compared at the "
        "rate of the entry's first day.",
        'crm.seats at 5.00, with unit_cost: {seats: "8.00"}',
        'crm.seats at 50.00, with unit_cost: {seats: "8.00"}',
    ),
    "W319": CodePage(
        "one amount for any quantity",
        "The charge counts a metric, but a flat price is the same for one unit and for a thousand.",
        'crm.seats: [{model: flat, amount: "50.00", …}]',
        'crm.seats: [{model: per_unit, unit_price: "50.00", …}]',
    ),
    "E312": CodePage(
        "a market in which no account can be",
        "An account's market is a country's two capital letters; a book for any other word is never taken.",
        "market: [USA, ca]",
        "market: [US, CA]",
    ),
    "W320": CodePage(
        "a price that jumps",
        "From one dated entry to the next it becomes more than five times as much, or less than a fifth: rather a slip "
        "of the point than a price. Of bands the first is compared.",
        '- {from: 2026-01-01, unit_price: "50.00", …}\n- {from: 2027-01-01, unit_price: "5500", …}',
        '- {from: 2026-01-01, unit_price: "50.00", …}\n- {from: 2027-01-01, unit_price: "55.00", …}',
    ),
    "W321": CodePage(
        "an exchange rate that jumps",
        "It more than doubles, or falls to less than half, between two dates; every threshold would move with it.",
        '- {from: 2026-01-01, EUR: "1.08"}\n- {from: 2026-07-01, EUR: "10.9"}',
        '- {from: 2026-01-01, EUR: "1.08"}\n- {from: 2026-07-01, EUR: "1.09"}',
    ),
    "W322": CodePage(
        "a higher tier that costs less",
        "Everybody would take the higher one. Compared where every recurring charge is flat.",
        "growth.platform_fee at 900.00 and enterprise.platform_fee at 290.00",
        "growth.platform_fee at 900.00 and enterprise.platform_fee at 2900.00",
    ),
    "W323": CodePage(
        "a bundle dearer than its parts",
        "Who asks for the bundle pays more than who does not. Compared where every recurring charge is flat.",
        "sso.fee at 150.00, audit-log.fee at 120.00, security-pack.price at 280.00",
        "sso.fee at 150.00, audit-log.fee at 120.00, security-pack.price at 220.00",
    ),
    "W324": CodePage(
        "exchange rates that start late",
        "Before their first day a quote in another currency is refused, although its price book has prices.",
        '- {from: 2026-07-01, EUR: "1.08"}, with prices in EUR from 2026-01-01',
        '- {from: 2026-01-01, EUR: "1.08"}',
    ),
}
