"""Kiwix archives (.zim): whole encyclopedias in one file, with a full-text index."""

from lessongen.sources.zim.source import ZimSource

__all__ = ["ZimSource"]
