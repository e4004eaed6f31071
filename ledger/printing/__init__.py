"""A verified answer on paper: a PDF for people who have nothing else, with its evidence attached."""
