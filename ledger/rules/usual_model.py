"""Which quality model is meant where none is named: by labels, and by who asks. Imports nothing."""

USUAL_MODEL = "urn:model:quality"
