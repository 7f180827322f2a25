"""URLs of comments and suggestions."""

from django.urls import include, path

from roles.web.feedback import suggestion_queue, thread_pages

review_urls = [
    path("comment/", thread_pages.comment, name="review_comment"),
    path("threads/<number:thread>/", thread_pages.thread, name="review_thread"),
    path("suggestions/", suggestion_queue.suggestions, name="suggestions"),
    path("suggestions/<number:thread>/", suggestion_queue.suggestion, name="suggestion"),
]

urlpatterns = [path("reviews/<number:pk>/", include(review_urls))]
