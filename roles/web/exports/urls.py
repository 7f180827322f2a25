"""URLs of files, one or many."""

from django.urls import include, path

from roles.web.exports import bulk, files

description_urls = [
    path("preview/", files.preview, name="preview"),
    path("export/<slug:format>/", files.draft_file, name="draft_export"),
    path(
        "versions/<number:number>/export/<slug:format>/",
        files.version_file,
        name="version_export",
    ),
]

export_urls = [
    path("", bulk.exports, name="exports"),
    path("new/", bulk.new, name="export_new"),
    path("<number:export>/", bulk.export, name="export"),
    path("<number:export>/file/", bulk.export_file, name="export_file"),
]

urlpatterns = [
    path("descriptions/<reference:reference>/", include(description_urls)),
    path("exports/", include(export_urls)),
]
