"""Notifications of reviews as messages and email.

Review actions write rows (`reviews.notify`). This package turns them into messages
(`notification_messages`) and email, sent immediately (`delivery`) or once a day (`digests`), and
adds reminders before and after due dates (`reminders`). `inbox` marks them as read.
"""
