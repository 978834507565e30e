"""The writer that asks a model: any server that speaks OpenAI's chat completions."""
