"""What every room may import: errors, the clock, files and locks, names, settings, and what a terminal may show."""
