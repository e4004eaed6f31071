"""What may be registered: one function per rule, refusals as values, all at once."""
