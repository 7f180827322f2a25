"""URLs of current job descriptions for employees."""

from django.urls import include, path

from roles.web.catalog import job_catalog

job_urls = [
    path("", job_catalog.jobs, name="jobs"),
    path("<reference:reference>/", job_catalog.job, name="job"),
    path("<reference:reference>/<slug:format>/", job_catalog.job_file, name="job_file"),
]

urlpatterns = [path("jobs/", include(job_urls))]
