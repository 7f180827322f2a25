"""Reviews: reviewers read a version, comment, suggest changes and decide.

`requests` opens a review and its rounds, `assignments` changes its reviewers, `decisions` takes
their decisions (`decision_options` says which are possible), `approval` approves the version or
marks reviewers as pending, based on `approval_status`; `approval_eligibility` finds who can't
approve. `comments` and `suggestions` are what reviewers write; `suggestion_changes` and
`sync_suggestions` apply suggestions to the draft and follow undo, `feedback` shows them next to it.
`review_access` and `reader_view` limit what each person sees, `notify` writes notifications;
`guest_links` and `guest_codes` admit reviewers without an account. Every action locks the job
description first (`review_lock`), so that actions run one after another."""
