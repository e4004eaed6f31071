"""What may be said: the envelope, one file per family, and the catalogue of types."""
