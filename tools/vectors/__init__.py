"""Bundles for the transcript that the published rules bind, valid and hostile."""
