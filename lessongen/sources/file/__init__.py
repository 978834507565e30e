"""The user's own sources: files, folders, web addresses and text from standard input.

Nothing is imported here: the child process that fetches and reads starts in this folder, and needs no source.
"""
