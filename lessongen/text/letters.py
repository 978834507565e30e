"""How alike two words are, letter by letter.

Both measures are rapidfuzz's. They are imported here alone: its modules import each other, and of two threads that
begin with different ones, one may be given half a module.
"""

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

__all__ = ["OSA", "ratio"]
