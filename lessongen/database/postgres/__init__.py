"""PostgreSQL: connections, transactions and migrations under the nouns; needs psycopg 3, of the extra `postgres`."""
