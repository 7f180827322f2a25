"""The Django admin, for emergencies: accounts, the library, and the records of the product.

Settings and lists of the organization have their own pages (roles.web.settings). Models with
revisions, tokens, or events are read-only here or are saved by their actions.
"""

from django.contrib import admin

from roles.admin import library_admin, people_admin, records_admin, template_admin

__all__ = ["library_admin", "people_admin", "records_admin", "template_admin"]

admin.site.site_header = "JD Builder"
admin.site.site_title = "JD Builder"
admin.site.index_title = "Administration"
