"""The database's schema, step by step; a step is frozen once released.

Runs under one `BEGIN IMMEDIATE`, so that processes which race to create a database wait for the first. sqlite-utils
keeps the table of applied steps; `PRAGMA user_version` is set in the same transaction, so that opening a current
database needs neither sqlite-utils nor this module.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from lessongen.database.sqlite.version import APPLICATION_ID, SCHEMA_VERSION

steps = Migrations("lessongen")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the database up to date, in one transaction; harmless when another process was faster."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        steps.apply(Database(connection, recursive_triggers=False, execute_plugins=False))
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _execute(db: Database, script: str) -> None:
    """Execute statements that each end with a line of their own.

    `Database.executescript` looks anew, at each character inside a transaction, whether a statement has ended: that
    took most of the time in which a database is made.
    """
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if line.rstrip().endswith(";") and sqlite3.complete_statement(statement):
            db.conn.execute(statement.strip())
            statement = ""
    if statement.strip():
        raise ValueError(f"it does not end: {statement.strip()[:60]}")


@steps()
def m001_tasks(db: Database) -> None:
    """The queue: tasks, the results of their steps, whose turn it is, and a tally of finished ones."""
    _execute(
        db,
        """
        CREATE TABLE tasks (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            task_id TEXT NOT NULL UNIQUE,
            request TEXT NOT NULL,
            subject TEXT NOT NULL,
            topic TEXT NOT NULL,
            status TEXT NOT NULL
                CHECK (status IN ('pending', 'in_progress', 'completed', 'failed', 'cancelled')),
            user TEXT NOT NULL,
            priority INTEGER NOT NULL,
            batch_id TEXT,
            attempt INTEGER NOT NULL DEFAULT 0,
            max_attempts INTEGER NOT NULL,
            run_at TEXT,
            due_boot TEXT,
            due_seconds REAL,
            lease_token TEXT,
            worker_id TEXT,
            lease_boot TEXT,
            lease_until REAL,
            cancel_requested INTEGER NOT NULL DEFAULT 0,
            step TEXT,
            percent INTEGER NOT NULL DEFAULT 0,
            message TEXT NOT NULL DEFAULT '',
            article TEXT,
            error_code TEXT,
            error_message TEXT,
            error_hint TEXT,
            error_exit_code INTEGER,
            created_at TEXT NOT NULL,
            admitted_at TEXT NOT NULL,
            started_at TEXT,
            completed_at TEXT,
            estimate_low REAL,
            estimate_high REAL,
            lesson_id INTEGER,
            version INTEGER,
            CHECK ((status = 'in_progress') = (lease_token IS NOT NULL))
        );
        CREATE INDEX tasks_due ON tasks (priority DESC, user, id) WHERE status = 'pending' AND run_at IS NULL;
        CREATE INDEX tasks_waiting ON tasks (run_at) WHERE status = 'pending' AND run_at IS NOT NULL;
        CREATE INDEX tasks_waiting_on_boot_clock ON tasks (due_boot, due_seconds)
            WHERE status = 'pending' AND run_at IS NOT NULL;
        CREATE INDEX tasks_running ON tasks (user, worker_id) WHERE status = 'in_progress';
        CREATE INDEX tasks_finished ON tasks (completed_at, status)
            WHERE status IN ('completed', 'failed', 'cancelled');
        CREATE INDEX tasks_of_user ON tasks (user, admitted_at, created_at);
        CREATE INDEX tasks_of_batch ON tasks (batch_id, id) WHERE batch_id IS NOT NULL;

        CREATE TABLE steps (
            task INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
            key TEXT NOT NULL,
            inputs_sha256 TEXT NOT NULL,
            result TEXT NOT NULL,
            created_at TEXT NOT NULL,
            PRIMARY KEY (task, key)
        ) WITHOUT ROWID;

        CREATE TABLE calls (
            id INTEGER PRIMARY KEY,
            task_id TEXT NOT NULL,
            writer TEXT NOT NULL,
            tokens INTEGER NOT NULL,
            boot TEXT NOT NULL,
            seconds REAL NOT NULL
        );
        CREATE INDEX calls_of_writer ON calls (writer, boot, seconds);

        CREATE TABLE turns (
            priority INTEGER PRIMARY KEY,
            user TEXT NOT NULL
        );

        CREATE TABLE tally (
            status TEXT PRIMARY KEY,
            tasks INTEGER NOT NULL
        ) WITHOUT ROWID;
        INSERT INTO tally (status, tasks) VALUES ('completed', 0), ('failed', 0), ('cancelled', 0);
        CREATE TRIGGER tasks_finish AFTER UPDATE OF status ON tasks
        WHEN new.status != old.status AND new.status IN ('completed', 'failed', 'cancelled') BEGIN
            UPDATE tally SET tasks = tasks + 1 WHERE status = new.status;
        END;
        CREATE TRIGGER tasks_revive AFTER UPDATE OF status ON tasks
        WHEN new.status != old.status AND old.status IN ('completed', 'failed', 'cancelled') BEGIN
            UPDATE tally SET tasks = tasks - 1 WHERE status = old.status;
        END;
        CREATE TRIGGER tasks_forget AFTER DELETE ON tasks
        WHEN old.status IN ('completed', 'failed', 'cancelled') BEGIN
            UPDATE tally SET tasks = tasks - 1 WHERE status = old.status;
        END;
        """,
    )


@steps()
def m002_lessons(db: Database) -> None:
    """Lessons, their immutable versions, the texts that these stand on, and full-text search."""
    _execute(
        db,
        """
        CREATE TABLE lessons (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE,
            subject TEXT NOT NULL,
            topic TEXT NOT NULL,
            language TEXT NOT NULL,
            level TEXT NOT NULL,
            variant TEXT NOT NULL,
            versions INTEGER NOT NULL,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        );
        CREATE INDEX lessons_updated ON lessons (updated_at);

        CREATE TABLE versions (
            lesson INTEGER NOT NULL REFERENCES lessons (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            content TEXT NOT NULL,
            writer TEXT NOT NULL,
            reason TEXT NOT NULL,
            task_id TEXT UNIQUE,
            created_at TEXT NOT NULL,
            PRIMARY KEY (lesson, number)
        );

        CREATE TABLE texts (
            sha256 TEXT PRIMARY KEY,
            text TEXT NOT NULL
        );
        CREATE TABLE version_texts (
            lesson INTEGER NOT NULL,
            number INTEGER NOT NULL,
            sha256 TEXT NOT NULL REFERENCES texts (sha256),
            PRIMARY KEY (lesson, number, sha256),
            FOREIGN KEY (lesson, number) REFERENCES versions (lesson, number) ON DELETE CASCADE
        ) WITHOUT ROWID;
        CREATE INDEX version_texts_sha256 ON version_texts (sha256);

        CREATE TABLE lesson_texts (
            lesson INTEGER PRIMARY KEY REFERENCES lessons (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            body TEXT NOT NULL
        );

        CREATE TABLE durations (
            id INTEGER PRIMARY KEY,
            writer TEXT NOT NULL,
            model TEXT NOT NULL,
            level TEXT NOT NULL,
            seconds REAL NOT NULL,
            seconds_since_submitted REAL NOT NULL,
            estimate_low REAL,
            estimate_high REAL,
            completed_at TEXT NOT NULL
        );
        CREATE INDEX durations_of ON durations (writer, model, level, id);
        """,
    )
    db.table("lesson_texts").enable_fts(
        ["name", "body"], create_triggers=True, tokenize="porter unicode61 remove_diacritics 2"
    )


@steps()
def m003_sources_and_usage(db: Database) -> None:
    """Pages of wikis and whose turn it is to ask them, texts handed in with requests, and what models took."""
    _execute(
        db,
        """
        CREATE TABLE pages (
            wiki TEXT NOT NULL,
            key TEXT NOT NULL,
            content TEXT NOT NULL,
            fetched_at TEXT NOT NULL,
            PRIMARY KEY (wiki, key)
        );

        CREATE TABLE hosts (
            host TEXT PRIMARY KEY,
            boot TEXT NOT NULL,
            next_seconds REAL NOT NULL,
            closed_until REAL NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE inputs (
            sha256 TEXT PRIMARY KEY,
            text TEXT NOT NULL,
            created_at TEXT NOT NULL
        );

        CREATE TABLE usage (
            id INTEGER PRIMARY KEY,
            task_id TEXT NOT NULL,
            user TEXT NOT NULL,
            step TEXT NOT NULL,
            writer TEXT NOT NULL,
            model TEXT NOT NULL,
            input_tokens INTEGER NOT NULL,
            output_tokens INTEGER NOT NULL,
            cost REAL,
            created_at TEXT NOT NULL
        );
        CREATE INDEX usage_of_task ON usage (task_id);
        CREATE INDEX usage_by_time ON usage (created_at);
        """,
    )


@steps()
def m004_batches(db: Database) -> None:
    """Batches of tasks, and which task comes after which."""
    _execute(
        db,
        """
        CREATE TABLE batches (
            id INTEGER PRIMARY KEY,
            batch_id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            user TEXT NOT NULL,
            tasks INTEGER NOT NULL,
            skipped INTEGER NOT NULL,
            fail_fast INTEGER NOT NULL,
            on_done TEXT,
            webhook TEXT,
            created_at TEXT NOT NULL,
            ended_at TEXT,
            summary TEXT,
            told_at TEXT
        );
        CREATE UNIQUE INDEX batches_running ON batches (fingerprint) WHERE ended_at IS NULL;

        CREATE INDEX batches_untold ON batches (id) WHERE ended_at IS NOT NULL AND told_at IS NULL;

        ALTER TABLE tasks ADD COLUMN waits_for INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX tasks_live_of_batch ON tasks (batch_id)
            WHERE batch_id IS NOT NULL AND status IN ('pending', 'in_progress');

        CREATE TABLE prerequisites (
            needs INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
            task INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
            run_anyway INTEGER NOT NULL,
            PRIMARY KEY (needs, task)
        ) WITHOUT ROWID;
        CREATE INDEX prerequisites_of_task ON prerequisites (task);
        """,
    )


@steps()
def m005_locks_and_approvals(db: Database) -> None:
    """Which parts of a lesson later versions keep, and who has approved which version."""
    _execute(
        db,
        """
        CREATE TABLE locks (
            lesson INTEGER NOT NULL REFERENCES lessons (id) ON DELETE CASCADE,
            part TEXT NOT NULL,
            user TEXT NOT NULL,
            created_at TEXT NOT NULL,
            PRIMARY KEY (lesson, part)
        ) WITHOUT ROWID;

        CREATE TABLE approvals (
            lesson INTEGER NOT NULL,
            number INTEGER NOT NULL,
            reviewer TEXT NOT NULL,
            note TEXT NOT NULL,
            marks TEXT NOT NULL,
            created_at TEXT NOT NULL,
            PRIMARY KEY (lesson, number, reviewer),
            FOREIGN KEY (lesson, number) REFERENCES versions (lesson, number) ON DELETE CASCADE
        ) WITHOUT ROWID;
        """,
    )


@steps()
def m006_web(db: Database) -> None:
    """Who may use the web API, and which tasks there were, once they are past their retention."""
    _execute(
        db,
        """
        CREATE TABLE tokens (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            sha256 TEXT NOT NULL UNIQUE,
            user TEXT NOT NULL,
            limit_tasks INTEGER,
            limit_seconds INTEGER,
            created_at TEXT NOT NULL,
            revoked_at TEXT
        );

        CREATE TABLE expired_tasks (
            task_id TEXT PRIMARY KEY,
            user TEXT NOT NULL,
            expired_at TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX expired_tasks_by_time ON expired_tasks (expired_at);

        CREATE TABLE reuses (
            task_id TEXT PRIMARY KEY,
            user TEXT NOT NULL,
            lesson INTEGER NOT NULL REFERENCES lessons (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            created_at TEXT NOT NULL
        );
        CREATE INDEX reuses_of_lesson ON reuses (lesson);
        CREATE INDEX reuses_by_time ON reuses (created_at);
        """,
    )


@steps()
def m007_parcels(db: Database) -> None:
    """Calls that go by a provider's Batch API, and the parcels that they are sent in."""
    _execute(
        db,
        """
        ALTER TABLE usage ADD COLUMN is_batched INTEGER NOT NULL DEFAULT 0;

        CREATE TABLE parcels (
            id INTEGER PRIMARY KEY,
            parcel_id TEXT NOT NULL UNIQUE,
            batch_id TEXT NOT NULL,
            model TEXT NOT NULL,
            address TEXT NOT NULL,
            calls INTEGER NOT NULL,
            file_id TEXT,
            provider_id TEXT,
            status TEXT NOT NULL DEFAULT '',
            answered INTEGER NOT NULL DEFAULT 0,
            failed INTEGER NOT NULL DEFAULT 0,
            missing INTEGER NOT NULL DEFAULT 0,
            is_cancelled INTEGER NOT NULL DEFAULT 0,
            trouble TEXT,
            created_at TEXT NOT NULL,
            sent_at TEXT,
            ended_at TEXT
        );
        CREATE INDEX parcels_open ON parcels (batch_id) WHERE ended_at IS NULL;

        CREATE TABLE parcel_calls (
            id INTEGER PRIMARY KEY,
            task INTEGER NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
            batch_id TEXT NOT NULL,
            key TEXT NOT NULL,
            inputs_sha256 TEXT NOT NULL,
            custom_id TEXT NOT NULL,
            model TEXT NOT NULL,
            body TEXT,
            parcel INTEGER REFERENCES parcels (id),
            sends INTEGER NOT NULL DEFAULT 0,
            status INTEGER,
            answer TEXT,
            created_at TEXT NOT NULL,
            UNIQUE (task, key, inputs_sha256)
        );
        CREATE INDEX parcel_calls_waiting ON parcel_calls (batch_id, model) WHERE parcel IS NULL AND status IS NULL;
        CREATE INDEX parcel_calls_of_parcel ON parcel_calls (parcel, custom_id) WHERE parcel IS NOT NULL;
        """,
    )


@steps()
def m008_numbers_and_place(db: Database) -> None:
    """Version numbers that are not given again, and the name under which the database is written."""
    _execute(
        db,
        """
        ALTER TABLE lessons ADD COLUMN first INTEGER NOT NULL DEFAULT 0;

        CREATE TABLE given_numbers (
            key TEXT PRIMARY KEY,
            next INTEGER NOT NULL,
            lesson INTEGER NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE place (path BLOB NOT NULL);
        INSERT INTO place (path) VALUES (x'');
        """,
    )


@steps()
def m009_exams(db: Database) -> None:
    """What came of the exams that judges sat."""
    _execute(
        db,
        """
        CREATE TABLE exams (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            judge TEXT NOT NULL,
            model TEXT NOT NULL,
            server TEXT NOT NULL,
            prompt_sha256 TEXT NOT NULL,
            exam TEXT NOT NULL,
            language TEXT NOT NULL,
            is_short INTEGER NOT NULL,
            kinds TEXT NOT NULL,
            unanswered INTEGER NOT NULL,
            seconds REAL NOT NULL,
            calls INTEGER NOT NULL,
            tokens INTEGER NOT NULL,
            cost REAL,
            sat_at TEXT NOT NULL
        );
        CREATE INDEX exams_of_judge ON exams (judge, model, server, prompt_sha256, exam);
        """,
    )


@steps()
def m010_sent_batches(db: Database) -> None:
    """What goes to a provider's Batch API by the names that the program calls it by."""
    _execute(
        db,
        """
        DROP INDEX parcels_open;
        DROP INDEX parcel_calls_waiting;
        DROP INDEX parcel_calls_of_parcel;
        ALTER TABLE parcels RENAME TO sent_batches;
        ALTER TABLE sent_batches RENAME COLUMN parcel_id TO sent_batch_id;
        ALTER TABLE parcel_calls RENAME TO batched_calls;
        ALTER TABLE batched_calls RENAME COLUMN parcel TO sent_batch;
        CREATE INDEX sent_batches_open ON sent_batches (batch_id) WHERE ended_at IS NULL;
        CREATE INDEX batched_calls_waiting ON batched_calls (batch_id, model)
            WHERE sent_batch IS NULL AND status IS NULL;
        CREATE INDEX batched_calls_of_sent_batch ON batched_calls (sent_batch, custom_id) WHERE sent_batch IS NOT NULL;
        """,
    )
