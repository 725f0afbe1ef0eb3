"""Whatever stands in a price page, it is refused with a reason or becomes rules that load: never a traceback."""

from hypothesis import given
from hypothesis import strategies as st

from pricing_engine.imports import import_pricing2yaml
from pricing_engine.rulebook.load import check_rulebook
from pricing_engine.rulechecks.configurations import count_configurations

LINES = """\
saasName: Acme
syntaxVersion: '2.1'
createdAt: '2025-02-26'
currency: USD
billing:
  monthly: 1.0
  annual: 0.75
features:
  chat:
    valueType: BOOLEAN
    defaultValue: false
    type: DOMAIN
usageLimits:
  space:
    valueType: NUMERIC
    defaultValue: 5
    unit: GB
    type: NON_RENEWABLE
plans:
  FREE:
    price: 0
    unit: user/month
  PRO:
    price: 12.5
    unit: user/month
    features:
      chat:
        value: true
    usageLimits:
      space:
        value: .inf
addOns:
  more:
    price: Contact Sales
    availableFor:
      - PRO
  most:
    price: 3
    unit: block/month
    dependsOn:
      - more
    usageLimitsExtensions:
      space:
        value: 5
""".splitlines()

CHANGEABLE = [index for index, line in enumerate(LINES) if not line.startswith("currency")]
"""Which currencies there are is known to the rules, not to the importer."""

VALUES = st.one_of(
    st.sampled_from(
        [
            "null",
            ".inf",
            ".nan",
            "-1",
            "1e9",
            "1_000",
            "[]",
            "{}",
            "[a, b]",
            "&x 1",
            "*x",
            "on",
            "'#x * 2'",
            "5% of sales",
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20),
)
CHANGES = st.lists(
    st.tuples(st.sampled_from(CHANGEABLE), st.sampled_from(["value", "key", "drop", "copy"]), VALUES), max_size=4
)


def changed(changes: list[tuple[int, str, str]]) -> bytes:
    """The page with some of its lines given another value or key, left out or written twice."""
    lines = list(LINES)
    for index, what, text in changes:
        key, colon, value = LINES[index].partition(":")
        indent = " " * (len(key) - len(key.lstrip()))
        match what:
            case "value":
                lines[index] = f"{key}: {text}"
            case "key":
                lines[index] = f"{indent}{text}{colon}{value}"
            case "drop":
                lines[index] = ""
            case _:
                lines[index] = f"{LINES[index]}\n{LINES[index]}"
    return "\n".join(lines).encode()


@given(CHANGES)
def test_any_page_is_refused_with_a_reason_or_becomes_rules_that_load(changes: list[tuple[int, str, str]]) -> None:
    result = import_pricing2yaml("acme.yml", changed(changes))
    assert result.is_refused == (not result.files)
    if not result.is_refused:
        files = {name: text.encode() for name, text in result.files.items()}
        checked = check_rulebook(files, currency_digits={"USD": 2})
        assert checked.rulebook is not None, checked.faults
        assert count_configurations(checked.rulebook).total > 0


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_refused_with_a_reason(content: bytes) -> None:
    result = import_pricing2yaml("acme.yml", content)
    assert result.is_refused
    assert result.report
