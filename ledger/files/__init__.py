"""A whole ledger in files: its tiles, what reads them, the anchor beside a database."""
