"""Price pages of other formats turned into rule repositories; start at `import_pages`."""

from pricing_engine.imports.pricing2yaml import ImportedPricing, import_pricing2yaml
from pricing_engine.imports.report import Outcome, ReportLine, report_text
from pricing_engine.imports.several import ImportedPages, import_pages

__all__ = [
    "ImportedPages",
    "ImportedPricing",
    "Outcome",
    "ReportLine",
    "import_pages",
    "import_pricing2yaml",
    "report_text",
]
