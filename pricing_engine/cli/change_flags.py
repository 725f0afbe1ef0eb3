"""Options that ask for changes, as the `changes` of the request: one option for each op of the API."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from pricing_engine.cli.outcome import usage
from pricing_engine.cli.typed_options import QuoteFlags
from pricing_engine.cli.typed_pairs import pair, product_and_counts

Change = dict[str, Any]

ADD_FORM: Final = "write --add PRODUCT or --add PRODUCT:METRIC=QUANTITY[,METRIC=QUANTITY], as in --add crm:users=120"
TRUE_UP_FORM: Final = "write --true-up PRODUCT:METRIC=USED[,METRIC=USED]@DATE, as in --true-up crm:users=130@2026-05-01"

_OTHERS: Final = "--set, --remove, --tier, --renew, --extend, --cancel, --reinstate, --true-up or --trial"


def read_changes(flags: QuoteFlags, origins: dict[str, str]) -> list[Change]:
    """The changes that the options ask for; `origins` learns which option each came from.

    A tier is the one asked for beside other changes; alone it is a change of its own.
    Raises: CommandStopped for an option that cannot be taken apart, or when there is none.
    """
    found = [*_of_products(flags), *_of_contract(flags)]
    if not found and flags.tier:
        found = [(f"--tier {flags.tier}", {"op": "change_tier", "tier": flags.tier})]
    if not found:
        raise usage("there is nothing to quote", fix=f"{ADD_FORM}; or change a contract: {_OTHERS}", where="--add")
    origins.update({f"/changes/{index}": option for index, (option, _) in enumerate(found)})
    changes = [change for _, change in found]
    _amounts(flags.commit, "--commit", "commitments", changes, origins)
    _amounts(flags.price, "--price", "unit_prices", changes, origins)
    return changes


def _of_products(flags: QuoteFlags) -> Iterator[tuple[str, Change]]:
    """The changes of single products, each with its option."""
    for op, texts, to_do in (
        ("add", flags.add, "add"),
        ("set", flags.set, "set"),
        ("remove", flags.remove, "remove"),
        ("trial", flags.trial, "try"),
    ):
        for text in texts:
            form = ADD_FORM.replace("--add", f"--{op}")
            product, counts = product_and_counts(text, f"--{op}", form=form, to_do=to_do)
            yield f"--{op} {text}", {"op": op, "product": product, "quantities": counts}
    for text in flags.true_up:
        yield f"--true-up {text}", _true_up(text)


def _true_up(text: str) -> Change:
    used, _, since = text.rpartition("@")
    if not used or not since:
        raise usage(f"{text!r} does not say since when", fix=TRUE_UP_FORM, where="--true-up")
    product, counts = product_and_counts(used, "--true-up", form=TRUE_UP_FORM, to_do="true up")
    if not counts:
        raise usage(f"{text!r} does not say how much is used", fix=TRUE_UP_FORM, where="--true-up")
    return {"op": "true_up", "product": product, "used": counts, "since": since}


def _of_contract(flags: QuoteFlags) -> Iterator[tuple[str, Change]]:
    """The changes of the contract as a whole, each with its option."""
    if flags.renew:
        yield "--renew", {"op": "renew"}
    if flags.extend is not None:
        yield f"--extend {flags.extend}", {"op": "extend", "months": flags.extend}
    if flags.cancel:
        yield "--cancel", {"op": "cancel"}
    if flags.reinstate:
        yield "--reinstate", {"op": "reinstate"}


def _amounts(texts: Sequence[str], option: str, name: str, changes: Sequence[Change], origins: dict[str, str]) -> None:
    """Adds PRODUCT.CHARGE=AMOUNT options to the changes that add or set their products."""
    form = "PRODUCT.CHARGE=AMOUNT"
    for text in texts:
        place, amount = pair(text, option, form)
        product, _, charge = place.partition(".")
        had = (index for index, change in enumerate(changes) if change["op"] in {"add", "set"})
        index = next((index for index in had if changes[index]["product"] == product), None)
        if index is None or not charge:
            raise usage(
                f"{text!r} is about no product that is added or set", fix=f"write {option} {form}", where=option
            )
        changes[index].setdefault(name, {})[charge] = amount
        origins[f"/changes/{index}/{name}/{charge}"] = f"{option} {text}"
