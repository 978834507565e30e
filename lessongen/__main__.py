"""`python -m lessongen` is `lessongen`."""

from lessongen.cli import run

if __name__ == "__main__":
    run()
