"""Crashes: what real programs do to their files, recorded; and what a crash may leave of it."""
