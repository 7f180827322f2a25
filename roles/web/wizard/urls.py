"""URLs of writing a job description."""

from django.urls import include, path

from roles.web.wizard import (
    add_to_list,
    line_editor,
    paste_list,
    pay_step,
    placeholder_panel,
    presence_note,
    snippet_picker,
    start,
    step_page,
)

description_urls = [
    path("edit/<slug:step>/", step_page.step, name="wizard_step"),
    path("edit/<slug:step>/presence/", presence_note.note, name="wizard_presence"),
    path("pick/<slug:section>/", snippet_picker.pick, name="wizard_pick"),
    path("paste/<slug:section>/", paste_list.paste, name="wizard_paste"),
    path("lines/<slug:uid>/", line_editor.more, name="wizard_line"),
    path("placeholders/", placeholder_panel.panel, name="wizard_placeholders"),
    path("pay-chart/<slug:pay>/", pay_step.chart, name="wizard_pay_chart"),
    path("add/<slug:list_name>/", add_to_list.add_for_draft, name="wizard_add"),
]

urlpatterns = [
    path("descriptions/new/", start.start, name="description_new"),
    path("descriptions/new/add/<slug:list_name>/", add_to_list.add_for_start, name="start_add"),
    path("descriptions/<reference:reference>/", include(description_urls)),
]
