"""The ``pinyuan`` command, one file per group; heavy modules are imported when needed."""
