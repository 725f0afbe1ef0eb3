"""`rules-5mb`: loading and checking a large rule repository; `expressions`: compiling and testing one condition."""

from __future__ import annotations

from time import perf_counter, process_time

import yaml

from benchmarks.catalogue import DIGITS, rule_files
from benchmarks.in_process import MICROSECONDS
from benchmarks.readings import Effort, Reading
from benchmarks.stopwatch import race
from pricing_engine.expressions import Kind, Name, Scope, compile_expression
from pricing_engine.rulebook.load import load_rulebook

CONDITION = 'segment in ["smb", "mid_market"] and users >= 50 and term_months > 12'
_NAMES = {
    "segment": Name("segment", Kind.ENUM, values=("smb", "mid_market", "enterprise")),
    "users": Name("users", Kind.COUNT),
    "term_months": Name("term_months", Kind.MONTHS),
}
_FACTS = {"segment": "mid_market", "users": 120, "term_months": 18}


def rules_of_five_megabytes(effort: Effort) -> list[Reading]:
    """The reading of loading: read, checked and compiled, beside libyaml making plain data of the same bytes."""
    products, entries = (30, 2) if effort.is_short else (3_100, 9)
    files = rule_files(products, entries=entries)
    size = sum(map(len, files.values()))
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    begun, busy = perf_counter(), process_time()
    rulebook = load_rulebook(files, currency_digits=DIGITS)
    engine, engine_wall = process_time() - busy, perf_counter() - begun
    assert len(rulebook.products) == products + 1, "every module and the platform"
    busy = process_time()
    read = [yaml.load(content, Loader=loader) for content in files.values()]
    floor = process_time() - busy
    assert len(read) == len(files)
    more = {"megabytes": size / 1e6, "files": float(len(files)), "engine_usual_s": engine_wall}
    return [Reading(f"rules-{size / 1e6:.1f}mb load and check", "s", engine, floor, more=more)]


def expressions(effort: Effort) -> list[Reading]:
    """Readings of one condition: tested, beside the same in Python; and compiled, beside Python's own compiler."""
    scope = Scope(names=_NAMES, metrics=frozenset({"users"}))
    condition = compile_expression(CONDITION, scope, expect=Kind.YES_NO)
    assert condition.evaluate(_FACTS) is True
    python = eval(f"lambda segment, users, term_months: {CONDITION}")  # the floor is what it is: unchecked code
    tested = race({"engine": lambda: condition.evaluate(_FACTS), "floor": lambda: python(**_FACTS)}, effort)
    compiled = race(
        {
            "engine": lambda: compile_expression(CONDITION, scope, expect=Kind.YES_NO),
            "floor": lambda: compile(CONDITION, "rule", "eval"),
        },
        effort,
    )
    return [
        Reading(f"expression {what}", "µs", laps["engine"].best * MICROSECONDS, laps["floor"].best * MICROSECONDS)
        for what, laps in (("tested", tested), ("compiled", compiled))
    ]
