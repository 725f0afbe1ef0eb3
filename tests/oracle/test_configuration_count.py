"""The count of configurations equals listing every plan with every set of add-ons and keeping the valid ones."""

from dataclasses import dataclass
from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from pricing_engine.imports import import_pricing2yaml
from pricing_engine.rulebook.load import load_rulebook
from pricing_engine.rulechecks.configurations import count_configurations

PLANS = ("FREE", "PRO", "TOP")
NAMES = tuple(f"addOn{letter}" for letter in "ABCDEFG")


@dataclass(frozen=True)
class Rules:
    """What an add-on of a page says about others."""

    available_for: frozenset[str] | None
    depends_on: frozenset[str]
    excludes: frozenset[str]


def rules(name: str) -> st.SearchStrategy[Rules]:
    """Any rules of one add-on; few, so that most configurations stay possible, and needs without a circle."""
    others = st.frozensets(st.sampled_from([other for other in NAMES if other != name]), max_size=2)
    earlier = NAMES[: NAMES.index(name)]
    needed = st.frozensets(st.sampled_from(earlier), max_size=2) if earlier else st.just(frozenset[str]())
    return st.builds(Rules, st.none() | st.frozensets(st.sampled_from(PLANS)), needed, others)


def count_by_listing(add_ons: dict[str, Rules]) -> dict[str, int]:
    """The valid sets of add-ons of each plan, one by one."""
    counts = dict.fromkeys(PLANS, 0)
    for plan in PLANS:
        for chosen in chain.from_iterable(combinations(NAMES, size) for size in range(len(NAMES) + 1)):
            taken = frozenset(chosen)
            counts[plan] += all(
                (add_ons[name].available_for is None or plan in add_ons[name].available_for)
                and add_ons[name].depends_on <= taken
                and not add_ons[name].excludes & taken
                for name in taken
            )
    return counts


def page_of(add_ons: dict[str, Rules]) -> bytes:
    """A price page with these add-ons."""
    lines = ["saasName: Acme", "createdAt: 2025-01-01", "currency: USD", "plans:"]
    lines += [f"  {plan}: {{price: 1}}" for plan in PLANS]
    lines.append("addOns:")
    for name, said in add_ons.items():
        offered = "" if said.available_for is None else f", availableFor: {_names(said.available_for)}"
        lines.append(
            f"  {name}: {{price: 1{offered}, dependsOn: {_names(said.depends_on)}, excludes: {_names(said.excludes)}}}"
        )
    return "\n".join(lines).encode()


def _names(names: frozenset[str]) -> str:
    return f"[{', '.join(sorted(names))}]"


@given(st.fixed_dictionaries({name: rules(name) for name in NAMES}))
def test_the_count_equals_the_list(add_ons: dict[str, Rules]) -> None:
    files = import_pricing2yaml("acme.yml", page_of(add_ons)).files
    book = load_rulebook({name: text.encode() for name, text in files.items()}, currency_digits={"USD": 2})
    expected = count_by_listing(add_ons)
    assert count_configurations(book).by_tier == {plan.lower(): count for plan, count in expected.items()}
