"""The commands, a file a group of them: parse, one call, render. `tree` loads only the one that runs."""
