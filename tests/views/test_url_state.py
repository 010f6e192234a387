"""The page's state in its URL."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dam_inventory.domain.fields import FACETS
from dam_inventory.domain.mark import Mark
from dam_inventory.domain.mercator import HALF_WORLD, to_mercator
from dam_inventory.snapshot.criteria import Range
from dam_inventory.snapshot.ranges import RANGES
from dam_inventory.views.url_state import Address


def read(**arguments: str) -> Address:
    return Address.read({name: [text.encode()] for name, text in arguments.items()})


def test_an_address_contains_search_order_selection_basemap_and_newest_change():
    address = read(
        search="deer creek", sort="river", descending="1", selected="7", basemap="ESRI", seen="12"
    )

    assert address == Address("deer creek", "-river", 7, "ESRI", None, Mark(12))


@pytest.mark.parametrize(
    ("arguments", "sort"),
    [
        ({"sort": "owner"}, "owner"),
        ({"sort": "owner", "descending": "1"}, "-owner"),
        ({"descending": "1"}, "-dam_name"),
        ({"sort": "-nid_storage_acre_ft,state"}, "-nid_storage_acre_ft,state"),
        ({"sort": "-state,no_such,state"}, "-state"),
    ],
    ids=str,
)
def test_links_of_today_and_those_with_several_columns_are_read(
    arguments: dict[str, str], sort: str
):
    assert read(**arguments).sort == sort


def test_of_the_columns_in_a_link_the_valid_ones_are_kept_behind_the_name():
    address = read(columns="state:90,nid_height_ft,<b>,state,county:9,river:99999,owner:-3")

    expected = "dam_name,state:90,nid_height_ft,county:48,river,owner"
    assert address.columns == expected


@pytest.mark.parametrize(
    ("text", "compared"),
    [
        ("12,34", (12, 34)),
        ("3,1,3,2,4,5", (3, 1, 2, 4)),
        ("7", (7,)),
        ("x,-1,1e3,,9999999999999999999,\N{ARABIC-INDIC DIGIT ONE},5", (5,)),
        (",".join(["x"] * 10_000), ()),
        ("", ()),
    ],
    ids=str,
)
def test_an_address_contains_the_compared_dams(text: str, compared: tuple[int, ...]):
    assert read(compare=text, tab="compare") == Address(tab="compare", compared=compared)


def test_an_address_contains_filters_with_several_values():
    address = Address.read(
        {"state": [b"Utah", b"unknown"], "date_built": [b"1900..1950"], "search": [b"deer"]}
    )

    assert address == Address(
        "deer", filters={"state": ["", "Utah"], "date_built": Range(1900, 1950)}
    )


def test_a_view_is_in_degrees():
    view = read(view="-112,40,-111,41").view

    (x0, x1), (y0, y1) = to_mercator([-112, -111], [40, 41])
    assert view == pytest.approx((x0, y0, x1, y1))


def test_a_view_may_go_beyond_the_edge_of_the_square_world():
    view = read(view="-400,-89,-20,88").view

    assert view is not None
    assert (view.y0, view.y1) == pytest.approx((-30_240_972, 25_819_498), abs=1)
    assert read(view="-180,-90,180,90").view == pytest.approx(
        (-HALF_WORLD, -2 * HALF_WORLD, HALF_WORLD, 2 * HALF_WORLD)
    )


def test_an_address_says_whether_close_dams_are_rings():
    assert [read(clusters=text).clusters for text in ("yes", "no", "")] == [True, False, False]


def test_the_page_number_in_an_address_starts_at_one():
    address = read(page="3", rows="25")

    assert (address.page, address.page_size) == (2, 25)


@pytest.mark.parametrize(
    "arguments",
    [
        {"sort": "added_by"},
        {"sort": "-,--river"},
        {"columns": "id,added_by,:90"},
        {"selected": "-1"},
        {"selected": "1e3"},
        {"selected": "9" * 30},
        {"seen": "\N{ARABIC-INDIC DIGIT ONE}"},
        {"basemap": "https://example.org/{Z}"},
        {"view": "1,2,3"},
        {"view": "1,2,nan,4"},
        {"view": "1,2,inf,4"},
        {"view": "3,2,1,4"},
        {"view": "-112,-91,-111,41"},
        {"view": "<b>"},
        {"view": "1e-323,0,2e-323,1e-323"},
        {"view": "-112,40,-111.999,40.001"},
        {"page": "0"},
        {"page": "-1"},
        {"rows": "1000"},
        {"rows": "ten"},
    ],
    ids=str,
)
def test_invalid_parts_are_ignored(arguments: dict[str, str]):
    assert read(**arguments) == Address()


@given(
    st.dictionaries(
        st.sampled_from([*Address.__slots__, *FACETS, *RANGES, "near"]),
        st.lists(st.binary(), max_size=2),
    )
)
def test_any_query_can_be_read(arguments: dict[str, list[bytes]]):
    address = Address.read(arguments)

    assert len(address.search) <= 200
