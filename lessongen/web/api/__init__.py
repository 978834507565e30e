"""The addresses of the API, one subject a module."""
