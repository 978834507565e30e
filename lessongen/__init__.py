"""lessongen: lessons that stand on their sources, written in the background by a queue that loses nothing."""

__version__ = "0.1.0"
