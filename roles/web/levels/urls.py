"""URLs of the level comparison."""

from django.urls import path

from roles.web.levels import level_comparison

urlpatterns = [path("levels/", level_comparison.show, name="levels")]
