"""The rule files: read strictly, checked, and compiled to one immutable Rulebook; reads no disk."""
