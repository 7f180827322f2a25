"""URLs of requesting, managing and giving a review."""

from django.urls import include, path

from roles.web.reviews import (
    decide,
    delegate,
    guest_access,
    manage_review,
    request_review,
    review_list,
    review_page,
)

review_urls = [
    path("", review_page.review, name="review"),
    path("decide/", decide.decide, name="review_decide"),
    path("delegate/", delegate.delegate, name="review_delegate"),
    path("manage/", manage_review.review_manage, name="review_manage"),
    path("reviewers/<number:reviewer_id>/", manage_review.review_reviewer, name="review_reviewer"),
]

guest_urls = [
    path("leave/", guest_access.guest_leave, name="guest_leave"),
    path("<str:token>/", guest_access.guest, name="guest"),
    path("<str:token>/code/", guest_access.guest_code, name="guest_code"),
]

urlpatterns = [
    path(
        "descriptions/<reference:reference>/review/",
        request_review.review_request,
        name="review_request",
    ),
    path("g/", include(guest_urls)),
    path("reviews/", review_list.reviews, name="reviews"),
    path("reviews/<number:pk>/", include(review_urls)),
]
