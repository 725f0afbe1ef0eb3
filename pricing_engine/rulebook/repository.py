"""All documents of a rule repository after reading, by kind; what could not be read is remembered by its kind."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TypeVar

from pricing_engine.rulebook.documents.approval_matrix import ApprovalMatrixDocument, RowShape
from pricing_engine.rulebook.documents.bundle import BundleDocument
from pricing_engine.rulebook.documents.discount_policy import DiscountPolicyDocument
from pricing_engine.rulebook.documents.discretion import DiscretionDocument
from pricing_engine.rulebook.documents.fx_rates import FxRatesDocument
from pricing_engine.rulebook.documents.guidance import GuidanceDocument
from pricing_engine.rulebook.documents.kinds import KINDS
from pricing_engine.rulebook.documents.metrics import MetricsDocument
from pricing_engine.rulebook.documents.price_book import PriceBookDocument
from pricing_engine.rulebook.documents.product import ProductDocument
from pricing_engine.rulebook.documents.reading import read_document
from pricing_engine.rulebook.documents.retention_targets import RetentionTargetsDocument
from pricing_engine.rulebook.documents.rulebook import RulebookDocument
from pricing_engine.rulebook.documents.scorecard import ScorecardDocument
from pricing_engine.rulebook.documents.shape import Shape, shown
from pricing_engine.rulebook.documents.terms import TermsDocument
from pricing_engine.rulebook.documents.tiers import TiersDocument
from pricing_engine.rulebook.documents.upsell_path import UpsellPathDocument
from pricing_engine.rulebook.documents.vocabulary import VocabularyDocument
from pricing_engine.rulebook.faults import Fault
from pricing_engine.rulebook.files import RepositoryFiles, refuse_misnamed
from pricing_engine.rulebook.sources import Loaded, YamlSource, fault_at
from pricing_engine.rulebook.suggest import did_you_mean
from pricing_engine.rulebook.tables import read_table
from pricing_engine.rulebook.yaml_document import Data
from pricing_engine.rulebook.yaml_reader import read_yaml

S = TypeVar("S", bound=Shape)

_KIND_LINE = re.compile(rb"^kind: *[\"']?([a-z_]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Repository:
    """Everything that was read.

    Shape: `unread` are the kinds of which some file could not be read, so that nothing of them is called unknown;
    `data` is the plain content by file name, the rows of tables included; `rows` are those of the approval matrix.
    """

    documents: Mapping[str, tuple[Loaded[Shape], ...]]
    rows: tuple[Loaded[RowShape], ...]
    data: Mapping[str, Data]
    unread: frozenset[str]

    @property
    def rulebook(self) -> Loaded[RulebookDocument] | None:
        """The settings."""
        return self._one(RulebookDocument, "rulebook")

    @property
    def vocabulary(self) -> Loaded[VocabularyDocument] | None:
        """The names expressions may use."""
        return self._one(VocabularyDocument, "vocabulary")

    @property
    def metrics(self) -> Loaded[MetricsDocument] | None:
        """What is counted."""
        return self._one(MetricsDocument, "metrics")

    @property
    def products(self) -> tuple[Loaded[ProductDocument], ...]:
        """What is sold, in the order of file names."""
        return self._all(ProductDocument, "product")

    @property
    def tiers(self) -> Loaded[TiersDocument] | None:
        """The ladder."""
        return self._one(TiersDocument, "tiers")

    @property
    def bundles(self) -> tuple[Loaded[BundleDocument], ...]:
        """What is sold as one offer."""
        return self._all(BundleDocument, "bundle")

    @property
    def price_books(self) -> tuple[Loaded[PriceBookDocument], ...]:
        """The list prices."""
        return self._all(PriceBookDocument, "price_book")

    @property
    def discounts(self) -> tuple[Loaded[DiscountPolicyDocument], ...]:
        """What is taken off by rule."""
        return self._all(DiscountPolicyDocument, "discount_policy")

    @property
    def discretion(self) -> Loaded[DiscretionDocument] | None:
        """What people may take off."""
        return self._one(DiscretionDocument, "discretion")

    @property
    def approvals(self) -> Loaded[ApprovalMatrixDocument] | None:
        """Who must agree."""
        return self._one(ApprovalMatrixDocument, "approval_matrix")

    @property
    def terms(self) -> tuple[Loaded[TermsDocument], ...]:
        """What a contract says happens when it changes, in the order of file names."""
        return self._all(TermsDocument, "terms")

    @property
    def upsell_paths(self) -> tuple[Loaded[UpsellPathDocument], ...]:
        """What leads from what an account has to an offer, in the order of file names."""
        return self._all(UpsellPathDocument, "upsell_path")

    @property
    def fx_rates(self) -> Loaded[FxRatesDocument] | None:
        """The exchange rates."""
        return self._one(FxRatesDocument, "fx_rates")

    @property
    def retention_targets(self) -> Loaded[RetentionTargetsDocument] | None:
        """Who answers for retention, and what it is to come to."""
        return self._one(RetentionTargetsDocument, "retention_targets")

    @property
    def scorecard(self) -> Loaded[ScorecardDocument] | None:
        """What deals are scored by."""
        return self._one(ScorecardDocument, "scorecard")

    @property
    def guidance(self) -> Loaded[GuidanceDocument] | None:
        """What to aim for."""
        return self._one(GuidanceDocument, "guidance")

    def _all(self, model: type[S], kind: str) -> tuple[Loaded[S], ...]:
        found = self.documents.get(kind, ())
        return tuple(Loaded(each.source, each.shape) for each in found if isinstance(each.shape, model))

    def _one(self, model: type[S], kind: str) -> Loaded[S] | None:
        return next(iter(self._all(model, kind)), None)


def read_repository(files: RepositoryFiles) -> tuple[Repository, tuple[Fault, ...]]:
    """Every document that can be read, and the faults of reading and shape of all files."""
    faults = list(refuse_misnamed(files))
    documents = dict[str, list[Loaded[Shape]]]()
    data, unread = dict[str, Data](), set[str]()
    for name, content in files.rules.items():
        document, found = read_yaml(name, content)
        faults += found
        if document is None:
            unread |= _guess_kind(content)
            continue
        data[name] = document.data
        read = _read_shape(YamlSource(document))
        if isinstance(read, Loaded):
            documents.setdefault(str(document.data["kind"]), []).append(read)
        else:
            faults += read
            unread |= _guess_kind(content)
    by_kind = {kind: tuple(loaded) for kind, loaded in documents.items()}
    repository = Repository(by_kind, (), data, frozenset(unread))
    rows, tables, found = _read_rows(repository, files)
    return replace(repository, rows=rows, data={**data, **tables}), (*faults, *found)


def _read_shape(source: YamlSource) -> Loaded[Shape] | tuple[Fault, ...]:
    data = source.document.data
    kind = data.get("kind")
    if "kind" not in data:
        fix = f"start the file with kind: {' | '.join(KINDS)}"
        return (fault_at(source, "E100", (), "the file does not say what kind it is", fix),)
    if not isinstance(kind, str) or kind not in KINDS:
        fix = did_you_mean(str(kind), KINDS)
        return (fault_at(source, "E100", ("kind",), f"{shown(kind)} is no kind of rule file", fix),)
    read = read_document(kind, data)
    if isinstance(read, Shape):
        return Loaded(source, read)
    return tuple(fault_at(source, each.code, each.path, each.what, each.fix, on_key=each.on_key) for each in read)


def _guess_kind(content: bytes) -> frozenset[str]:
    """The kind an unreadable file seems to be; any kind when even that cannot be told."""
    found = _KIND_LINE.search(content)
    near = get_close_matches(found[1].decode(), KINDS, n=1) if found else []
    return frozenset(near) or frozenset(KINDS)


def _read_rows(
    repository: Repository, files: RepositoryFiles
) -> tuple[tuple[Loaded[RowShape], ...], dict[str, Data], tuple[Fault, ...]]:
    """The rows of the approval matrix, here or in its table, and the content of the table by name."""
    matrix = repository.approvals
    if matrix is None:
        return (), {}, ()
    if matrix.shape.rows_csv is None:
        return tuple(_own_rows(matrix)), {}, ()
    folder, slash, _ = matrix.file.rpartition("/")
    name = f"{folder}{slash}{matrix.shape.rows_csv}"
    content = files.tables.get(name)
    if content is None:
        fix = did_you_mean(name, files.tables)
        return (), {}, (matrix.fault("E218", ("rows_csv",), f"there is no table {name}", fix),)
    rows, faults = read_table(name, content)
    text: Data = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    return rows, {name: text}, faults


def _own_rows(matrix: Loaded[ApprovalMatrixDocument]) -> Iterator[Loaded[RowShape]]:
    for index, row in enumerate(matrix.shape.rows):
        yield Loaded(matrix.source, row, ("rows", index))
