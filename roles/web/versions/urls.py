"""URLs of versions, history, comparison, publication."""

from django.urls import URLPattern, URLResolver, include, path

from roles.web.versions import compare, history_page, make_current, version_page

version_urls = [
    path("", version_page.version, name="version"),
    path("restore/", version_page.restore, name="version_restore"),
    path("make-current/", make_current.make_current, name="version_make_current"),
]

description_urls: list[URLPattern | URLResolver] = [
    path("publish/", make_current.publish, name="description_publish"),
    path("history/", history_page.history, name="description_history"),
    path("compare/", compare.compare, name="compare"),
    path("compare/export/<slug:format>/", compare.redline_file, name="compare_export"),
    path("versions/<number:number>/", include(version_urls)),
]

urlpatterns = [path("descriptions/<reference:reference>/", include(description_urls))]
