"""The databases behind `store.py`: the SQL that all of them share, one file a noun, and a folder for each of them."""
