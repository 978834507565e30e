"""The embedded default writer: a lesson made of sentences that stand verbatim in its sources.

No key, no network, no model. `ExtractiveWriter` is its one door.
"""

from lessongen.writers.extractive.writer import ExtractiveWriter

__all__ = ["ExtractiveWriter"]
