"""Countries and their regions, from ISO 3166."""

from __future__ import annotations

from functools import lru_cache

from roles import folding, languages


@lru_cache(maxsize=20)
def country_names(language: str) -> dict[str, str]:
    """Returns the countries of ISO 3166-1: code to name in this language, sorted by name. The
    names are those of CLDR, which are shorter than the official ones, such as "Bolivia"."""
    import pycountry  # takes a while

    iso = [(country.alpha_2, country.name) for country in pycountry.countries]
    locale = languages.locale_of(language) or languages.locale_of(languages.DEFAULT)
    known = locale.territories if locale else {}
    names = {code: known.get(code, official) for code, official in iso}
    return dict(sorted(names.items(), key=lambda pair: folding.fold(pair[1])))


@lru_cache(maxsize=300)
def regions(country: str) -> tuple[str, ...]:
    """Returns the names of the regions of a country, from ISO 3166-2: first those that are part of
    no other. Empty for an unknown country."""
    import pycountry

    found = pycountry.subdivisions.get(country_code=country) or ()  # type: ignore[no-untyped-call]
    ordered = sorted(found, key=lambda one: (bool(one.parent_code), folding.fold(one.name)))
    return tuple(dict.fromkeys(one.name for one in ordered))
