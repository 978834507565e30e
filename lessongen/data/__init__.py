"""Tables made at data-build time by `scripts/build_neighbours.py`; read by `lessongen.sources.offline`."""
