"""The static files of production: which are collected, and their storage."""

from __future__ import annotations

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage

# What no page loads of the packages that bring Bootstrap and the fonts: compressing it takes four
# times as long as all the rest.
NOT_LOADED = [
    *("bootstrap-*", "bootstrap.css*", "bootstrap.rtl.*", "bootstrap*.js", "bootstrap*.js.map"),
    *("*.otf", "SourceSansPro-Black*", "SourceSansPro-*Light*", "SourceSansPro-*[bB]oldIt*"),
]


class CollectedFiles(StaticFilesConfig):
    """Django's app of static files, which leaves out what no page loads."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, *NOT_LOADED]


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # no types
    """Static files with a hash in their names, also in the imports of our own modules: comments of
    other packages' scripts look like imports of files that they don't have."""

    _IMPORTS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]
    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", _IMPORTS))
