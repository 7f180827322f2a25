"""What people are told of reviews, in words and by mail.

The deeds of reviews write rows (`review.notifying`); here they become sentences (`news`), mail at
once (`mailing`) or once a day (`digesting`), and reminders before and after a due date
(`reminding`).
"""
