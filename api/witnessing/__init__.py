"""Witnesses: the one served here, and those that are asked."""
