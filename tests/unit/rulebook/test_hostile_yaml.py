"""Every hostile YAML file is refused for its own reason, and its benign twin passes."""

import json
from decimal import Decimal
from typing import Any

import pytest

from pricing_engine.rulebook.faults import Severity
from pricing_engine.rulebook.yaml_reader import read_yaml
from tests.shared import shared_path

# The code each hostile case is refused with; a case this table does not know fails.
REFUSED = {
    "billion laughs": "Y010",
    "recursive list": "Y010",
    "anchor without alias": "Y010",
    "merge with alias": "Y012",
    "python name tag": "Y011",
    "python module tag": "Y011",
    "type coercion tag": "Y011",
    "float tag": "Y011",
    "binary tag": "Y011",
    "set tag": "Y011",
    "timestamp tag": "Y011",
    "duplicate key": "Y020",
    "duplicate key quoted": "Y020",
    "duplicate key across flow": "Y020",
    "Norway": "Y030",
    "yes/on/off": "Y030",
    "y / n": "Y030",
    "True capital": "Y030",
    "TRUE": "Y030",
    "null tilde": "Y030",
    "Null word": "Y030",
    "empty item": "Y022",
    "empty document": "Y007",
    "octal 1.1": "Y030",
    "octal 0o": "Y030",
    "binary int": "Y030",
    "sexagesimal price": "Y030",
    "infinity": "Y030",
    "negative infinity": "Y030",
    "NaN": "Y030",
    "many decimals": "Y032",
    "huge int": "Y032",
    "leading plus": "Y030",
    "bare fraction": "Y030",
    "trailing dot": "Y030",
    "leading zero decimal": "Y030",
    "colon in plain text": "Y024",
    "integer key": "Y021",
    "float key": "Y021",
    "boolean key": "Y021",
    "empty key": "Y021",
    "deep nesting": "Y004",
    "very deep nesting": "Y004",
    "huge file": "Y001",
    "UTF-16": "Y002",
    "non-breaking space": "Y031",
    "expression starting with quote": "Y025",
    "expression starting with star": "Y013",
    "expression with colon blank": "Y024",
}
# What else a refused case rightly says; everything not here has its one code only.
ALSO = {
    "billion laughs": {"Y013"},
    "recursive list": {"Y006", "Y013"},
    "merge with alias": {"Y010", "Y013"},
    "python name tag": {"Y022"},
    "set tag": {"Y022"},
}
READ: dict[str, dict[str, Any]] = {
    "thousands comma": {"price": "1,000"},
    "continental": {"price": "1.000,50"},
    "float precision": {"price": Decimal("0.1")},
    "hash in text": {"title": "Tier"},
    "homoglyph key": {"fl\u043eor": Decimal("0.1")},
    "windows line ends": {"a": Decimal(1), "b": Decimal(2)},
    "literal text with break": {"when": "users > 5\nand prepaid\n"},
    "number where text": {"id": Decimal(123)},
    "text that looks like expression tag": {"when": "users > 5"},
    "percent": {"max": "15%"},
    "flow trailing comma": {"a": [Decimal(1), Decimal(2)]},
}
WARNED = {"hash in text", "text that looks like expression tag"}

# The cases that the list only shows the beginning of, built whole.
BUILT = {
    "huge int": b"users: " + b"9" * 5000 + b"\n",
    "very deep nesting": b"a: " + b"{a: " * 5000 + b"1" + b"}" * 5000 + b"\n",
    "huge file": b"a:\n" + b"  - 1\n" * 3_000_000,
}


def _cases() -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads(shared_path("hostile", "yaml.json").read_text(encoding="utf-8"))
    return cases


def _content(case: dict[str, Any]) -> bytes:
    if case["name"] == "UTF-16":
        return str(case["yaml"]).encode("latin-1")
    return BUILT.get(case["name"]) or str(case["yaml"]).encode()


