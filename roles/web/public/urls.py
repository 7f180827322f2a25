"""URLs of pages without sign-in."""

from django.urls import path

from roles.web.public import public_page, verify_copy

urlpatterns = [
    path("jd/<slug:reference>", public_page.page, name="public_page"),
    path("jd/<slug:reference>/<slug:format>", public_page.file, name="public_file"),
    path("robots.txt", public_page.robots, name="robots"),
    path("verify/", verify_copy.verify, name="verify"),
    path("verify/<str:digits>", verify_copy.result, name="verify_copy"),
]
