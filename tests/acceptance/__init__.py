"""Acceptance tests with real counterparts: llama.cpp's own server and MediaWiki, on this machine alone."""
