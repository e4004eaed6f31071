"""A ledger behind a server: nothing it says is believed that was not verified here."""
