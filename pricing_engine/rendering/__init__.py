"""Lays the customer's document out: as HTML by jinja2, as PDF by typst; it adds no word and computes no amount."""
