"""Files as they are: CSV and Parquet, read strictly, before any column is interpreted."""
