"""What every exchange has in common: the door, bodies, problems, descriptions, figures."""
