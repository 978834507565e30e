"""What marks a file as ours, apart from the migrations so that a command need not import them to open a current one."""

APPLICATION_ID = 0x4C47454E  # "LGEN": tells our files from other SQLite databases
SCHEMA_VERSION = 10
