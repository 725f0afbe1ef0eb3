"""Lays the customer's document out: as HTML by jinja2, as PDF by typst; and tables as workbooks by XlsxWriter.

It adds no word and computes no amount.
"""
