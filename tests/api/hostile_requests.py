"""Turns a case of shared/hostile/api.json, whose names are generic, into a request of ours."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from tests.api.conftest import Caller
from tests.api.rule_files import TEXTS

Json = dict[str, Any]

OUR_PATHS = {"/v1/rules/validate": "/v1/rulebooks/check"}
FOR_ACCOUNTS = frozenset({"name"})
"""A body of such fields alone is about an account, the one thing here that has a name."""


@dataclass(frozen=True)
class Sent:
    """What is sent to the app."""

    method: str
    path: str
    content: bytes | None
    headers: Mapping[str, str | bytes] = field(default_factory=dict)


def our_request(case: Json, caller: Caller) -> Sent:
    """The case as a request of ours."""
    given = case["body_or_header"] or {}
    path = our_path(case["path_hint"], given, caller)
    headers: dict[str, str | bytes] = {
        name: value.encode("latin-1") for name, value in given.get("headers", {}).items() if name != "authorization"
    }
    content = our_content(given, caller)
    if content is not None and "content-type" not in headers:
        headers["content-type"] = "application/json"
    if content is not None and _is_about_an_account(content):
        path = "/v1/accounts"
        content = json.dumps(json.loads(content) | {"currency": "USD"}).encode()
    return Sent(case["method"], path, content, headers)


def our_path(path: str, given: Json, caller: Caller) -> str:
    """Our path for a generic one; `?q=` is our `external_ref`, the one text a list is searched by."""
    path = OUR_PATHS.get(path, path).replace("{id}", "quo_1").replace("?q=", "?external_ref=")
    if "1000 distinct parameters" in given.get("generate_query", ""):
        path += "?" + "&".join(f"p{number}={number}" for number in range(1_000))
    return path.format_map(_placeholders(caller))


def our_content(given: Json, caller: Caller) -> bytes | None:
    """The bytes of our body; None when the case has none."""
    places = _placeholders(caller)
    if "json" in given:
        return json.dumps(our_body(given["json"], caller)).encode()
    if "raw" in given:
        return _our_text(_fill(given["raw"], places), caller).encode()
    if "generate" in given:
        # The limit that the list supposes is 500 lines; ours is 5,000 changes.
        body = eval(given["generate"].replace("*501", "*5001"))
        return json.dumps(our_body(body, caller)).encode()
    if "generate_raw" in given:
        return str(eval(given["generate_raw"])).replace('"lines"', '"changes"').encode()
    if "generate_bytes" in given:
        return bytes(eval(given["generate_bytes"]))
    return b"{}" if "idempotency-key" in given.get("headers", {}) else None


def our_body(body: Any, caller: Caller) -> Any:
    """The JSON body with our names; what has no name here stays, to be refused as unknown."""
    if not isinstance(body, dict) or "files" in body or set(body) <= FOR_ACCOUNTS:
        return body
    if "lines" not in body:
        return caller.ask() | body
    body = _fill(body, _placeholders(caller))
    whole = {"effective_date": "2026-07-01"} | {name: value for name, value in body.items() if name != "lines"}
    whole["changes"] = [_our_line(line, whole) for line in body["lines"]]
    return whole


def rule_files_with(condition: str) -> Json:
    """Rule files in which a discount has this condition, over the names that the list's expressions use."""
    names = (
        "  qty: {type: count, from: metric.users, meaning: seats}\n"
        "  region: {type: text, from: account.region, optional: true, meaning: where}\n"
    )
    quoted = condition.replace("'", "''")
    discount = (
        'kind: discount_policy\nid: hostile\ngroup: portfolio\npercent: "5%"\nwhy: a test\n'
        f"applies_to: {{type: [module]}}\nwhen: '{quoted}'\n"
    )
    return {"files": {**TEXTS, "vocabulary.yaml": TEXTS["vocabulary.yaml"] + names, "discounts/hostile.yaml": discount}}


def _our_line(line: Json, whole: Json) -> Json:
    """The change; a line's dates are the quote's, and its discount is a discount of its own."""
    kept = dict(line)
    change: Json = {"op": "add", "product": _our_product(kept.pop("sku", "growth"))}
    change["quantities"] = {"users": kept.pop("qty", "10")}
    for theirs, ours in {
        "start": "effective_date",
        "effective_at": "effective_date",
        "term_months": "term_months",
    }.items():
        if theirs in kept:
            whole[ours] = kept.pop(theirs)
    if "end" in kept:
        whole["end"] = kept.pop("end")
    if "discount_pct" in kept:
        whole["discounts"] = [{"target": change["product"], "percent": _as_fraction(kept.pop("discount_pct"))}]
    return change | kept


def _our_product(sku: str) -> str:
    return "crm" if sku == "growth" else sku


def _as_fraction(percentage: str) -> str:
    try:
        return f"{Decimal(percentage) / 100:f}"
    except InvalidOperation:
        return percentage


def _our_text(raw: str, caller: Caller) -> str:
    """The same for a body that is no JSON and can only be rewritten as text."""
    text = re.sub(r'"qty":([^,}\]]+)', r'"quantities":{"users":\1}', raw)
    text = text.replace('"lines"', '"changes"').replace('"sku":"growth"', '"op":"add","product":"crm"')
    return text.replace('"currency"', '"effective_date":"2026-07-01","currency"')


def _placeholders(caller: Caller) -> Mapping[str, str]:
    return {"acct": caller.account(), "acct_eur": caller.account("EUR"), "acct_kwd": caller.account("KWD")}


def _fill(value: Any, places: Mapping[str, str]) -> Any:
    match value:
        case str():
            for name, place in places.items():
                value = value.replace("{" + name + "}", place)
            return value
        case list():
            return [_fill(item, places) for item in value]
        case dict():
            return {name: _fill(item, places) for name, item in value.items()}
        case _:
            return value


def _is_about_an_account(content: bytes) -> bool:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(body, dict) and bool(body) and set(body) <= FOR_ACCOUNTS
