"""Demo data, for DEBUG only: accounts, a family of job descriptions, and a review in its second
round. `manage.py make_demo` creates it."""
