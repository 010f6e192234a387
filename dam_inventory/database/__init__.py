"""All SQL is in this package: tables, transactions, the change log, backups."""
