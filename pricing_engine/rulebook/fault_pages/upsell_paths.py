"""The pages of E7xx and W7xx: upsell paths that lead down, in a circle or to nothing that can be bought."""

from collections.abc import Mapping

from pricing_engine.errors import CodePage

PATH_CODES: Mapping[str, CodePage] = {
    "E701": CodePage(
        "an upsell path that does not lead up",
        "An account would be offered a lower tier than it has, or what it has already.",
        "from: {tier: enterprise}\noffer: {tier: growth}",
        "from: {tier: growth}\noffer: {tier: enterprise}",
    ),
    "E702": CodePage(
        "an upsell path that costs more for less",
        "By list, in one of the price books, the target costs at least as much as the source and holds less, or a "
        "bundle costs more than its parts: no rep should pick it up.",
        "from: {tier: growth}, which holds 500 users\noffer: {tier: enterprise}, which holds 50 and costs more",
        "limits that rise with the price",
    ),
    "E703": CodePage(
        "a condition that never holds where the path starts",
        "On the tier a path starts from nobody has more than its limits, so the path would never be offered.",
        "from: {tier: growth}, limits: {users: 500}\nwhen: 'users > 500'",
        "from: {tier: growth}\nwhen: 'users >= 450'",
    ),
    "W704": CodePage(
        "upsell paths in a circle",
        "Paths are a map of where accounts go; in a circle nobody can tell which way is up. Two products that lead to "
        "each other may be meant so.",
        "from: {product: crm}, offer: {product: analytics}\nfrom: {product: analytics}, offer: {product: crm}",
        "from: {product: crm}, offer: {product: analytics}",
    ),
    "E705": CodePage(
        "a placeholder that has no value",
        "A customer would read the braces. Known are the names a condition may use; `{storage_gb_used}`, "
        "`{storage_gb_limit}` and `{storage_gb_share}` for each metric; `{offer}`; `{more}` of a capacity, `{percent}` "
        "and `{months}` of an incentive, `{days}` of a trial.",
        'say: "At {storage_share} of your storage."',
        'say: "At {storage_gb_share} of your storage."',
    ),
    "E706": CodePage(
        "the same upsell path twice",
        "Both would be offered side by side, and which of the two sentences is shown would depend on their ids.",
        "two files with the same from, when, offer and trial",
        "one of them",
    ),
    "E707": CodePage(
        "a trial that no terms allow",
        "What may be tried, how long and how much of it, is part of the terms; a path only says when to suggest it.",
        "trial: {product: crm, days: 90}, and no terms with such a trial",
        "trial: {product: crm, days: 90}\nand in terms/standard.yaml trials: [{product: crm, days: 90}]",
    ),
    "E708": CodePage(
        "an offer that cannot be bought like this",
        "A product is sold by its own metrics, in their steps; where several are sold by one, the path says which.",
        "offer: {capacity: {metric: storage_gb, more: 150}}, where storage is sold by the hundred",
        "offer: {capacity: {metric: storage_gb, more: 200}}",
    ),
}
