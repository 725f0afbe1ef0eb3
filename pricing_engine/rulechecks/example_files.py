"""Reads the tests beside the rules: bytes in, their documents with positions and every fault of the tests out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from pricing_engine.rulebook.documents.examples import ExamplesDocument, ExpectationShape, examples_schema
from pricing_engine.rulebook.documents.reading import read_shape
from pricing_engine.rulebook.faults import Fault, Path
from pricing_engine.rulebook.files import RepositoryFiles
from pricing_engine.rulebook.sources import Loaded, YamlSource, fault_at
from pricing_engine.rulebook.suggest import did_you_mean
from pricing_engine.rulebook.yaml_reader import read_yaml

ExampleFile: TypeAlias = Loaded[ExamplesDocument]


def read_example_files(files: RepositoryFiles) -> tuple[tuple[ExampleFile, ...], tuple[Fault, ...]]:
    """The test files that can be read, and what is wrong with the others, and with what they name."""
    read, faults = list[ExampleFile](), list[Fault]()
    for name, content in files.tests.items():
        document, found = read_yaml(name, content)
        faults += found
        if document is None:
            continue
        source = YamlSource(document)
        shape = read_shape(ExamplesDocument, document.data, schema=examples_schema())
        if isinstance(shape, ExamplesDocument):
            loaded = Loaded(source, shape)
            read.append(loaded)
            faults += _check_file(loaded, files.rules)
        else:
            faults += [
                fault_at(source, each.code, each.path, each.what, each.fix, on_key=each.on_key) for each in shape
            ]
    return tuple(read), tuple(faults)


def path_of_given(file: ExampleFile, index: int, field: str) -> Path:
    """Where a field of a case's situation is written: in the case, else at the head of the file."""
    in_case = field in file.shape.cases[index].given.model_fields_set
    return ("cases", index, "given", field) if in_case else ("given", field)


def _check_file(loaded: ExampleFile, rules: Mapping[str, bytes]) -> Iterator[Fault]:
    document = loaded.shape
    if not any(_is_file_of(document.subject, name) for name in rules):
        fix = did_you_mean(document.subject, _subjects(rules))
        yield loaded.fault("E500", ("for",), f"there is no rule file {document.subject}.yaml", fix)
    seen: set[str] = set()
    for index, case in enumerate(document.cases):
        place = ("cases", index)
        if case.name in seen:
            yield loaded.fault(
                "E506", (*place, "name"), f'there is another example "{case.name}"', "rename one of them"
            )
        seen.add(case.name)
        yield from _check_expectation(loaded, case.expect, (*place, "expect"))


def _check_expectation(loaded: ExampleFile, expect: ExpectationShape, place: Path) -> Iterator[Fault]:
    expected = expect.model_fields_set
    if not expected:
        yield loaded.fault("E507", place, "this example expects nothing", 'expect a figure, such as arr: "75600.00"')
    elif expect.refused is not None and len(expected) > 1:
        what = "a request that is refused has no figures"
        yield loaded.fault("E507", (*place, "refused"), what, "expect refused alone, or the figures", on_key=True)


def _is_file_of(subject: str, name: str) -> bool:
    """Whether the file is the one meant, wherever the repository itself stands."""
    return f"/{name}".endswith(f"/{subject}.yaml")


def _subjects(rules: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.removesuffix(".yaml") for name in rules)
