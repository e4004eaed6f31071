"""Complete histories, what they look like to rules and questions, what an entry is found by."""
