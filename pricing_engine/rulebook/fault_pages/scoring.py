"""The pages of E9xx and W9xx: scores that are not of 100, and guidance that says what it cannot mean."""

from collections.abc import Mapping

from pricing_engine.errors import CodePage

SCORING_CODES: Mapping[str, CodePage] = {
    "E901": CodePage(
        "weights that do not sum to 100",
        "A score is out of 100: with other weights a deal could not reach it, or would have to be called 100 before "
        "it has everything.",
        "factors: [{id: realisation, weight: 60, …}, {id: term, weight: 30, …}]",
        "factors: [{id: realisation, weight: 60, …}, {id: term, weight: 40, …}]",
    ),
    "E902": CodePage(
        "a factor that may leave 0 to 1",
        "A factor gives a share of its weight. What the declared ranges of its names do not prove to be 0 to 1 has to "
        "be held there, so that whoever reads it sees where it ends.",
        "value: 'term_months / 36'",
        "value: 'clamp(term_months / 36, 0, 1)'",
    ),
    "E903": CodePage(
        "a factor that is the same for every deal",
        "It moves all scores alike, and tells no deal from another.",
        "value: '1'",
        "value: 'clamp(term_months / 36, 0, 1)'",
    ),
    "E904": CodePage(
        "scores that are called nothing, or two things",
        "Every score has one band: the highest that begins at it or below, and the lowest begins at 0.",
        "bands: [{from: 75, name: strong}, {from: 50, name: fair}]",
        "bands: [{from: 75, name: strong}, {from: 50, name: fair}, {from: 0, name: weak}]",
    ),
    "W905": CodePage(
        "a factor that never gives its weight, or always more than a tenth of it",
        "Points that no deal gets, and points that each has, make scores harder to read than a smaller weight would.",
        "value: 'clamp(term_months / 120, 0, 1)', where terms end at 60 months",
        "value: 'clamp(term_months / 60, 0, 1)'",
    ),
    "W906": CodePage(
        "a band that no score falls into",
        "The factors never come to so much, or never to so little.",
        "bands: [{from: 100, name: perfect}, …], where a factor never gives its weight",
        "bands: [{from: 90, name: perfect}, …]",
    ),
    "E907": CodePage(
        "a stretch beyond its target",
        "Both are shares off list: stretch is the smaller discount that is tried first, target what to end at.",
        'target: "8%", stretch: "12%"',
        'target: "8%", stretch: "3%"',
    ),
    "E908": CodePage(
        "a target that policy does not allow",
        "Discounts end at max_total_discount and at the floor, whoever agrees; nobody should be told to aim beyond.",
        'target: "50%", with max_total_discount: "45%"',
        'target: "30%"',
    ),
    "E909": CodePage(
        "a row of guidance that never speaks",
        "The first row that applies to a line and whose condition holds speaks for it.",
        "rows: [{id: all, …}, {id: services, applies_to: {type: service}, …}]",
        "rows: [{id: services, applies_to: {type: service}, …}, {id: all, …}]",
    ),
    "E910": CodePage(
        "quantiles of peers that do not rise",
        "Of the comparable deals that were won, so many had at most this discount: fewest the stretch, most the floor.",
        'peers: {stretch: "50%", target: "50%", floor: "90%"}',
        'peers: {stretch: "25%", target: "50%", floor: "90%"}',
    ),
    "E911": CodePage(
        "peers by something that deals do not have",
        "Deals are told apart by family, product, list_per_year, term_months, market, and names of the vocabulary that "
        "are known before there is a price, each once. By what came out of it a deal would be compared with itself.",
        "by: [family, sgment]",
        "by: [family, segment]",
    ),
    "E912": CodePage(
        "ranges of peers that do not fit",
        "A number has bounds that rise, and deals lie between two of them; a word has none.",
        "by: [family, list_per_year]",
        'by: [family, {fact: list_per_year, bounds: ["5000", "25000"]}]',
    ),
    "E913": CodePage(
        "a trial without bounds",
        "What is tried out moves the target of some quotes by lot, by at most 10% of list: enough to learn from, and "
        "nothing that a customer would call another price.",
        'explore: {share: "20%", within: "30%"}',
        'explore: {share: "20%", within: "2%"}',
    ),
    "E914": CodePage(
        "a name that is not always known",
        "Margin, realisation, what is retained and the chance to win are known for some quotes only. A name that is "
        "optional makes every factor say what it does then: `either(name, default)`.",
        "margin: {type: ratio, from: quote.margin}",
        "margin: {type: ratio, from: quote.margin, optional: true}",
    ),
}
