"""Exporters: a lesson in a file format, one module a format; `sheet` is the layout that those for readers share."""
