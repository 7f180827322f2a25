"""Every address of the product, nested like the paths."""

from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import IntConverter, StringConverter

from roles.views import (
    activity,
    asking,
    bulk,
    comparing,
    descriptions,
    effective,
    evidence,
    exports,
    guests,
    home,
    imports,
    jobs,
    levels,
    library,
    line_editor,
    managing,
    notifications,
    organisation,
    pasting,
    pay_step,
    people,
    picking,
    placeholders,
    public,
    review_deciding,
    review_list,
    review_saying,
    reviews,
    rollout_page,
    rollouts,
    starting,
    suggestions,
    templates,
    timeline,
    transferring,
    verify,
    versions,
    wizard,
)


class ReferenceConverter(StringConverter):
    """A job description's reference, such as ACC-0001."""

    regex = "[A-Z]{2,6}-[0-9]{1,8}"


class NumberConverter(IntConverter):
    """A number that fits every database's integers; longer ones are simply not found."""

    regex = "[0-9]{1,9}"


register_converter(ReferenceConverter, "reference")
register_converter(NumberConverter, "number")

version_urls = [
    path("", versions.version, name="version"),
    path("restore/", versions.restore, name="version_restore"),
    path("effective/", effective.make_effective, name="version_effective"),
    path("export/<slug:format>/", exports.version_file, name="version_export"),
]

description_urls: list[URLPattern | URLResolver] = [
    path("", descriptions.description, name="description"),
    path("archive/", descriptions.archive, name="description_archive"),
    path("delete/", descriptions.delete, name="description_delete"),
    path("people/", descriptions.people, name="description_people"),
    path("publish/", effective.publish, name="description_publish"),
    path("history/", timeline.history, name="description_history"),
    path("evidence/", evidence.evidence, name="evidence"),
    path("edit/<slug:step>/", wizard.step, name="wizard_step"),
    path("pick/<slug:section>/", picking.pick, name="wizard_pick"),
    path("paste/<slug:section>/", pasting.paste, name="wizard_paste"),
    path("lines/<slug:uid>/", line_editor.more, name="wizard_line"),
    path("placeholders/", placeholders.panel, name="wizard_placeholders"),
    path("pay-chart/<slug:pay>/", pay_step.chart, name="wizard_pay_chart"),
    path("template/", templates.save, name="description_template"),
    path("preview/", exports.preview, name="preview"),
    path("review/", asking.review_ask, name="review_ask"),
    path("export/<slug:format>/", exports.draft_file, name="draft_export"),
    path("compare/", comparing.compare, name="compare"),
    path("compare/export/<slug:format>/", comparing.redline_file, name="compare_export"),
    path("versions/<number:number>/", include(version_urls)),
]

job_urls = [
    path("", jobs.jobs, name="jobs"),
    path("<reference:reference>/", jobs.job, name="job"),
    path("<reference:reference>/<slug:format>/", jobs.job_file, name="job_file"),
]

library_urls = [
    path("", library.snippets, name="library"),
    path("new/", library.add, name="snippet_new"),
    path("<number:pk>/", library.snippet, name="snippet"),
    path("<number:pk>/revise/", library.revise, name="snippet_revise"),
    path("<number:pk>/tags/", library.tags, name="snippet_tags"),
    path("<number:pk>/status/", library.status, name="snippet_status"),
]

template_urls = [
    path("", templates.template, name="template"),
    path("page.png", templates.page_picture, name="template_picture"),
    path("edit/", templates.edit, name="template_edit"),
    path("status/", templates.status, name="template_status"),
]

export_urls = [
    path("", bulk.exports, name="exports"),
    path("new/", bulk.new, name="export_new"),
    path("<number:export>/", bulk.export, name="export"),
    path("<number:export>/file/", bulk.export_file, name="export_file"),
]

rollout_urls = [
    path("", rollouts.rollouts, name="rollouts"),
    path("new/", rollouts.new, name="rollout_new"),
    path("new/<number:snippet>/<reference:reference>/", rollouts.preview, name="rollout_preview"),
    path("<number:rollout>/", rollout_page.rollout, name="rollout"),
    path("<number:rollout>/<reference:reference>/", rollout_page.entry, name="rollout_entry"),
]

people_urls = [
    path("", people.people, name="people"),
    path("<number:key>/", people.person, name="person"),
    path("<number:key>/deactivate/", people.deactivate, name="person_deactivate"),
    path("<number:key>/reactivate/", people.reactivate, name="person_reactivate"),
    path("<number:key>/erase/", people.erase, name="person_erase"),
]

notification_urls = [
    path("", notifications.notifications, name="notifications"),
    path("mail/", notifications.mail_choice, name="mail_choice"),
    path("<number:told>/", notifications.notification, name="notification"),
]

review_urls = [
    path("", reviews.review, name="review"),
    path("say/", review_saying.say, name="review_say"),
    path("threads/<number:thread>/", review_saying.thread, name="review_thread"),
    path("decide/", review_deciding.decide, name="review_decide"),
    path("delegate/", review_deciding.delegate, name="review_delegate"),
    path("manage/", managing.review_manage, name="review_manage"),
    path("seats/<number:seat>/", managing.review_seat, name="review_seat"),
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("suggestions/<number:thread>/", suggestions.suggestion, name="suggestion"),
]

guest_urls = [
    path("leave/", guests.guest_leave, name="guest_leave"),
    path("<str:token>/", guests.guest, name="guest"),
    path("<str:token>/code/", guests.guest_code, name="guest_code"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("activity/", activity.activity, name="activity"),
    path("brand.css", organisation.brand_css, name="brand_css"),
    path("logo/<slug:digest>/", organisation.logo, name="logo"),
    path("descriptions/", descriptions.descriptions, name="descriptions"),
    path("descriptions/new/", starting.start, name="description_new"),
    path("descriptions/new/file/", imports.from_file, name="from_file"),
    path("descriptions/transfer/", transferring.transfer, name="transfer"),
    path("descriptions/<reference:reference>/", include(description_urls)),
    path("exports/", include(export_urls)),
    path("g/", include(guest_urls)),
    path("jobs/", include(job_urls)),
    path("ladder/", levels.levels, name="ladder"),
    path("library/", include(library_urls)),
    path("jd/<slug:reference>", public.page, name="public_page"),
    path("jd/<slug:reference>/<slug:format>", public.file, name="public_file"),
    path("notifications/", include(notification_urls)),
    path("people/", include(people_urls)),
    path("reviews/", review_list.reviews, name="reviews"),
    path("reviews/<number:pk>/", include(review_urls)),
    path("robots.txt", public.robots, name="robots"),
    path("rollouts/", include(rollout_urls)),
    path("verify/", verify.ask, name="verify"),
    path("verify/<str:digits>", verify.answer, name="verify_copy"),
    path("templates/", templates.templates, name="templates"),
    path("templates/<slug:code>/", include(template_urls)),
]
