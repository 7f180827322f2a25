"""URLs of current job descriptions for employees."""

from django.urls import include, path

from roles.web.catalog import job_catalog

job_urls = [
    path("", job_catalog.catalog, name="catalog"),
    path("<reference:reference>/", job_catalog.catalog_job, name="catalog_job"),
    path("<reference:reference>/<slug:format>/", job_catalog.catalog_file, name="catalog_file"),
]

urlpatterns = [path("catalog/", include(job_urls))]
