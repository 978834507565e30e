"""A lesson: what is asked for, what it is made from, what it is, and what changed between two versions."""
