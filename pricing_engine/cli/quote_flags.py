"""Options of `pricing-engine quote` as the request the API takes, so that both are read by the same strict rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from pricing_engine.cli.outcome import usage

_PERCENT: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)%")
_AMOUNT: Final = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,12})?) ?([A-Z]{3})")
_SIZES: Final = "write 5% off, 500.00USD off, or @38.00 for the net unit price to come to"

ADD_FORM: Final = "write --add PRODUCT or --add PRODUCT:METRIC=QUANTITY[,METRIC=QUANTITY], as in --add crm:users=120"


@dataclass(frozen=True, slots=True)
class QuoteFlags:
    """The options as typed; None or empty is not given."""

    account: str | None = None
    add: Sequence[str] = ()
    commit: Sequence[str] = ()
    price: Sequence[str] = ()
    usage: Sequence[str] = ()
    discount: Sequence[str] = ()
    why: str = ""
    bundle: Sequence[str] = ()
    tier: str | None = None
    term: int | None = None
    effective: str | None = None
    as_of: str | None = None
    billing: str | None = None
    currency: str | None = None
    valid_until: str | None = None
    ref: str | None = None
    note: str = ""

    def given(self) -> tuple[str, ...]:
        """The options that say something about the request, as they are typed."""
        return tuple(f"--{name.replace('_', '-')}" for name in self.__slots__ if getattr(self, name))


@dataclass(frozen=True, slots=True)
class TypedRequest:
    """The request as JSON data, and which option each of its places came from."""

    data: dict[str, Any]
    origins: dict[str, str] = field(default_factory=dict)


_PLAIN: Final[Mapping[str, str]] = {
    "account": "account_id",
    "tier": "tier",
    "term": "term_months",
    "effective": "effective_date",
    "as_of": "as_of",
    "billing": "billing",
    "currency": "currency",
    "valid_until": "valid_until",
    "ref": "external_ref",
    "note": "note",
}


def read_flags(flags: QuoteFlags) -> TypedRequest:
    """The request the options make; values are checked later, by the rules of the API.

    Raises: CommandStopped for an option that cannot be taken apart.
    """
    request = TypedRequest({}, {"/changes": "--add", "/discounts": "--discount", "/usage": "--usage"})
    for option, name in _PLAIN.items():
        value = getattr(flags, option)
        request.origins[f"/{name}"] = f"--{option.replace('_', '-')}{'' if value in (None, '') else f' {value}'}"
        if value not in (None, ""):
            request.data[name] = value
    request.data["changes"] = _changes(flags, request.origins)
    request.data["bundles"] = list(flags.bundle)
    request.origins.update({f"/bundles/{index}": f"--bundle {id_}" for index, id_ in enumerate(flags.bundle)})
    request.data["usage"] = dict(_pair(text, "--usage", "METRIC=QUANTITY") for text in flags.usage)
    request.data["discounts"] = [_discount(text, flags, request) for text in flags.discount]
    request.origins.update({f"/discounts/{index}": f"--discount {text}" for index, text in enumerate(flags.discount)})
    return request


def _changes(flags: QuoteFlags, origins: dict[str, str]) -> list[dict[str, Any]]:
    if not flags.add:
        raise usage("there is nothing to quote", fix=ADD_FORM, where="--add")
    changes: list[dict[str, Any]] = []
    for index, text in enumerate(flags.add):
        product, _, rest = text.partition(":")
        pairs = [_pair(part, "--add", "PRODUCT:METRIC=QUANTITY", whole=text) for part in rest.split(",") if part]
        if not product or len(dict(pairs)) != len(pairs):
            raise usage(f"{text!r} does not say what to add", fix=ADD_FORM, where="--add")
        changes.append({"op": "add", "product": product, "quantities": dict(pairs)})
        origins[f"/changes/{index}"] = f"--add {text}"
    _amounts(flags.commit, "--commit", "commitments", changes, origins)
    _amounts(flags.price, "--price", "unit_prices", changes, origins)
    return changes


def _amounts(
    texts: Sequence[str], option: str, name: str, changes: Sequence[dict[str, Any]], origins: dict[str, str]
) -> None:
    """Adds PRODUCT.CHARGE=AMOUNT options to the changes of their products."""
    form = "PRODUCT.CHARGE=AMOUNT"
    for text in texts:
        place, amount = _pair(text, option, form)
        product, _, charge = place.partition(".")
        index = next((index for index, change in enumerate(changes) if change["product"] == product), None)
        if index is None or not charge:
            raise usage(f"{text!r} is about no product that is added", fix=f"write {option} {form}", where=option)
        changes[index].setdefault(name, {})[charge] = amount
        origins[f"/changes/{index}/{name}/{charge}"] = f"{option} {text}"


def _discount(text: str, flags: QuoteFlags, request: TypedRequest) -> dict[str, Any]:
    target, size = _pair(text, "--discount", "TARGET=SIZE", fix=_SIZES)
    wanted: dict[str, Any] = {"target": target, "why": flags.why}
    if percent := _PERCENT.fullmatch(size):
        return wanted | {"percent": f"{Decimal(percent[1]).scaleb(-2):f}"}
    if amount := _AMOUNT.fullmatch(size):
        _name_currency(amount[2], text, request)
        return wanted | {"amount": amount[1]}
    if size.startswith("@"):
        return wanted | {"unit_price": size[1:]}
    raise usage(f"{size!r} does not say how much", fix=_SIZES, where=f"--discount {text}")


def _name_currency(code: str, text: str, request: TypedRequest) -> None:
    """An amount's currency is the quote's: what differs from the account's is then refused like any other."""
    if request.data.setdefault("currency", code) != code:
        fix = f"write it in {request.data['currency']}"
        raise usage(f"the quote is in {request.data['currency']}, not in {code}", fix=fix, where=f"--discount {text}")
    request.origins["/currency"] = f"--discount {text}"


def _pair(text: str, option: str, form: str, *, whole: str = "", fix: str = "") -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals or not value:
        raise usage(
            f"{text!r} has no NAME=VALUE", fix=fix or f"write {option} {form}", where=f"{option} {whole or text}"
        )
    return name, value
