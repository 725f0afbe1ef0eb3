"""A book of contracts from rows of a table: the mapping file, each row read and checked, and the contracts made."""
