"""Options of `pricing-engine quote` as the request the API takes, so that both are read by the same strict rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from pricing_engine.cli.change_flags import read_changes
from pricing_engine.cli.outcome import usage
from pricing_engine.cli.typed_options import QuoteFlags, TypedRequest
from pricing_engine.cli.typed_pairs import pair

_PERCENT: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)%")
_AMOUNT: Final = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,12})?) ?([A-Z]{3})")
_SIZES: Final = "write 5% off, 500.00USD off, or @38.00 for the net unit price to come to"
_WAIVER_FORM: Final = "write --waive TERM[=VALUE][:WHY], as in --waive notice:strategic or --waive uplift_cap=2%"


_PLAIN: Final[Mapping[str, str]] = {
    "account": "account_id",
    "contract": "contract_id",
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

_LISTS: Final[Mapping[str, str]] = {
    "/changes": "--add",
    "/discounts": "--discount",
    "/usage": "--usage",
    "/waivers": "--waive",
}


def read_flags(flags: QuoteFlags) -> TypedRequest:
    """The request the options make; values are checked later, by the rules of the API.

    Raises: CommandStopped for an option that cannot be taken apart.
    """
    request = TypedRequest({}, dict(_LISTS))
    for option, name in _PLAIN.items():
        value = getattr(flags, option)
        request.origins[f"/{name}"] = f"--{option.replace('_', '-')}{'' if value in (None, '') else f' {value}'}"
        if value not in (None, ""):
            request.data[name] = value
    changes = request.data["changes"] = read_changes(flags, request.origins)
    if any(change["op"] == "change_tier" for change in changes):
        del request.data["tier"]
    request.data["bundles"] = list(flags.bundle)
    request.origins.update({f"/bundles/{index}": f"--bundle {id_}" for index, id_ in enumerate(flags.bundle)})
    request.data["usage"] = dict(pair(text, "--usage", "METRIC=QUANTITY") for text in flags.usage)
    request.data["discounts"] = [_discount(text, flags, request) for text in flags.discount]
    request.origins.update({f"/discounts/{index}": f"--discount {text}" for index, text in enumerate(flags.discount)})
    if flags.waive:
        request.data["waivers"] = [_waiver(text, request) for text in flags.waive]
        request.origins.update({f"/waivers/{index}": f"--waive {text}" for index, text in enumerate(flags.waive)})
    return request


def _waiver(text: str, request: TypedRequest) -> dict[str, Any]:
    """A term to be waived, or to have another value: 2% as a fraction, 500.00USD as an amount, else as it is typed."""
    term, _, why = text.partition(":")
    what, equals, value = term.partition("=")
    if not what or (equals and not value):
        raise usage(f"{text!r} does not say what to waive", fix=_WAIVER_FORM, where="--waive")
    wanted = {"what": what, "why": why}
    if not equals:
        return wanted
    if percent := _PERCENT.fullmatch(value):
        value = f"{Decimal(percent[1]).scaleb(-2):f}"
    elif amount := _AMOUNT.fullmatch(value):
        _name_currency(amount[2], f"--waive {text}", request)
        value = amount[1]
    return wanted | {"to": value}


def _discount(text: str, flags: QuoteFlags, request: TypedRequest) -> dict[str, Any]:
    target, size = pair(text, "--discount", "TARGET=SIZE", fix=_SIZES)
    wanted: dict[str, Any] = {"target": target, "why": flags.why}
    if percent := _PERCENT.fullmatch(size):
        return wanted | {"percent": f"{Decimal(percent[1]).scaleb(-2):f}"}
    if amount := _AMOUNT.fullmatch(size):
        _name_currency(amount[2], f"--discount {text}", request)
        return wanted | {"amount": amount[1]}
    if size.startswith("@"):
        return wanted | {"unit_price": size[1:]}
    raise usage(f"{size!r} does not say how much", fix=_SIZES, where=f"--discount {text}")


def _name_currency(code: str, option: str, request: TypedRequest) -> None:
    """An amount's currency is the quote's: what differs from the account's is then refused like any other."""
    if request.data.setdefault("currency", code) != code:
        fix = f"write it in {request.data['currency']}"
        raise usage(f"the quote is in {request.data['currency']}, not in {code}", fix=fix, where=option)
    request.origins["/currency"] = option
