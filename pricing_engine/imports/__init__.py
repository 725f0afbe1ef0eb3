"""Price pages of other formats turned into rule repositories; start at `import_pricing2yaml`."""

from pricing_engine.imports.pricing2yaml import ImportedPricing, import_pricing2yaml
from pricing_engine.imports.report import Outcome, ReportLine, report_text

__all__ = ["ImportedPricing", "Outcome", "ReportLine", "import_pricing2yaml", "report_text"]
