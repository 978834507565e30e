"""One task step by step: the source chain, the writer, the gate; and the changing of stored lessons."""
