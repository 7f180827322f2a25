"""URLs of the settings, and of the look of the organization."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from roles.web.settings import (
    branding,
    figure_import,
    list_pages,
    organization_pages,
    security,
    statement_pages,
    system_pages,
)

security_urls = [
    path("", security.security, name="settings_security"),
    path("providers/add/<slug:kind>/", security.add_provider, name="provider_add"),
    path("providers/<number:key>/", security.edit_provider, name="provider_edit"),
    path("providers/<number:key>/remove/", security.remove_provider, name="provider_remove"),
]

list_urls = [
    path("", list_pages.show_list, name="settings_list"),
    path("add/", list_pages.add_row, name="settings_row_add"),
    path("<number:pk>/", list_pages.change_row, name="settings_row"),
    path("<number:pk>/move/", list_pages.move_row, name="settings_row_move"),
    path("<number:pk>/delete/", list_pages.delete_row, name="settings_row_delete"),
]

settings_urls: list[URLPattern | URLResolver] = [
    path("", organization_pages.overview, name="settings"),
    path("organization/", organization_pages.organization_page, name="settings_organization"),
    path("brand/", organization_pages.brand_page, name="settings_brand"),
    path("brand/sample/", organization_pages.brand_sample, name="settings_brand_sample"),
    path("statements/", statement_pages.show_statements, name="settings_statements"),
    path(
        "statements/<slug:category>/add/",
        statement_pages.add_statement,
        name="settings_statement_add",
    ),
    path("statements/<number:pk>/", statement_pages.set_statement, name="settings_statement"),
    path("audiences/", organization_pages.audiences_page, name="settings_audiences"),
    path("prefixes/", organization_pages.prefixes_page, name="settings_prefixes"),
    path("lists/market-figures/import/", figure_import.import_page, name="settings_figures_import"),
    path("lists/market-figures/csv/", figure_import.figures_csv, name="settings_figures_csv"),
    path("lists/<slug:list_name>/", include(list_urls)),
    path("regions/", list_pages.regions, name="regions"),
    path("email/", system_pages.email_page, name="settings_email"),
    path("security/", include(security_urls)),
    path("history/", system_pages.change_history, name="settings_history"),
    path("about/", system_pages.about_page, name="settings_about"),
]

urlpatterns = [
    path("settings/", include(settings_urls)),
    path("brand.css", branding.brand_css, name="brand_css"),
    re_path(
        r"^brand/(?P<color_digits>[0-9a-f]{6})\.css$", branding.version_css, name="version_css"
    ),
    path("logo/<slug:digest>/", branding.logo, name="logo"),
]
