"""URLs of the home page, activity and notifications."""

from django.urls import include, path

from roles.web.home import activity, home_page, notification_list

notification_urls = [
    path("", notification_list.notifications, name="notifications"),
    path("email/", notification_list.email_preferences, name="email_preferences"),
    path("<number:notification_id>/", notification_list.notification, name="notification"),
]

urlpatterns = [
    path("", home_page.home, name="home"),
    path("activity/", activity.activity, name="activity"),
    path("notifications/", include(notification_urls)),
]