def test_every_listed_case_behaves_as_the_list_expects() -> None:
    cases = _cases()
    assert {case["name"] for case in cases} == REFUSED.keys() | READ.keys()
    for case in cases:
        name = case["name"]
        assert ("yaml_len" in case) == (name in BUILT), name
        document, faults = read_yaml("hostile.yaml", _content(case))
        errors = {fault.code for fault in faults if fault.severity is Severity.ERROR}
        warnings = {fault.code for fault in faults if fault.severity is Severity.WARNING}
        assert case["expect"].startswith("refuse") == (name in REFUSED), name
        assert warnings == ({"Y040"} if name in WARNED else set()), name
        if name in REFUSED:
            assert document is None, name
            assert errors == {REFUSED[name]} | ALSO.get(name, set()), name
        else:
            assert document is not None, name
            assert document.data == READ[name], name
            assert errors == set(), name


# Beside each group a neighbour that is refused for the same reason, and a benign twin that passes.
NEIGHBOURS = [
    ("anchor on a key", "&k floor: 0.4\n", "Y010"),
    ("anchor and tag", "floor: &f !!float 0.4\n", "Y010"),
    ("anchor on a list", "market: &m [US]\n", "Y010"),
    ("anchor on a block mapping", "limits: &l\n  users: 5\n", "Y010"),
    ("alias in a list", "a: [*b]\n", "Y013"),
    ("alias as a key", "*a : 1\n", "Y013"),
    ("merge key without alias", "a:\n  <<: {b: 1}\n", "Y012"),
    ("merge of a list", "a: {<<: [{b: 1}]}\n", "Y012"),
    ("bare exclamation mark", 'a: ! "5"\n', "Y011"),
    ("own tag", "a: !env HOME\n", "Y011"),
    ("verbatim tag", "a: !<tag:yaml.org,2002:str> 5\n", "Y011"),
    ("tag with unknown handle", "a: !e!x 5\n", "Y011"),
    ("tag on a key", "!!str a: 5\n", "Y011"),
    ("tag on a list", "a: !!omap [b: 1]\n", "Y011"),
    ("object tag", "!!python/object/apply:os.system [id]\n", "Y011"),
    ("YAML directive", "%YAML 1.1\n---\na: 1\n", "Y009"),
    ("TAG directive", "%TAG ! tag:example.com,2026:\n---\na: 1\n", "Y009"),
    ("unknown directive", "%FOO bar\n---\na: 1\n", "Y009"),
    ("future directive", "%YAML 3.0\n---\na: 1\n", "Y009"),
    ("second document", "a: 1\n---\nb: 2\n", "Y005"),
    ("second document after an end", "a: 1\n...\n---\nb: 2\n", "Y005"),
    ("second document that is empty", "a: 1\n---\n", "Y005"),
    ("duplicate in a nested mapping", "a: {b: 1, c: 2, b: 3}\n", "Y020"),
    ("duplicate in single quotes", "'a': 1\na: 2\n", "Y020"),
    ("duplicate by escape", '"\\x61": 1\na: 2\n', "Y020"),
    ("duplicate explicit key", "? a\n: 1\na: 2\n", "Y020"),
    ("list as key", "? [a, b]\n: 1\n", "Y023"),
    ("flow list as key", "{[a]: 1}\n", "Y023"),
    ("mapping as key", "? {a: 1}\n: 1\n", "Y023"),
    ("null key", "null: 1\n", "Y021"),
    ("tilde key", "~: 1\n", "Y021"),
    ("yes key", "yes: 1\n", "Y021"),
    ("on key", "on: push\n", "Y021"),
    ("octal key", "010: 1\n", "Y021"),
    ("negative key", "-1: a\n", "Y021"),
    ("quoted empty key", '"": 1\n', "Y021"),
    ("blank key", '" ": 1\n', "Y021"),
    ("key over two lines", "? |\n  a\n  b\n: 1\n", "Y021"),
    ("long key", "a" * 300 + ": 1\n", "Y021"),
    ("empty flow key", "a: {: 1}\n", "Y021"),
    ("empty value at the end", "a:\n", "Y022"),
    ("empty value in braces", "a: {b: }\n", "Y022"),
    ("key without value in braces", "a: {b, c: 1}\n", "Y022"),
    ("value missing between commas", "a: [b, , c]\n", "Y022"),
    ("missing blank in braces", "a: {b:1}\n", "Y022"),
    ("only a comment", "# nothing yet\n", "Y007"),
    ("only a document start", "---\n", "Y007"),
    ("nothing at all", "", "Y007"),
    ("a list", "- a\n- b\n", "Y006"),
    ("a text", "just words\n", "Y006"),
    ("a number", "5\n", "Y006"),
    ("tab as indentation", "a:\n\tb: 1\n", "Y014"),
    ("tab after the colon", "a:\t1\n", "Y014"),
    ("tab in a comment", "a: 1  #\tone\n", "Y014"),
    ("tab in quotes", 'a: "b\tc"\n', "Y014"),
    ("tab by escape", 'a: "b\\tc"\n', "Y031"),
    ("null by escape", 'a: "b\\0c"\n', "Y031"),
    ("direction mark by escape", 'a: "b\\u202Ec"\n', "Y031"),
    ("no-break space by escape", 'a: "b\\_c"\n', "Y031"),
    ("invisible key by escape", '"a\\u200b": 1\n', "Y031"),
    ("direction mark", "a: b\u202ec\n", "Y031"),
    ("isolate", "a: b\u2066c\n", "Y031"),
    ("zero width space", "fl\u200boor: 1\n", "Y031"),
    ("zero width joiner", "fl\u200door: 1\n", "Y031"),
    ("word joiner", "fl\u2060oor: 1\n", "Y031"),
    ("soft hyphen", "fl\u00adoor: 1\n", "Y031"),
    ("line separator", "a: b\u2028c: 1\n", "Y031"),
    ("paragraph separator", "a: b\u2029c: 1\n", "Y031"),
    ("next line", "a: 1\u0085b: 2\n", "Y031"),
    ("carriage return alone", "a: 1\rb: 2\n", "Y031"),
    ("form feed", "a: 1\x0c\n", "Y031"),
    ("null character", "a: b\0c\n", "Y031"),
    ("escape character", "a: \x1b[31mred\n", "Y031"),
    ("delete", "a: b\x7f\n", "Y031"),
    ("byte order mark inside", "a: b\ufeffc\n", "Y031"),
    ("ideographic space", "a:\u3000b\n", "Y031"),
    ("thin space in a number", "a: 1\u2009000\n", "Y031"),
    ("Hangul filler", "a: b\u3164c\n", "Y031"),
    ("tag characters", "a: b\U000e0041c\n", "Y031"),
    ("replacement character", "a: b\ufffdc\n", "Y031"),
    ("byte order mark", "\ufeffa: 1\n", "Y003"),
    ("dash in front of zero", "a: -0\n", "Y030"),
    ("negative octal", "a: -010\n", "Y030"),
    ("hexadecimal", "a: 0x1F\n", "Y030"),
    ("upper hexadecimal", "a: 0XFF\n", "Y030"),
    ("underscores", "a: 1_000\n", "Y030"),
    ("underscore before the point", "a: 1_000.50\n", "Y030"),
    ("exponent", "a: 1e3\n", "Y030"),
    ("exponent with sign", "a: 1.5E+3\n", "Y030"),
    ("time of day", "a: 12:30:45\n", "Y030"),
    ("sexagesimal fraction", "a: 190:20:30.15\n", "Y030"),
    ("moment", "a: 2026-01-01T00:00:00Z\n", "Y030"),
    ("moment with blank", "a: 2026-01-01 12:30:45\n", "Y030"),
    ("mixed case", "a: nO\n", "Y030"),
    ("OFF", "a: [OFF]\n", "Y030"),
    ("upper infinity", "a: +.INF\n", "Y030"),
    ("infinity as a word", "a: Infinity\n", "Y030"),
    ("nan as a word", "a: nan\n", "Y030"),
    ("plus with fraction", "a: +.5\n", "Y030"),
    ("Arabic digits", "a: \u0661\u0662\u0663\n", "Y030"),
    ("full-width digits", "a: \uff11\uff12\n", "Y030"),
    ("default value sign", "a: =\n", "Y030"),
    ("merge sign as value", "a: <<\n", "Y030"),
    ("sixteen digits", "a: 1234567890123456\n", "Y032"),
    ("thirteen decimals", "a: 0.1234567890123\n", "Y032"),
    ("long text", "a: '" + "b" * 64_001 + "'\n", "Y033"),
    ("at sign", "a: @home\n", "Y025"),
    ("backtick", "a: `b`\n", "Y025"),
    ("percent sign first", "a: %b\n", "Y025"),
    ("comparison first", "when: >= 0.80\n", "Y025"),
    ("pipe first", "when: | users\n", "Y025"),
    ("lone star", "a: * 5\n", "Y025"),
    ("lone ampersand", "a: & b\n", "Y025"),
    ("single quotes then more", "when: 'EMEA' == region\n", "Y025"),
    ("quotes then more in a list", '- "a" and b\n', "Y025"),
    ("quotes then quotes", "a: 'b' 'c'\n", "Y025"),
    ("missing comma between quotes", "a: ['b' 'c']\n", "Y028"),
    ("bracket then more", "when: [a] in b\n", "Y025"),
    ("quotes then more in braces", '{when: "EMEA" == region}\n', "Y025"),
    ("colon twice", "why: see: here: there\n", "Y024"),
    ("colon in a list item", "- a: b: c\n", "Y024"),
    ("open quote", "a: 'b\nc: d\n", "Y026"),
    ("open double quote", 'a: "b\n', "Y026"),
    ("unknown escape", 'a: "C:\\prices"\n', "Y027"),
    ("short escape", 'a: "\\x4"\n', "Y027"),
    ("surrogate escape", 'a: "\\ud800"\n', "Y027"),
    ("open bracket", "a: [1, 2\nb: 3\n", "Y028"),
    ("open brace", "a: {b: 1\n", "Y028"),
    ("wrong indentation", "a:\n  b: 1\n   c: 2\n", "Y000"),
    ("less indentation", "a:\n    b: 1\n  c: 2\n", "Y000"),
    ("word without colon", "a: 1\nb\n", "Y000"),
    ("merge left open", "<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> spring\n", "Y029"),
    ("middle of a merge left", "a: 1\r\n=======\r\nb: 2\r\n", "Y029"),
    ("end of a merge left", "a: 1\n>>>>>>> spring\n", "Y029"),
    ("list on the line of its key", "a: - b\n", "Y000"),
    ("closing bracket", "a: 1\n]\n", "Y000"),
]
BENIGN = [
    ("text that would be an anchor", "when: '&a'\n", {"when": "&a"}),
    ("star in quotes", "when: '*users > 5'\n", {"when": "*users > 5"}),
    ("tag in quotes", "a: '!!str 5'\n", {"a": "!!str 5"}),
    ("exclamation mark inside", "a: b != c!\n", {"a": "b != c!"}),
    ("one document with its marks", "---\na: b\n...\n", {"a": "b"}),
    ("same key on two levels", "a: {a: {a: b}}\n", {"a": {"a": {"a": "b"}}}),
    ("quoted words", 'a: ["NO", \'yes\', "~", "null", ".inf"]\n', {"a": ["NO", "yes", "~", "null", ".inf"]}),
    ("words that only begin so", "a: [Norway, yesterday, only, offer, none]\n",
     {"a": ["Norway", "yesterday", "only", "offer", "none"]}),
    ("lower case words", "a: [true, false, null]\n", {"a": [True, False, None]}),
    ("explicit nothing", 'a: ""\nb: null\nc: []\nd: {}\n', {"a": "", "b": None, "c": [], "d": {}}),
    ("quoted numeric key", '"1": pro\n"true": x\n', {"1": "pro", "true": "x"}),
    ("explicit text key", "? a\n: 1\n", {"a": Decimal(1)}),
    ("numbers", "a: [0, 10, -5, 12.10, 0.000000000001, 999999999999999]\n",
     {"a": [Decimal(0), Decimal(10), Decimal(-5), Decimal("12.10"), Decimal("0.000000000001"),
            Decimal(999999999999999)]}),
    ("texts of digits", "a: [2026-01-01, 1.2.3, 10%, 0%..20%, 3 months, 1h, v2, 10-20]\n",
     {"a": ["2026-01-01", "1.2.3", "10%", "0%..20%", "3 months", "1h", "v2", "10-20"]}),
    ("colon without blank", "a: b:c\nurl: see//x:y\n", {"a": "b:c", "url": "see//x:y"}),
    ("colon in quotes", "title: 'Plan: Pro'\n", {"title": "Plan: Pro"}),
    ("hash in quotes", "title: 'Tier #1'\n", {"title": "Tier #1"}),
    ("hash without blank", "title: Tier#1\n", {"title": "Tier#1"}),
    ("aligned comment", "kind: tiers      # tiers/platform.yaml\nid: a  # b\n", {"kind": "tiers", "id": "a"}),
    ("comment after a number", "users: 5 # five\n", {"users": Decimal(5)}),
    ("comment after quotes", "when: 'users > 5' # checked\n", {"when": "users > 5"}),
    ("comment after a bracket", "a: [b] # c\n", {"a": ["b"]}),
    ("accents and other scripts", "name: Café 東京 Ünïcode €\n", {"name": "Café 東京 Ünïcode €"}),
    ("escaped line break", 'a: "b\\nc"\n', {"a": "b\nc"}),
    ("escaped quote", 'a: "b\\"c\\\\d"\n', {"a": 'b"c\\d'}),
    ("merge marks inside a text", "why: |\n  <<<<<<< HEAD\n", {"why": "<<<<<<< HEAD\n"}),
    ("folded text", "why: >\n  one\n  two\n", {"why": "one two\n"}),
    ("24 levels", "a: " + "[" * 23 + "]" * 23 + "\n", None),
    ("no line end", "a: b", {"a": "b"}),
    ("blank lines and comments", "\n# first\n\na: b\n\n# last\n", {"a": "b"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "code"), NEIGHBOURS, ids=[row[0] for row in NEIGHBOURS])
def test_a_neighbour_is_refused_for_its_own_reason(name: str, text: str, code: str) -> None:
    document, faults = read_yaml("hostile.yaml", text.encode())
    assert document is None
    assert code in {fault.code for fault in faults}
    assert all(fault.what and fault.fix for fault in faults)


@pytest.mark.parametrize(("name", "text", "data"), BENIGN, ids=[row[0] for row in BENIGN])
def test_a_benign_twin_passes_without_warning(name: str, text: str, data: Any) -> None:
    document, faults = read_yaml("benign.yaml", text.encode())
    assert faults == ()
    assert document is not None
    if data is not None:
        assert repr(document.data) == repr(data)


@pytest.mark.parametrize(
    "content",
    [
        "a: é\n".encode("latin-1"),
        b"a: \xc0\x80\n",
        b"a: \xed\xa0\x80\n",
        "a: 1\n".encode("utf-16"),
        b"\xff",
        b"a: \xf8",
    ],
    ids=["latin-1", "overlong", "surrogate", "utf-16", "one byte", "cut short"],
)
def test_what_is_not_utf8_is_refused_where_it_stands(content: bytes) -> None:
    document, faults = read_yaml("hostile.yaml", content)
    assert document is None
    assert [fault.code for fault in faults] == ["Y002"]
