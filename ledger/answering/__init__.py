"""Answers with their evidence, the feed of labels, and what an operator must not have signed."""
