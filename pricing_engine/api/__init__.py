"""The REST API: strict JSON in, problem+json out, one file per resource; start at quotes.py."""
