"""URLs of rollouts."""

from django.urls import include, path

from roles.web.rollouts import rollout_list, rollout_page

rollout_urls = [
    path("", rollout_list.rollouts, name="rollouts"),
    path("new/", rollout_list.new, name="rollout_new"),
    path(
        "new/<number:snippet>/<reference:reference>/",
        rollout_list.preview,
        name="rollout_preview",
    ),
    path("<number:rollout>/", rollout_page.rollout, name="rollout"),
    path("<number:rollout>/<reference:reference>/", rollout_page.entry, name="rollout_entry"),
]

urlpatterns = [path("rollouts/", include(rollout_urls))]
