"""URLs of the search in everything."""

from django.urls import path

from roles.web.search import search_page

urlpatterns = [path("search/", search_page.search_everything, name="search")]
