"""The schema's number, apart from the migrations so that a command need not import them to know that it is current."""

SCHEMA_VERSION = 8
