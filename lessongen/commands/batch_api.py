"""`batch submit --batch-api`: whether the provider has a Batch API, said before anything is taken."""

from __future__ import annotations

import dataclasses

from lessongen.app import App
from lessongen.commands.batch_plan import Plan
from lessongen.system.errors import ConfigurationError, Unavailable, UsageError


def by_batch_api(app: App, plan: Plan) -> Plan:
    """The plan with the calls of its model's lessons going by the provider's Batch API.

    Raises `UsageError` where no model writes, `NoBatchApi` and `KeyRefused` where the provider says so. One that can't
    be reached now, or that only a running worker knows, is asked later.
    """
    if not any(row.request.writer == "openai" for row in plan.rows):
        raise UsageError(
            "--batch-api is for lessons that a model writes, and none of these is.",
            hint="Leave it out; or name the writer: --writer openai.",
        )
    try:
        provider = app.batch_provider()
        provider.probe()
        provider.close()
    except (Unavailable, ConfigurationError):
        pass
    rows = [
        dataclasses.replace(row, request=dataclasses.replace(row.request, batch_api=row.request.writer == "openai"))
        for row in plan.rows
    ]
    return dataclasses.replace(plan, rows=rows)
