"""Notifications of reviews as messages and email.

Actions of reviews write rows (`reviews.notify`); here they become messages
(`notification_messages`), email sent now (`delivery`) or once a day (`digests`), and reminders
before and after a due date (`reminders`). `inbox` marks them as read.
"""
