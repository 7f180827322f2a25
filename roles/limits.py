"""Size limits of job descriptions, reviews, and rollouts.

Messages take their numbers from here. Limits of a file format are in its importer
(`roles/importers/`), limits of a page are in its view.
"""

from __future__ import annotations

# A job description
TITLE_LIMIT = 150  # characters
HEADING_LIMIT = 150  # characters
GROUP_LIMIT = 100  # characters in the name of a group of lines
LINE_LIMIT = 2_000  # characters in an entry, without its detail
DETAIL_LIMIT = 2_000  # characters
PARAGRAPH_LIMIT = 10_000  # characters
FACT_LIMIT = 200  # characters in the value of a fact
ANSWER_LIMIT = 300  # characters filled in for a placeholder
LINES_LIMIT = 400  # lines and sub-lines
SECTIONS_LIMIT = 60
TEXT_LIMIT = 1_000_000  # characters in all lines: rendering time is proportional
PASTE_LIMIT = 200_000  # characters of a pasted list

# Reviews and rollouts
REVIEWERS_LIMIT = 20  # at a time
THREADS_LIMIT = 500  # of one review
COMMENTS_LIMIT = 200  # of one thread
COMMENT_LIMIT = 4_000  # characters in a comment, a note or a reason
PERSON_NAME_LIMIT = 150  # characters in the name of a reviewer without an account
LEFT_OUT_REASON_LIMIT = (
    300  # characters of the reason for leaving a job description out of a rollout
)

# People
NOTE_LIMIT = 300  # characters of a note on a transfer or a deactivation
