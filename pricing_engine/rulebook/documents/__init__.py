"""The YAML shapes as pydantic models, one module per kind; `reading.read_document` turns plain data into one."""
