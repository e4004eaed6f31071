"""HTTP over the ledger: registration, tiles, questions. The only floor that speaks HTTP."""
