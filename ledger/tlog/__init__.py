"""Tamper-evident log mathematics: pure, without I/O, knowing no domain."""
