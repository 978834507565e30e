"""SQLite: one file, the connections and transactions under the nouns, and what keeps the file sound."""
