"""The only writer: submission, review, batch, seal, publication; mirrors, backups, restoring."""
