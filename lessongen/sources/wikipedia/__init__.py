"""Wikipedia, and any other MediaWiki, as a source of lessons: full articles, kept in the database once fetched."""

from lessongen.sources.wikipedia.site import Patience, Wiki
from lessongen.sources.wikipedia.source import WikipediaSource

__all__ = ["Patience", "Wiki", "WikipediaSource"]
