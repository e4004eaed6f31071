"""The story that ``pinyuan demo`` tells."""
