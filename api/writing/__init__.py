"""From a request to the one process that writes."""
