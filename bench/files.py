"""The database's files removed, replaced, cut, restored, linked, under each who may have it open: what comes of it.

`python -m bench.files [WORD]`: real processes, each fault under an idle worker, a busy one, a server and a stream of
`create` commands; with a word only the faults that have it in their name. Exit code 1 where anything that was accepted
after a fault is lost, anything at all is lost without a refusal that says what to do, or the database ends damaged.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from bench.table import print_table
from tests.faults.file_faults import FAULTS, HOLDERS, run


def main() -> int:
    """Print the table."""
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    rows, is_perfect = [], True
    for fault in FAULTS:
        if word not in fault:
            continue
        for holder in HOLDERS:
            started = time.monotonic()
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
                seen = run(holder, fault, Path(name))
            is_perfect = is_perfect and seen.is_good
            lost = str(seen.lost_before), f"{seen.lost_after} of {seen.accepted_after}"
            said = seen.refusals[0][:110] if seen.refusals else ""
            rows.append([fault, holder, *lost, seen.verdict, f"{time.monotonic() - started:.1f} s", said])
            print("  ".join(rows[-1]), file=sys.stderr, flush=True)
    print_table(["fault", "under", "lost, of before", "of after", "end", "took", "first refusal"], rows)
    print("target: nothing accepted is lost, or a refusal:", "reached" if is_perfect else "MISSED")
    return 0 if is_perfect else 1


if __name__ == "__main__":
    sys.exit(main())
