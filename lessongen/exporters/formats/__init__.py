"""The formats of lessons, a file each; `lessongen.exporters` says how to add one."""
