"""What knows nothing of ledgers: clock, strict text, I-JSON, Ed25519, files that are whole after any crash."""
