"""The user's own sources: files, folders, web addresses and text from standard input."""

from lessongen.sources.file.source import FileSource

__all__ = ["FileSource"]
