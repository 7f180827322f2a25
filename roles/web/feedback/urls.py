"""URLs of comments and suggestions."""

from django.urls import include, path

from roles.web.feedback import discussion, suggestion_queue

review_urls = [
    path("comment/", discussion.comment, name="review_comment"),
    path("threads/<number:thread>/", discussion.thread, name="review_thread"),
    path("suggestions/", suggestion_queue.suggestions, name="suggestions"),
    path("suggestions/<number:thread>/", suggestion_queue.suggestion, name="suggestion"),
]

urlpatterns = [path("reviews/<number:pk>/", include(review_urls))]
