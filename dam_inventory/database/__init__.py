"""The only door to SQL: tables, transactions, the log of changes, backups."""
