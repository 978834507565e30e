"""The SQLite database behind `store.py`: one file a noun, and the connections and transactions under them."""
