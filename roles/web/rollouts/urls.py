"""URLs of rollouts."""

from django.urls import include, path

from roles.web.rollouts import rollout_list, rollout_page, start_rollout

rollout_urls = [
    path("", rollout_list.rollouts, name="rollouts"),
    path("new/", start_rollout.new, name="rollout_new"),
    path(
        "new/<number:snippet>/<reference:reference>/",
        start_rollout.preview,
        name="rollout_preview",
    ),
    path("<number:rollout>/", rollout_page.rollout, name="rollout"),
    path("<number:rollout>/<reference:reference>/", rollout_page.entry, name="rollout_entry"),
]

urlpatterns = [path("rollouts/", include(rollout_urls))]
