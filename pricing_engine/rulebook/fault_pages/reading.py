"""The pages of Y0xx: what the strict YAML reader refuses before a file has any meaning."""

from collections.abc import Mapping
from types import MappingProxyType

from pricing_engine.errors import CodePage

_SPLIT = "split the file; the reader takes any number of files of one kind"

READING_CODES: Mapping[str, CodePage] = MappingProxyType(
    {
        "Y000": CodePage(
            "the file is not YAML",
            "What cannot be read cannot be checked. Most often a line is indented differently from its neighbours.",
            "limits:\n  users: 50\n   storage_gb: 100",
            "limits:\n  users: 50\n  storage_gb: 100",
        ),
        "Y001": CodePage(
            "the file is too large",
            "A rule file is written and reviewed by people; a limit of 8 MB keeps every check fast.",
            "prices.yaml of 18 MB",
            _SPLIT,
        ),
        "Y002": CodePage(
            "the file is not UTF-8",
            "Other encodings are read differently from machine to machine.",
            "a file saved as UTF-16 or Latin-1",
            "the same file saved as UTF-8",
        ),
        "Y003": CodePage(
            "the file starts with a byte order mark",
            "The mark is invisible, and some readers take it for part of the first key.",
            "a file saved as UTF-8 with BOM",
            "the same file saved as UTF-8",
        ),
        "Y004": CodePage(
            "too many levels of nesting",
            "No rule needs more than 24 levels; a file that has them is broken or an attack.",
            "a: [[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]",
            "a: [1]",
        ),
        "Y005": CodePage(
            "several documents in one file",
            "Many tools read only the first, so that the rest would silently not apply.",
            "kind: tiers\n---\nkind: product",
            "one file per document",
        ),
        "Y006": CodePage(
            "the top level is not a mapping",
            "A rule file says first of what kind it is.",
            "- id: core",
            "kind: product\nid: core",
        ),
        "Y007": CodePage(
            "the file is empty",
            "No rules at all would mean that everything is allowed.",
            "# discounts to be written",
            "kind: discretion\nlimits: []",
        ),
        "Y008": CodePage(
            "too many values in one file",
            "A limit keeps every check fast.",
            "a file of a million values",
            _SPLIT,
        ),
        "Y009": CodePage(
            "a directive",
            "Lines that start with % change how the whole file is read.",
            "%YAML 1.1\n---\nkind: tiers",
            "kind: tiers",
        ),
        "Y010": CodePage(
            "an anchor",
            "Anchors hide where a value comes from: a change in one place moves others that no reviewer sees.",
            "floor: &floor 0.40",
            "floor: 0.40",
        ),
        "Y011": CodePage(
            "a tag",
            "Tags change the type of a value and, in other readers, run code.",
            "users: !!str 123",
            'users: "123"',
        ),
        "Y012": CodePage(
            "a merge key",
            "What a mapping holds must be readable where it stands.",
            "<<: {max: 0.9}\nmin: 0.1",
            "max: 0.9\nmin: 0.1",
        ),
        "Y013": CodePage(
            "an alias",
            "Aliases hide what a value is and can grow a small file into gigabytes. Nor may a text start with *.",
            "when: *users > 5",
            "when: 'users > 5'",
        ),
        "Y014": CodePage(
            "a tab",
            "Tabs look like indentation, and every reader counts them differently.",
            "users:\t50",
            "users: 50",
        ),
        "Y020": CodePage(
            "a key is there twice",
            "Most readers keep the last one silently: the line that was reviewed is not the line that applies.",
            "floor: 0.40\nfloor: 0.10",
            "floor: 0.40",
        ),
        "Y021": CodePage(
            "a key that is not plainly text",
            "Numbers and words such as yes and null become other keys in other readers; an empty key is lost.",
            "1: basic",
            '"1": basic',
        ),
        "Y022": CodePage(
            "a value is missing",
            "An empty place may mean none, zero or forgotten.",
            "floor:",
            "floor: null",
        ),
        "Y023": CodePage(
            "a key that is a list or a mapping",
            "Keys are names.",
            "? [seats, fee]\n: 5",
            "seats: 5\nfee: 5",
        ),
        "Y024": CodePage(
            "a text with a colon and a blank in it",
            "The colon starts a mapping unless the whole text is in quotes.",
            "title: Plan: Pro",
            "title: 'Plan: Pro'",
        ),
        "Y025": CodePage(
            "a text that starts with a character YAML keeps for itself",
            "A text that starts with a quote, a bracket or one of * & ! % @ ` > | is read as something else.",
            'when: "EMEA" == region',
            "when: '\"EMEA\" == region'",
        ),
        "Y026": CodePage(
            "a quote that is never closed",
            "Everything to the end of the file becomes one text.",
            "title: 'Pro",
            "title: 'Pro'",
        ),
        "Y027": CodePage(
            "an escape that does not exist",
            "In double quotes a backslash starts an escape.",
            r'folder: "C:\prices"',
            r"folder: 'C:\prices'",
        ),
        "Y028": CodePage(
            "a bracket that is never closed",
            "The list or mapping has no end, or two of its entries lack a comma between them.",
            "market: [US, CA",
            "market: [US, CA]",
        ),
        "Y029": CodePage(
            "a merge that was not finished",
            "git leaves both versions in the file, between lines of <, = and >; which of them counts is yours to say.",
            "<<<<<<< HEAD\npercent: '10%'\n=======\npercent: '12%'\n>>>>>>> spring",
            "percent: '12%'",
        ),
        "Y030": CodePage(
            "a spelling that readers disagree on",
            "YAML 1.1 and 1.2 read it differently: NO is false or Norway, 010 is 8 or 10, 1:30 is 90 or a text.",
            "countries: [NO, SE]",
            'countries: ["NO", SE]',
        ),
        "Y031": CodePage(
            "a character that cannot be seen",
            "Non-breaking and zero-width blanks, control and direction characters hide what a line means.",
            "floor:<U+00A0>0.4",
            "floor: 0.4",
        ),
        "Y032": CodePage(
            "a number with too many digits",
            "No price has more than 15 digits before the point or 12 after it, and nothing is rounded in silence.",
            "unit_price: 19.999999999999999999999",
            "unit_price: 19.999999999999",
        ),
        "Y033": CodePage(
            "a text that is too long",
            "No rule needs a text of more than 64,000 characters.",
            "why: a whole book",
            "why: list review 2026, see the wiki",
        ),
        "Y040": CodePage(
            "a value followed by a comment",
            "A blank and # end the value; the rest is a comment. The reader warns when one blank stands before #, or "
            "when the value is a condition or formula (when, while, value, fee, claim). Two blanks mark a comment.",
            "title: Tier #1",
            "title: 'Tier #1'",
        ),
        "Y041": CodePage(
            "too many faults",
            "After 100 faults the rest of the file is not read; most follow from the first few.",
            "a file of another kind",
            "mend the faults shown and check again",
        ),
    }
)
