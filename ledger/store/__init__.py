"""The only SQL: tables, append, reads."""
