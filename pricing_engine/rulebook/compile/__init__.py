"""Checked documents in, the core's own types out; each module compiles one part and trusts that the checks passed."""
