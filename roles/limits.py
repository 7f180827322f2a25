"""Limits of job descriptions, reviews, and rollouts, and the formats of their identifiers.

Messages take their numbers from here. Limits of a file format are in its importer
(`roles/importers/`), limits of a page are in its view.
"""

from __future__ import annotations

# A job description
TITLE_LIMIT = 150  # characters
HEADING_LIMIT = 150  # characters
GROUP_LIMIT = 100  # characters in the name of a group of lines
DEMAND_AMOUNT_LIMIT = 99_999  # of a physical demand, in any unit
TABLE_COLUMNS_LIMIT = 4  # columns of a table section
LINE_LIMIT = 2_000  # characters in an entry, without its detail
DETAIL_LIMIT = 2_000  # characters
PARAGRAPH_LIMIT = 10_000  # characters
APPLY_LIMIT = 500  # characters in a link or an email address to apply
FACT_LIMIT = 200  # characters in the value of a fact
NAME_LIMIT = 100  # characters in the name of a family, level, department, custom fact, or place
CODE_LIMIT = 30  # characters in a pay grade or job code
MARKET_ROLE_LIMIT = 150  # characters in the role of a market figure
PLACEHOLDER_LIMIT = 90  # characters in a key: placeholders.KEY_LIMIT, and a number
ANSWER_LIMIT = 300  # characters filled in for a placeholder
ANSWERS_LIMIT = 2_000  # placeholders filled in
FACTS_LIMIT = 100
LINES_LIMIT = 400  # lines and sub-lines
SECTIONS_LIMIT = 60
TEXT_LIMIT = 1_000_000  # characters in all lines: rendering time is proportional
PASTE_LIMIT = 200_000  # characters of a pasted list
EXPERIENCE_LIMIT = 60  # years
WEEKLY_HOURS_LIMIT = 168
UID_PATTERN = r"[A-Za-z0-9_-]{1,32}"  # of a section, line, or pay range
VERSION_NOTE_LIMIT = 500  # characters
VERSION_LABEL_LIMIT = 50  # characters
REFERENCE_PATTERN = r"[A-Z]{2,6}-[0-9]{1,8}"  # such as ACC-0001
SOC_PATTERN = r"\d{2}-\d{4}(\.\d{2})?"  # an occupation, such as 41-3091 or 41-3091.00
AS_OF_PATTERN = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"  # date of a market figure

# Search
SEARCH_LIMIT = 200  # characters
QUERY_LIMIT = 1_000  # characters of the query of a URL that is saved
SAVED_FILTERS_LIMIT = 20  # of one person

# Reviews and rollouts
REVIEWERS_LIMIT = 20  # at a time
THREADS_LIMIT = 500  # of one review
COMMENTS_LIMIT = 200  # of one thread
COMMENT_LIMIT = 4_000  # characters in a comment, a note or a reason
PERSON_NAME_LIMIT = 150  # characters in a first or last name, or of a reviewer without an account
LEFT_OUT_REASON_LIMIT = 300  # characters of why a rollout leaves a job description out

# People
NOTE_LIMIT = 300  # characters of a note on a transfer or a deactivation
