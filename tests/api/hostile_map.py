"""The route table of shared/hostile/api.json: for every case what it means for us, and what must come of it.

The list uses generic names. `our_request` turns a case into a request of ours: `lines` are `changes`, `sku` is
`product` (its "growth" is our "crm"), `qty` is `quantities.users`, a percentage is a fraction in `discounts`, and
whatever else a quote needs is filled in, so that nothing but the hostile part can be refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ours:
    """A request of ours: the statuses it may have, the field it must name, the code it must carry."""

    status: int
    pointer: str | tuple[str, ...] | None = None
    code: str | None = None
    writes: bool = False


@dataclass(frozen=True, slots=True)
class OverTheWire:
    """Ours, but below HTTP: a test of test_over_the_wire.py sends it to a real server."""

    test: str


@dataclass(frozen=True, slots=True)
class Played:
    """Ours, but no single request: the named test plays it."""

    test: str


@dataclass(frozen=True, slots=True)
class InRules:
    """No route evaluates an expression: it is sent as a condition in a rule file; the fault says `says`."""

    says: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """Needs what a later issue builds."""

    needs: str


@dataclass(frozen=True, slots=True)
class NotOurs:
    """There is no such thing here, for a reason."""

    why: str


Meaning = Ours | InRules | OverTheWire | Played | Later | NotOurs

QUANTITY = "/changes/0/quantities/users"
BAD_QUANTITY = Ours(422, QUANTITY, "invalid-request")
BAD_DATE = Ours(422, "/effective_date", "invalid-request")
MALFORMED = Ours(400, None, "malformed-json")
MEDIA_TYPE = Ours(415, None, "unsupported-media-type")
NOT_RULES = Ours(422, None, "rulebook-refused")
LOGIN = Later("login: API keys, JWT and tenants of the credential")
LIFE = Later("issue 4: the life of a quote (approve, accept, change, Idempotency-Key, If-Match)")
WEBHOOKS = Later("webhooks and events")
DOCUMENTS = Later("documents and the UI")
NO_EVALUATION = NotOurs("no route evaluates an expression; that 1.1 is exact is a claim of tests/unit/expressions")

MAP: Mapping[str, Meaning] = {
    "num/negative-qty": BAD_QUANTITY,
    "num/zero-qty": BAD_QUANTITY,
    "num/negative-zero": BAD_QUANTITY,
    "num/json-NaN": MALFORMED,
    "num/json-Infinity": MALFORMED,
    "num/json-1e400": BAD_QUANTITY,
    "num/string-NaN": BAD_QUANTITY,
    "num/string-sNaN": BAD_QUANTITY,
    "num/string-Infinity": BAD_QUANTITY,
    "num/json-float": BAD_QUANTITY,
    "num/too-many-decimals": BAD_QUANTITY,
    "num/19-digit-integer": BAD_QUANTITY,
    "num/5000-digit-integer": MALFORMED,
    "num/exponent-string": BAD_QUANTITY,
    "num/underscore-string": BAD_QUANTITY,
    "num/fullwidth-digit": BAD_QUANTITY,
    "num/padded-string": BAD_QUANTITY,
    "num/newline-string": BAD_QUANTITY,
    "num/boolean": BAD_QUANTITY,
    "num/null": BAD_QUANTITY,
    "num/array": BAD_QUANTITY,
    "num/object": BAD_QUANTITY,
    "num/hex": MALFORMED,
    "num/discount-101-percent": Ours(422, "/discounts/0/percent", "invalid-request"),
    "num/negative-discount": Ours(422, "/discounts/0/percent", "invalid-request"),
    "num/huge-valid-total": Ours(201, writes=True),
    "num/rounding-half": Played("test_a_total_is_the_sum_of_lines_rounded_half_up"),
    "cur/account-vs-quote": Ours(422, "/currency", "currency-mismatch"),
    "cur/lowercase": Ours(422, "/currency", "invalid-request"),
    "cur/XXX-no-currency": Ours(422, "/currency", "currency-mismatch"),
    "cur/KWD-three-decimals": Played("test_dinars_have_three_decimals"),
    "cur/symbol-as-code": Ours(422, "/currency", "invalid-request"),
    "date/29-feb-non-leap": BAD_DATE,
    "date/29-feb-leap-annual-renewal": Later("issue 3: renewals"),
    "date/31-jan-plus-1-month": Played("test_a_month_from_the_31st_ends_with_february"),
    "date/end-before-start": Ours(422, "/end", "invalid-request"),
    "date/year-9999": BAD_DATE,
    "date/year-0001": BAD_DATE,
    "date/1200-month-term": Ours(422, "/term_months", "invalid-request"),
    "date/leap-second": BAD_DATE,
    "date/dst-gap": Ours(422, ("/effective_date", "/changes/0/tz"), "invalid-request"),
    "date/bad-tz-path": Ours(422, "/changes/0/tz", "invalid-request"),
    "date/backdated-into-closed-period": Ours(422, None, "price-missing"),
    "json/duplicate-key": MALFORMED,
    "json/empty-lines": Ours(422, "/changes", "invalid-request"),
    "json/duplicate-lines": Ours(422, "/changes/1/product", "duplicate-product"),
    "json/50k-lines": Ours(413, None, "body-too-large"),
    "json/501-lines": Ours(422, "/changes", "invalid-request"),
    "json/deep-nesting-10000": MALFORMED,
    "json/deep-nesting-500-in-metadata": MALFORMED,
    "json/slow-body": Played("test_a_body_that_trickles_in_is_given_up"),
    "json/understated-content-length": OverTheWire("test_an_understated_content_length_smuggles_nothing"),
    "json/both-CL-and-TE": OverTheWire("test_two_ways_to_say_how_long_the_body_is_are_refused"),
    "json/top-level-array": Ours(422, "", "invalid-request"),
    "json/bom": MALFORMED,
    "json/utf16-claimed": MEDIA_TYPE,
    "json/invalid-utf8": MALFORMED,
    "ct/text-plain": MEDIA_TYPE,
    "ct/form-urlencoded": MEDIA_TYPE,
    "ct/xml-xxe": MEDIA_TYPE,
    "txt/html-script": Ours(201, writes=True),
    "txt/jinja-ssti": Ours(201, writes=True),
    "txt/csv-formula": Ours(201, writes=True),
    "txt/csv-formula-at": Ours(201, writes=True),
    "txt/sql-injection": Ours(200),
    "txt/like-wildcards": Ours(200),
    "txt/control-chars": Ours(422, "/name", "invalid-request"),
    "txt/log-injection-newline": Ours(422, "/name", "invalid-request"),
    "txt/rtl-override": Ours(422, "/name", "invalid-request"),
    "txt/homoglyph-sku": Ours(422, "/changes/0/product", "invalid-request"),
    "txt/nfc-vs-nfd-duplicate": Played("test_two_spellings_of_one_external_id_are_one"),
    "txt/emoji-zwj-200": Ours(422, "/name", "invalid-request"),
    "txt/case-collision-rule-name": Ours(422, "/files", "invalid-request"),
    "txt/regex-dos": Ours(422, "/email", "invalid-request"),
    "authz/cross-tenant-get": Played("test_another_tenants_records_are_not_there"),
    "authz/cross-tenant-accept": LIFE,
    "authz/cross-tenant-account-in-body": Played("test_another_tenants_records_are_not_there"),
    "authz/tenant-header-override": Played("test_no_header_chooses_the_tenant"),
    "authz/duplicate-external-id-other-tenant": Played("test_another_tenants_external_id_is_free"),
    "authz/mass-assign-status": LIFE,
    "authz/mass-assign-approved-by": Ours(422, ("/approved_by", "/approved_at"), "invalid-request"),
    "authz/mass-assign-price": Ours(
        422, ("/changes/0/net_price", "/changes/0/list_price", "/changes/0/cost"), "invalid-request"
    ),
    "authz/self-approval": LIFE,
    "authz/approve-lower-role": LIFE,
    "authz/approve-stale-version": LIFE,
    "authz/split-deal-under-threshold": LIFE,
    "authz/read-only-key-write": LOGIN,
    "authz/revoked-key": LOGIN,
    "authz/no-credential": LOGIN,
    "authz/jwt-hs256-with-public-key": LOGIN,
    "authz/jwt-unknown-crit": LOGIN,
    "authz/jwt-wrong-aud": LOGIN,
    "authz/jwt-kid-traversal": LOGIN,
    "authz/share-link-guess": Ours(404, None, "not-found"),
    "authz/share-link-after-expiry": DOCUMENTS,
    "authz/docs-in-production": Played("test_production_shows_the_document_and_no_console"),
    "conc/accept-vs-edit": LIFE,
    "conc/accept-vs-rule-publish": LIFE,
    "conc/kill-9-during-accept": LIFE,
    "idem/replay-same-body": LIFE,
    "idem/replay-reordered-json": LIFE,
    "idem/replay-different-path": LIFE,
    "idem/after-crash": LIFE,
    "idem/key-unicode-or-control": Ours(400, None, "malformed-header"),
    "pre/stale-if-match": LIFE,
    "pre/missing-if-match": LIFE,
    "pre/if-match-star": LIFE,
    "pre/weak-etag": LIFE,
    "pre/accept-twice": LIFE,
    "pre/accept-expired": LIFE,
    "pre/accept-unapproved": LIFE,
    "pre/edit-after-accept": LIFE,
    "hdr/crlf-in-header": OverTheWire("test_a_line_break_in_a_header_writes_no_header"),
    "hdr/crlf-in-filename": Ours(404, None, "not-found"),
    "hdr/method-override": Ours(405, None, "method-not-allowed"),
    "hdr/64kB-header": OverTheWire("test_a_header_of_64_kilobytes_is_refused"),
    "hdr/1000-query-params": Ours(422, None, "invalid-request"),
    "hdr/range-flood-on-static": NotOurs("no static files are served"),
    "csrf/ui-post-without-token": DOCUMENTS,
    "ssrf/webhook-metadata-ip": WEBHOOKS,
    "ssrf/webhook-dns-rebind": WEBHOOKS,
    "ssrf/webhook-file-scheme": WEBHOOKS,
    "ssrf/webhook-credentials-in-url": WEBHOOKS,
    "ssrf/logo-url": NotOurs("there is no branding and nothing fetches a URL"),
    "wh/endpoint-hangs": WEBHOOKS,
    "wh/replayed-inbound": WEBHOOKS,
    "path/rule-zip-slip-or-symlink": Played("test_names_of_rule_files_cannot_leave_the_repository"),
    "path/double-encoded-id": Ours(404, None, "not-found"),
    "path/uuid-variants": Played("test_ids_are_compared_byte_by_byte"),
    "page/limit-1e9": Ours(422, None, "invalid-request"),
    "rate/burst-1000": Later("rate limits come with login: there is nobody to count yet"),
    "yaml/alias-bomb": NOT_RULES,
    "yaml/python-tag": NOT_RULES,
    "yaml/duplicate-key": NOT_RULES,
    "yaml/impossible-date": NOT_RULES,
    "yaml/deep-flow": NOT_RULES,
    "yaml/5MB-file": Ours(413, None, "body-too-large"),
    "yaml/merge-key-hides-floor": NOT_RULES,
    "expr/attribute": InRules(),
    "expr/import": InRules(),
    "expr/power-bomb": InRules(),
    "expr/printf-pad-bomb": InRules(),
    "expr/fstring": InRules(),
    "expr/float-literal": NO_EVALUATION,
    "expr/divide-by-zero": InRules(),
    "expr/deep-parens": InRules(),
    "expr/long-sum": InRules(),
    "expr/string-plus-number": InRules(),
    "expr/unknown-name": InRules("qty"),
    "expr/comprehension": InRules(),
    "expr/lambda": InRules(),
}
