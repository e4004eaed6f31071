"""What is read: entries, proofs, questions, labels, links."""
