"""Checked documents in, the core's own types out, in an order that the order of a file's keys does not change."""
