"""What a written language is to us: words that can be compared, sentences that can stand alone.

A leaf: imports nothing of ours. Rules exist for English (`en`), and as far as keys of titles go for French and Spanish.
"""
