"""The web API and its pages (extra `web`): another front over the same `app` as the command line."""
