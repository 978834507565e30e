"""Wikipedia, and any other MediaWiki, as a source of lessons: full articles, kept in the database once fetched."""

from lessongen.sources.wikipedia.site import Wiki
from lessongen.sources.wikipedia.source import Patience, WikipediaSource

__all__ = ["Patience", "Wiki", "WikipediaSource"]
