"""The queue at work: batches and their files, the worker, its attempts and wake-ups, and who is alive."""
