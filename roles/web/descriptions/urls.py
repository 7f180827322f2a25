"""URLs of the list of job descriptions and the page of one."""

from django.urls import include, path

from roles.web.descriptions import (
    audit_record_page,
    change_selected,
    description_page,
    saved_filters,
    transfer_ownership,
)

description_urls = [
    path("", description_page.description, name="description"),
    path("archive/", description_page.archive, name="description_archive"),
    path("delete/", description_page.delete, name="description_delete"),
    path("people/", description_page.people, name="description_people"),
    path("audit-record/", audit_record_page.audit_record, name="audit_record"),
]

urlpatterns = [
    path("descriptions/", description_page.descriptions, name="descriptions"),
    path("descriptions/filters/", saved_filters.saved_filters, name="saved_filters"),
    path("descriptions/change/", change_selected.change, name="change_selected"),
    path("descriptions/transfer/", transfer_ownership.transfer, name="transfer"),
    path("descriptions/<reference:reference>/", include(description_urls)),
]
