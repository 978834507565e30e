"""A lesson as Markdown that an author edits: written out, read back exactly, and what the author changed signed."""
