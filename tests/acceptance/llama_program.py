"""The server process: `python llama_program.py WEIGHTS --port …`, run by a Python that has xllamacpp.

Serves until it is killed.
"""

from __future__ import annotations

import argparse
import os
import threading
from pathlib import Path

import xllamacpp  # type: ignore[import-not-found]


def main() -> None:
    """Serve the model."""
    parser = argparse.ArgumentParser()
    parser.add_argument("weights", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--context-tokens", type=int, required=True)
    parser.add_argument("--slots", type=int, required=True)
    given = parser.parse_args()

    settings = xllamacpp.CommonParams()
    settings.model.path = str(given.weights)
    settings.model_alias = {given.name}
    settings.hostnames = ["127.0.0.1"]
    settings.port = given.port
    settings.api_keys = [given.key]
    settings.n_ctx = given.context_tokens * given.slots
    settings.n_parallel = given.slots
    settings.kv_unified = False
    settings.ui = False
    settings.warmup = False
    settings.fit_params = False
    for threads in (settings.cpuparams, settings.cpuparams_batch):
        # Its threads spin while they wait, and starve each other and the tests where each core has one.
        threads.n_threads = max(1, (os.cpu_count() or 1) - 1)
        threads.poll = 0
    server = xllamacpp.Server(settings)  # lives as long as this name
    print("listening on", server.listening_address, flush=True)  # noqa: T201
    threading.Event().wait()


if __name__ == "__main__":
    main()
