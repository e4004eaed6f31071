"""Pinyuan (品源): a supply-chain traceability ledger anyone can check offline."""

__version__ = "0.1.0"
