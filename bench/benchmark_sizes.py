"""How much is measured: `benchmark_data` creates it, `run` measures it, `report` names it."""

from __future__ import annotations

LENGTHS = (40, 400)  # lines of one section; the second is the limit of a job description
LIST_PAGE = 25  # job descriptions, so that the first page of the list is full in every database
BATCH = 10  # job descriptions of one rollout
ROLLOUTS = 5
WARM_UP = 2  # requests of each page that don't count
