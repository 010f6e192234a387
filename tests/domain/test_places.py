"""Coordinates are read in every usual spelling, and nothing else is taken for coordinates."""

# ruff: noqa: RUF001, because people paste these signs

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dam_inventory.domain.places import MAX_LENGTH, read_place

HERE = (-111.5, 40.4)

SPELLINGS = [
    "40.4, -111.5",
    "40.4 -111.5",
    "40.4,-111.5",
    "  (40.4, -111.5)\n",
    "40.4N 111.5W",
    "40.4n, 111.5w",
    "40°24'00\"N 111°30'00\"W",
    "40°24'00\"N111°30'00\"W",
    "40°24′00″N 111°30′00″W",
    "40º24’00”N 111º30’00”W",
    "40°24'00''N, 111°30'00''W",
    "40 24 00 N, 111 30 00 W",
    "N40 24.0 W111 30.0",
    "N 40.4, W 111.5",
    "40:24:00N 111:30:00W",
    "40° 24' N, 111° 30' W",
    "40° 24' -111° 30'",
    "40.4°, -111.5°",
    "40 24 0 -111 30 0",
    "40 deg 24 min 0 sec N, 111 deg 30 min 0 sec W",
    "40.4 north, 111.5 west",
    "\N{MINUS SIGN}111.5 40.4",
    "+40.4-111.5",
    "40,4; -111,5",
    "40,4 -111,5",
    "40,4, -111,5",
    "-111.5, 40.4",
    "111.5W 40.4N",
    "W111.5 N40.4",
    "lat 40.4 lon -111.5",
    "Longitude: -111.5, latitude: 40.4",
    "40.4 N, -111.5",
    "-111.5 W, 40.4",
    "https://www.google.com/maps/@40.4,-111.5,12z/data=!3m1",
    "https://www.google.com/maps/place/Dam/@40.4,-111.5,3a,75y",
    "https://maps.google.com/?q=40.4,-111.5",
    "https://maps.apple.com/?ll=40.4%2C-111.5&z=3",
    "https://www.openstreetmap.org/#map=12.5/40.4/-111.5",
    "@40.4,-111.5",
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_it_reads_every_usual_spelling(text: str):
    assert read_place(text) == pytest.approx(HERE)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("N40 24.5 W111 30.2", (-111 - 30.2 / 60, 40 + 24.5 / 60)),
        ("33.9S 151.2E", (151.2, -33.9)),
        ("151.2 -33.9", (151.2, -33.9)),
        ("40, 111", (111, 40)),
        ("-90, 180", (180, -90)),
        ("0 0", (0, 0)),
    ],
)
def test_it_reads_the_latitude_first_unless_it_can_not_be_one(
    text: str, place: tuple[float, float]
):
    assert read_place(text) == pytest.approx(place)


@pytest.mark.parametrize(
    "text",
    [
        "", "hoover", "NV10122", "40", "40.4", "N", "N W", "Site 12 3", "No. 1, 2", "12:30",
        "39,5", "40,111", "40,4,5", "1,2,3,4", "1/2", "4-5", "2003-04", "40.4 - 111.5",
        "91, 181", "120 130", "-95 100", "40.4N 111.5N", "-40.4N 111.5W", "40.4 N N, 111.5 W",
        "40 75 00 N, 111 30 00 W", "40 24 61 N, 111 30 00 W", "40.5 24 N, 111 30 W",
        "40 -24 N, 111 30 W", "5' 40, 3", '5" 40°, 3', "40.4, -111.5, 3", "40 5, 3N N", "4 5 6",
        "nan, 3", "inf inf", "1e5, 3", "40.5.5 3", "40.4, -111.5 dam", "٤٠.٤, ١١١.٥", "9" * 400,
        "https://example.org/40.4,-111.5", "https://www.google.com/maps/@91,-111.5,12z",
        "1 2" + " " * MAX_LENGTH + "3", "40.4, -111.5" + "0" * MAX_LENGTH,
    ],
)  # fmt: skip
def test_it_does_not_guess(text: str):
    assert read_place(text) is None


LATITUDES = st.floats(-90, 90, allow_subnormal=False)
LONGITUDES = st.floats(-180, 180, allow_subnormal=False)


def sexagesimal(degrees: float, letters: str, form: str) -> str:
    seconds = round(abs(degrees) * 3600, 3)
    whole = int(seconds // 3600)
    minutes = int(seconds // 60) - whole * 60
    rest = seconds - whole * 3600 - minutes * 60
    return form.format(whole, minutes, f"{rest:.3f}", letters[degrees < 0])


@given(LATITUDES, LONGITUDES, st.sampled_from(["{:.6f}, {:.6f}", "{:.6f} {:.6f}", "{:.6f},{:.6f}"]))
def test_what_is_written_in_decimal_degrees_is_read_back(y: float, x: float, form: str):
    assert read_place(form.format(y, x)) == pytest.approx((x, y), abs=1e-6)


@given(
    LATITUDES,
    LONGITUDES,
    st.sampled_from(["{}°{}'{}\"{}", "{} {} {} {}", "{}° {}′ {}″ {}", "{3}{0} {1} {2}"]),
    st.booleans(),
    st.sampled_from([", ", " ", "; "]),
)
def test_what_is_written_in_degrees_minutes_and_seconds_is_read_back(
    y: float, x: float, form: str, turned: bool, separator: str
):
    written = [sexagesimal(y, "NS", form), sexagesimal(x, "EW", form)]
    assume(not any("60.000" in one for one in written))
    read = read_place(separator.join(written[::-1] if turned else written))
    assert read == pytest.approx((x, y), abs=1e-6)


@given(st.text(max_size=60) | st.text(" 0123456789.,;:°'\"+-NSEWnw", max_size=40))
def test_whatever_is_read_is_on_earth(text: str):
    if place := read_place(text):
        longitude, latitude = place
        assert abs(longitude) <= 180
        assert abs(latitude) <= 90
