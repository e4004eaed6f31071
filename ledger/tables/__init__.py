"""Tables: sheets of rows as people keep them, read to the fields of statements, and written."""
