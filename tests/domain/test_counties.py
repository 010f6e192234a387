"""States and counties are called what people call them."""

from __future__ import annotations

import pytest

from dam_inventory.domain.counties import county_name, state_code, state_name


@pytest.mark.parametrize(
    ("written", "code", "name"),
    [
        ("NV", "NV", "Nevada"),
        ("nv ", "NV", "Nevada"),
        ("Nevada", "NV", "Nevada"),
        ("NEW MEXICO", "NM", "NEW MEXICO"),
        ("Bavaria", "", "Bavaria"),
        ("", "", ""),
    ],
)
def test_a_state_has_a_name_and_a_postal_code(written: str, code: str, name: str):
    assert (state_code(written), state_name(written)) == (code, name)


@pytest.mark.parametrize(
    ("county", "state", "name"),
    [
        ("CLARK", "NV", "Clark County"),
        ("CLARK, NV; MOHAVE, AZ", "Nevada", "Clark County"),
        ("CLARK, NV; MOHAVE, AZ", "AZ", "Mohave County"),
        ("Clark; Lincoln", "NV", "Clark County"),
        ("OKEECHOBEE COUNTY", "FL", "Okeechobee County"),
        ("ST. CLAIR", "AL", "St. Clair County"),
        ("PRINCE GEORGE'S", "MD", "Prince George's County"),
        ("O'BRIEN", "IA", "O'Brien County"),
        ("MCHENRY", "IL", "McHenry County"),
        ("DeKalb", "GA", "DeKalb County"),
        ("ORLEANS", "LA", "Orleans Parish"),
        ("Carson City", "NV", "Carson City"),
        ("FAIRFAX", "VA", "Fairfax"),
        ("Ponce", "PR", "Ponce"),
        ("", "NV", ""),
        ("Clark", "", "Clark County"),
    ],
)
def test_a_county_says_what_it_is_where_that_is_known(county: str, state: str, name: str):
    assert county_name(county, state) == name
