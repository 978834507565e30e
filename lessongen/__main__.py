"""`python -m lessongen` is `lessongen`."""

if __name__ == "__main__":
    from lessongen.system.importing import forget_folder_of_start

    forget_folder_of_start()  # before anything else is imported

    from lessongen.cli import run

    run()
