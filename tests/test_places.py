"""Countries and regions of ISO 3166."""

from roles import places


def test_countries_are_named_in_the_language() -> None:
    assert places.country_names("en-us")["DE"] == "Germany"
    german = places.country_names("de")
    assert german["DE"] == "Deutschland"
    assert list(german).index("EG") < list(german).index("AL")  # Ägypten is sorted as A
    assert len(german) == len(places.country_names("xx")) > 240


def test_regions_are_those_of_the_country() -> None:
    assert "Colorado" in places.regions("US")
    assert places.regions("GB")[0] == "England"  # before its parts
    assert places.regions("ZZ") == places.regions("") == ()
