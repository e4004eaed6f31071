"""The only writer: submission, review, batch, seal, publication, restoring."""
