"""How faults are shown: the text people read and the three forms machines read."""

import json

from pricing_engine.errors import CodePage
from pricing_engine.rulebook.fault_report import render_github, render_json, render_sarif, render_text
from pricing_engine.rulebook.faults import Fault, Position, Related, Severity
from pricing_engine.rulebook.yaml_reader import read_yaml

FILE = "rules/discounts/emea.yaml"
SOURCE = b"kind: discretion\n" + b"#\n" * 12 + b"    - {id: d1, role: rep, line_max: 15}\n"
RATIO = Fault(
    code="E118",
    severity=Severity.ERROR,
    file=FILE,
    position=Position(14, 37),
    length=2,
    path="limits[1].line_max",
    what="a ratio is between 0 and 1; 15 looks like a percentage",
    fix='write "15%"',
)
DUPLICATE = Fault(
    code="Y020",
    severity=Severity.ERROR,
    file="a.yaml",
    position=Position(2, 1),
    length=5,
    path="floor",
    what="the key floor is there twice",
    fix="remove one",
    related=(Related("a.yaml", Position(1, 1), "first defined here"),),
)


def test_a_fault_is_shown_with_its_line_carets_help_and_page() -> None:
    assert render_text([RATIO], {FILE: SOURCE}) == (
        "E118 error: a ratio is between 0 and 1; 15 looks like a percentage\n"
        "  --> rules/discounts/emea.yaml:14:37  (limits[1].line_max)\n"
        "   |\n"
        "14 |     - {id: d1, role: rep, line_max: 15}\n"
        "   |                                     ^^\n"
        '   = help: write "15%"\n'
        "   = see: pricing-engine explain E118\n"
        "\n"
        "1 error, 0 warnings"
    )


def test_a_related_place_is_a_note() -> None:
    text = render_text([DUPLICATE], {"a.yaml": b"floor: 0.40\nfloor: 0.10\n"})
    assert "2 | floor: 0.10\n  | ^^^^^\n  = note: first defined here: a.yaml:1:1\n  = help: remove one\n" in text


def test_faults_are_sorted_counted_and_each_shown_once() -> None:
    warning = Fault("Y040", Severity.WARNING, "a.yaml", Position(3, 1), 1, "", "x", "")
    text = render_text([warning, RATIO, DUPLICATE, RATIO], {})
    heads = [line.split(" ")[0] for line in text.splitlines() if " error: " in line or " warning: " in line]
    assert heads == ["Y020", "Y040", "E118"]
    assert text.endswith("\n2 errors, 1 warning")


def test_a_file_without_source_and_a_line_past_the_end_are_shown_without_excerpt() -> None:
    for sources in ({}, {FILE: b"kind: x\n"}):
        assert "| " not in render_text([RATIO], sources)


def test_what_a_terminal_would_obey_is_shown_as_an_escape() -> None:
    content = "a: \x1b[31mred\u202e\n".encode()
    _, faults = read_yaml("a\x1b.yaml", content)
    text = render_text(faults, {"a\x1b.yaml": content})
    assert "1 | a: \\u001b[31mred\\u202e\n  |    ^^^^^^\n" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_carets_stand_under_wide_characters() -> None:
    content = "{東京: NO}\n".encode()
    _, faults = read_yaml("a.yaml", content)
    # 東 and 京 take two columns each: { 東東京京 : blank, so NO starts in the eighth.
    assert "1 | {東京: NO}\n  |        ^^\n" in render_text(faults, {"a.yaml": content})


def test_a_long_line_is_cut_round_the_fault() -> None:
    content = b"a: [" + b"one, " * 1000 + b"NO" + b", two" * 1000 + b"]\n"
    _, faults = read_yaml("a.yaml", content)
    lines = render_text(faults, {"a.yaml": content}).splitlines()
    assert len(lines[3]) < 130
    assert lines[3][lines[4].index("^") :].startswith("NO, two")
    assert lines[3].startswith("1 | …")
    assert lines[3].endswith("…")


def test_carets_end_with_the_line_of_the_excerpt() -> None:
    fault = Fault("Y033", Severity.ERROR, "a.yaml", Position(1, 4), 64_001, "a", "x", "y")
    content = b"a: " + b"b" * 64_001
    lines = render_text([fault], {"a.yaml": content}).splitlines()
    assert len(lines[4]) <= len(lines[3])


def test_json_holds_every_field() -> None:
    (entry,) = json.loads(json.dumps(render_json([DUPLICATE])))
    assert entry == {
        "code": "Y020",
        "severity": "error",
        "file": "a.yaml",
        "line": 2,
        "column": 1,
        "length": 5,
        "path": "floor",
        "what": "the key floor is there twice",
        "fix": "remove one",
        "related": [{"file": "a.yaml", "line": 1, "column": 1, "what": "first defined here"}],
    }


def test_github_commands_escape_what_github_would_read() -> None:
    assert render_github([RATIO]) == (
        "::error file=rules/discounts/emea.yaml,line=14,col=37,endColumn=39,title=E118 limits[1].line_max"
        '::a ratio is between 0 and 1; 15 looks like a percentage; write "15%25"'
    )
    odd = Fault("Y040", Severity.WARNING, "a,b:c.yaml", Position(1, 2), 3, "", "one\ntwo", "")
    assert render_github([odd]) == "::warning file=a%2Cb%3Ac.yaml,line=1,col=2,endColumn=5,title=Y040::one%0Atwo"


def test_sarif_names_rules_places_and_related_places() -> None:
    page = CodePage(title="a key is there twice", why="the last one wins", avoid="", prefer="")
    log = json.loads(json.dumps(render_sarif([RATIO, DUPLICATE], pages={"Y020": page})))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert run["tool"]["driver"]["rules"] == [
        {"id": "E118"},
        {
            "id": "Y020",
            "shortDescription": {"text": "a key is there twice"},
            "fullDescription": {"text": "the last one wins"},
        },
    ]
    duplicate, ratio = run["results"]
    assert (duplicate["ruleId"], duplicate["ruleIndex"], duplicate["level"]) == ("Y020", 1, "error")
    assert duplicate["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a.yaml"},
        "region": {"startLine": 2, "startColumn": 1, "endColumn": 6},
    }
    assert duplicate["relatedLocations"][0]["message"] == {"text": "first defined here"}
    assert ratio["message"]["text"] == 'a ratio is between 0 and 1; 15 looks like a percentage; write "15%"'


def test_sarif_writes_odd_file_names_as_uris() -> None:
    odd = Fault("Y000", Severity.ERROR, "a b/é.yaml", Position(1, 1), 1, "", "x", "y")
    (result,) = render_sarif([odd], pages={})["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/%C3%A9.yaml"
