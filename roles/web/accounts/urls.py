"""URLs of sign-in and people."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path

from roles.web.accounts import people_pages, sign_in

people_urls = [
    path("", people_pages.list_people, name="people"),
    path("<number:key>/", people_pages.show_person, name="person"),
    path("<number:key>/deactivate/", people_pages.deactivate, name="person_deactivate"),
    path("<number:key>/reactivate/", people_pages.reactivate, name="person_reactivate"),
    path("<number:key>/erase/", people_pages.erase, name="person_erase"),
]

urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("people/", include(people_urls)),
]
