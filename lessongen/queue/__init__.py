"""The queue at work: batches and their files, the worker, its attempts and wake-ups, and who is alive."""

DETACHED = "--detached-worker"
"""What opens the command line by which a detached worker is started; the path of its database follows."""
