"""What may be asked: one registry; command line, HTTP and pages derive from it."""
