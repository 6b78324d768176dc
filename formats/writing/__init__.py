"""How the lines of a report become a file: CSV, NDJSON, workbook or Parquet."""
