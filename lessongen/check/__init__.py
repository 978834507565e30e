"""The quality gate (`gate.py`), its rules, and what decides whether a sentence stands on its quotes."""
