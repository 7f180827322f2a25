"""URLs of snippets and templates."""

from django.urls import include, path

from roles.web.library import (
    section_editor,
    section_list,
    snippet_page,
    template_pages,
    template_revision_pages,
)

snippet_urls = [
    path("", snippet_page.snippets, name="library"),
    path("new/", snippet_page.add, name="snippet_new"),
    path("<number:pk>/", snippet_page.snippet, name="snippet"),
    path("<number:pk>/revise/", snippet_page.revise, name="snippet_revise"),
    path("<number:pk>/tags/", snippet_page.tags, name="snippet_tags"),
    path("<number:pk>/status/", snippet_page.status, name="snippet_status"),
]

template_urls = [
    path("", template_pages.template, name="template"),
    path("page.png", template_pages.page_picture, name="template_picture"),
    path("edit/", template_pages.edit, name="template_edit"),
    path("status/", template_pages.status, name="template_status"),
    path("sections/", section_list.sections, name="template_sections"),
    path("sections/<slug:section_uid>/", section_editor.edit_section, name="template_section"),
    path(
        "sections/<slug:section_uid>/remove/",
        section_list.remove_section,
        name="template_section_remove",
    ),
    path("revisions/", template_revision_pages.list_revisions, name="template_revisions"),
    path(
        "revisions/<number:revision>/",
        template_revision_pages.show_revision,
        name="template_revision",
    ),
]

urlpatterns = [
    path(
        "descriptions/<reference:reference>/template/",
        template_pages.save,
        name="description_template",
    ),
    path("library/", include(snippet_urls)),
    # Not below templates/, where "new" can be the code of a template.
    path("library/new-template/", template_pages.add, name="template_new"),
    path("templates/", template_pages.templates, name="templates"),
    path("templates/<slug:code>/", include(template_urls)),
]
