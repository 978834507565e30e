"""Writers: what turns source text into a lesson; one module or package each."""
