"""URLs of job descriptions from files."""

from django.urls import path

from roles.web.imports import import_file

urlpatterns = [path("descriptions/new/file/", import_file.from_file, name="from_file")]
