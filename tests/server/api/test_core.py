"""OGC API Features, Part 1: the assertions of its abstract test suite (17-069r4, annex A)."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import quote

import pytest
from openapi_spec_validator import validate

from dam_inventory.domain.fields import FIELDS
from tests.server.api.client import Answer, Client, ids
from tests.server.api.conftest import DAMS, NOWHERE
from tests.ui.server import Server

pytestmark = pytest.mark.slow

GEOJSON = "application/geo+json"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CLASS = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
RESOURCES = (
    "",
    "/openapi",
    "/conformance",
    "/collections",
    "/collections/dams",
    "/collections/dams/schema",
    "/collections/dams/queryables",
    "/collections/dams/items",
    "/collections/dams/items/1",
)


def expect_refusal(answer: Answer, *words: str, status: int = 400) -> None:
    assert answer.status == status
    assert answer.media_type == "application/json"
    assert set(answer.json) == {"code", "description"}
    for word in words:
        assert word in answer.json["description"]


def test_the_landing_page_links_to_everything(client: Client):
    landing = client.get()
    assert landing.status == 200
    assert landing.media_type == "application/json"
    for rel in ("self", "service-desc", "service-doc", "conformance", "data"):
        address = landing.link(rel)
        assert address is not None
        assert client.get(address).status == 200


def test_the_description_is_valid_openapi(client: Client):
    address = client.get().link("service-desc")
    assert address is not None
    answer = client.get(address)
    assert answer.media_type == "application/vnd.oai.openapi+json"
    assert answer.json["openapi"].startswith("3.0.")
    validate(answer.json)


def test_the_description_has_every_path_and_they_answer(client: Client):
    document = client.get("/openapi").json
    assert document["servers"] == [{"url": client.root}]
    for path in document["paths"]:
        answer = client.get(path.replace("{featureId}", "1"), "HEAD")
        assert answer.status == 200, path


def test_every_parameter_of_the_description_is_known(client: Client):
    document = client.get("/openapi").json
    known = document["components"]["parameters"]
    paths = {
        path: [one["$ref"].rpartition("/")[2] for one in about["get"]["parameters"]]
        for path, about in document["paths"].items()
    }
    assert {"limit", "bbox", "datetime", *(one.name for one in FIELDS)} <= {
        *paths["/collections/dams/items"]
    }
    for path, names in paths.items():
        for name in [known[one]["name"] for one in names if known[one]["in"] == "query"]:
            answer = client.get(f"{path.replace('{featureId}', '1')}?{name}=~")
            assert b"There is no" not in answer.body, (path, name)
            assert b"is not a parameter" not in answer.body, (path, name)


def test_the_parameters_of_items_are_described_as_the_standard_demands(client: Client):
    known = client.get("/openapi").json["components"]["parameters"]
    for name in ("limit", "bbox", "datetime"):
        assert known[name]["in"] == "query"
        assert known[name]["required"] is False
        assert known[name]["style"] == "form"
        assert known[name]["explode"] is False
    assert known["limit"]["schema"] == {
        "type": "integer", "minimum": 1, "maximum": 10_000, "default": 100,
    }  # fmt: skip
    assert known["bbox"]["schema"] == {
        "type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"},
    }  # fmt: skip
    assert known["datetime"]["schema"] == {"type": "string"}


OPENAPI = "application/vnd.oai.openapi+json"


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("", f"{OPENAPI};version=3.0"),
        ("/", f"{OPENAPI}, application/json;q=0.5, */*;q=0.1"),
        ("/openapi.json", "*/*"),
        ("/openapi.json", "text/html"),
        ("/openapi", OPENAPI),
    ],
)
def test_the_description_has_the_addresses_that_tools_try(client: Client, path: str, accept: str):
    answer = client.get(path, Accept=accept)
    assert answer.media_type == OPENAPI
    assert answer.json == client.get("/openapi?f=json").json
    tag = answer.headers["ETag"]
    assert client.get(path, Accept=accept, If_None_Match=tag).status == 304
    assert client.get("", If_None_Match=tag).status == 200


def test_the_landing_page_stays_the_answer_for_all_others(client: Client):
    for accept in ("*/*", f"{OPENAPI};q=0.5, application/json", "application/*"):
        assert "links" in client.get("", Accept=accept).json
    assert "links" in client.get("?f=json", Accept=OPENAPI).json


@pytest.mark.parametrize("path", [*RESOURCES, "/changes"])
def test_a_slash_at_the_end_changes_nothing(client: Client, path: str):
    with_slash, without = client.get(f"{path}/?limit=1"), client.get(f"{path}?limit=1")
    assert with_slash.status == without.status
    assert {*with_slash.json} == {*without.json}
    assert client.get(f"{path}/").status == 200


def test_it_declares_the_classes_that_it_keeps(client: Client):
    declared = client.get("/conformance").json["conformsTo"]
    assert {*declared} == {CLASS + name for name in ("core", "oas30", "html", "geojson")}


def test_the_collections_are_the_dams(client: Client):
    answer = client.get("/collections")
    assert answer.link("self") == f"{client.root}/collections?f=json"
    [collection] = answer.json["collections"]
    one = client.get("/collections/dams")
    assert one.json["id"] == collection["id"] == "dams"
    assert one.json["itemType"] == "feature"
    assert one.json["crs"] == [CRS84]
    assert one.json["extent"] == collection["extent"]
    for rel, media_type in (("items", GEOJSON), ("items", "text/html"), ("self", None)):
        address = one.link(rel, media_type)
        assert address is not None
        assert client.get(address).status == 200


def test_the_extent_holds_all_dams_and_when_they_were_added(client: Client):
    extent = client.get("/collections/dams").json["extent"]
    assert extent["spatial"] == {"bbox": [[-115.0, 35.0, -106.1, 40.9]], "crs": CRS84}
    [[first, last]] = extent["temporal"]["interval"]
    assert last is None
    assert dt.datetime.fromisoformat(first) < dt.datetime.now(dt.UTC)


def test_a_page_of_dams_is_a_feature_collection(client: Client):
    answer = client.items()
    assert answer.media_type == GEOJSON
    page = answer.json
    assert page["type"] == "FeatureCollection"
    assert page["numberMatched"] == DAMS
    assert page["numberReturned"] == len(page["features"]) == 100
    moment = dt.datetime.fromisoformat(page["timeStamp"])
    assert abs((dt.datetime.now(dt.UTC) - moment).total_seconds()) < 3600
    assert answer.link("self") == f"{client.root}/collections/dams/items?f=json"
    assert answer.link("alternate", "text/html") is not None
    first = page["features"][0]
    assert first["type"] == "Feature"
    assert first["geometry"] == {"type": "Point", "coordinates": [-115.0, 35.0]}
    assert first["properties"]["dam_name"] == "Dam 0 <b>&\"'"


@pytest.mark.parametrize(("limit", "returned"), [(1, 1), (7, 7), (10_000, DAMS), (10**20, DAMS)])
def test_a_page_has_at_most_as_many_dams_as_asked_for(client: Client, limit: int, returned: int):
    page = client.items(limit=limit).json
    assert page["numberReturned"] == len(page["features"]) == returned


@pytest.mark.parametrize("limit", ["0", "-1", "1.5", "many", "", "٣", "1e3"])
def test_another_limit_is_refused(client: Client, limit: str):
    expect_refusal(client.items(limit=limit), "limit")


def test_the_pages_hold_each_dam_once_in_the_order_of_ids(client: Client):
    pages = [*client.pages(limit=500)]
    assert [one.json["numberReturned"] for one in pages] == [500, 500, 500, 500, 300]
    assert {one.json["numberMatched"] for one in pages} == {DAMS}
    found = ids(*pages)
    assert found == sorted({*found})
    assert len(found) == DAMS


def test_the_next_page_keeps_every_other_parameter(client: Client):
    parameters = {"state": "Utah", "hazard": ["High", "Low"], "bbox": "-120,30,-100,50"}
    pages = [*client.pages(limit=400, **parameters)]
    found = [one for page in pages for one in page.json["features"]]
    assert len(pages) > 2
    assert {one["properties"]["state"] for one in found} == {"Utah"}
    assert len(found) == pages[0].json["numberMatched"]


def test_paging_stays_right_while_dams_are_added_and_removed(server: Server, client: Client):
    first, second = (client.items(limit=2, after=100 * one) for one in (1, 2))
    gone = ids(first)[1]
    following = first.link("next", GEOJSON)
    assert following is not None
    snapshot = server.inventory.snapshot()
    change = server.inventory.remove(gone, snapshot.ground.mark)
    server._expect_published(change.seq)
    try:
        # By offset, one dam would be left out.
        assert ids(client.get(following)) == [103, 104]
        assert ids(second) == ids(client.items(limit=2, after=200))
    finally:
        server._expect_published(server.inventory.undo(change.seq).seq)


@pytest.mark.parametrize(
    ("bbox", "expected"),
    [
        ("-115,35,-114,36", lambda x, y: -115 <= x <= -114 and 35 <= y <= 36),
        ("-115,35,0,-114,36,9000", lambda x, y: -115 <= x <= -114 and 35 <= y <= 36),
        ("-115,35,-115,35", lambda x, y: (x, y) == (-115, 35)),
        ("170,-90,-110,90", lambda x, y: x <= -110),
        ("-107,-90,-110,90", lambda x, y: x <= -110 or x >= -107),
        ("-720,-90,720,90", lambda _x, _y: True),
        ("10,10,20,20", lambda _x, _y: False),
    ],
)
def test_a_box_holds_the_dams_within_it(client: Client, bbox: str, expected: Any):
    everything = client.items(limit=10_000).json["features"]
    wanted = [
        one["id"] for one in everything
        if one["geometry"] and expected(*one["geometry"]["coordinates"])
    ]  # fmt: skip
    answer = client.items(bbox=bbox, limit=10_000)
    assert ids(answer) == wanted
    assert answer.json["numberMatched"] == len(wanted)


@pytest.mark.parametrize(
    "bbox",
    ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "1,40,2,30", "1,2,nan,4", "1,2,inf,4", "1;2;3;4",
     "1,2,9,3,4,8", "1,2,3,4,5,6,7", "1_0,2,3,4"],
)  # fmt: skip
def test_another_box_is_refused(client: Client, bbox: str):
    expect_refusal(client.items(bbox=bbox), "bbox")


def test_a_box_given_twice_is_refused(client: Client):
    expect_refusal(client.items(bbox=["1,2,3,4", "1,2,3,4"]), "bbox", "2 times")


def test_a_time_chooses_by_when_a_dam_was_added(client: Client):
    moment = client.items(limit=1).json["features"][0]["properties"]["added_at"]
    today, tomorrow = moment[:10], "2999-01-01"
    for given, matched in (
        (moment, DAMS),
        (f"{moment}/..", DAMS),
        (f"../{moment}", DAMS),
        (f"/{moment}", DAMS),
        (f"{moment}/", DAMS),
        (today, DAMS),
        (f"2000-01-01T00:00:00Z/{tomorrow}T00:00:00+01:00", DAMS),
        (f"{tomorrow}T00:00:00Z/..", 0),
        ("../2000-01-01t00:00:00z", 0),
        ("2000-01-01T00:00:00.5Z", 0),
    ):
        answer = client.items(datetime=given, limit=1)
        assert answer.json["numberMatched"] == matched, given


@pytest.mark.parametrize(
    "moment",
    ["", "..", "../..", "/", "soon", "2020", "2020-13-01", "2020-01-01T25:00:00Z",
     "2020-01-01T00:00:00", "2021-01-01T00:00:00Z/2020-01-01T00:00:00Z", "2020-W01-1",
     "0001-01-01T00:00:00+23:59", "2020-01-01T00:00:00Z/2021-01-01T00:00:00Z/.."],
)  # fmt: skip
def test_another_time_is_refused(client: Client, moment: str):
    expect_refusal(client.items(datetime=moment), "datetime")


@pytest.mark.parametrize("path", [*RESOURCES, "/dams.csv"])
def test_an_unknown_parameter_is_refused(client: Client, path: str):
    expect_refusal(client.get(f"{path}?nonsense=1"), "nonsense")


def test_a_value_chooses_dams_by_any_field(client: Client):
    everything = client.items(limit=10_000).json["features"]
    for name, text in (
        ("owner", "Owner 3"),
        ("dam_name", "Dam 7 <b>&\"'"),
        ("nid_height_ft", "30"),
        ("nid_height_ft", "3e1"),
        ("longitude", "-110.5"),
        ("date_built", "1950"),
        ("state", "Utah"),
        ("river", "Green River"),
    ):
        number = float(text) if name in ("nid_height_ft", "longitude") else None
        wanted = [
            one["id"] for one in everything
            if one["properties"][name] == (text if number is None else number)
        ]  # fmt: skip
        assert ids(client.items(**{name: text}, limit=10_000)) == wanted, name
    assert client.items(nid_height_ft="unknown").json["numberMatched"] == 100
    assert client.items(longitude="unknown").json["numberMatched"] == NOWHERE
    assert client.items(owner=["Owner 3", "Owner 4"]).json["numberMatched"] == sum(
        one["properties"]["owner"] in ("Owner 3", "Owner 4") for one in everything
    )


def test_the_filters_of_the_page_choose_dams(client: Client):
    everything = [one["properties"] for one in client.items(limit=10_000).json["features"]]
    for parameters, meets in (
        ({"hazard": "High", "state": "Utah"},
         lambda one: (one["hazard_potential"], one["state"]) == ("High", "Utah")),
        ({"height": "10..20"}, lambda one: 10 <= (one["nid_height_ft"] or 0) < 20),
        ({"search": "dam 17 provo"}, lambda one: "17" in one["dam_name"] + one["nid_id"]),
        ({"purposes": "Recreation"}, lambda one: "Recreation" in one["purposes"]),
        ({"purposes": "Irrigation;Recreation"},
         lambda one: one["purposes"] == "Irrigation;Recreation"),
        ({"hydrograph": "yes"}, lambda _: False),
    ):  # fmt: skip
        answer = client.items(**parameters, limit=1)
        assert answer.json["numberMatched"] == sum(map(meets, everything)), parameters


@pytest.mark.parametrize(
    ("name", "text"),
    [("nid_height_ft", "high"), ("latitude", "nan"), ("height", "20..10"), ("hydrograph", "maybe"),
     ("date_built", "soon"), ("last_inspection_date", "May 2020"), ("near", "1,2"), ("due", "x"),
     ("quality", "good")],
)  # fmt: skip
def test_a_value_that_makes_no_sense_is_refused(client: Client, name: str, text: str):
    expect_refusal(client.items(**{name: text}), text)


def test_one_dam_is_a_feature_with_links(client: Client):
    answer = client.get("/collections/dams/items/7")
    assert answer.media_type == GEOJSON
    feature = answer.json
    assert (feature["type"], feature["id"]) == ("Feature", 7)
    assert answer.link("self") == f"{client.root}/collections/dams/items/7?f=json"
    assert answer.link("collection") == f"{client.root}/collections/dams"
    del feature["links"]
    assert feature == client.items(after=6, limit=1).json["features"][0]


def test_a_dam_without_a_location_has_no_geometry(client: Client):
    assert client.get(f"/collections/dams/items/{DAMS}").json["geometry"] is None


@pytest.mark.parametrize(
    "text", ["0", "-1", "999999", "x", "1.0", "9" * 19, "9" * 400, "%00", "%D9%A3", "..%2F1"]
)
def test_a_dam_that_is_not_there_is_not_found(client: Client, text: str):
    expect_refusal(client.get(f"/collections/dams/items/{text}"), "There is no dam", status=404)


@pytest.mark.parametrize("path", ["/nothing", "/collections/lakes", "/collections/dams/items/1/x"])
def test_another_path_is_not_found(client: Client, path: str):
    expect_refusal(client.get(path), "nothing here", status=404)


@pytest.mark.parametrize("path", RESOURCES)
def test_everything_is_also_a_page(client: Client, path: str):
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for answer in (client.get(f"{path}?f=html"), client.get(path, Accept=browser)):
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.text.startswith("<!DOCTYPE html>")
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        # Nothing of what a file says is markup, and nothing comes from elsewhere.
        assert "<b>" not in answer.text
        addresses = re.findall(r'(?:href|src)="([^"]*)"', answer.text)
        assert all(one.startswith((client.root, "data:")) for one in addresses)
    assert client.get(path, Accept="*/*").media_type != "text/html"
    assert client.get(f"{path}?f=json", Accept="text/html").media_type != "text/html"
    expect_refusal(client.get(f"{path}?f=xml"), "json, html")


def test_the_page_of_dams_leads_to_each_dam_and_to_the_next_page(client: Client):
    page = client.items(f="html", limit=3, state="Utah").text
    assert "3 of 1,533 dams" in page
    assert f"{client.root}/collections/dams/items/2?f=html" in page
    following = re.search(r'href="([^"]*)" rel="next">Next page</a>', page)
    assert following is not None
    assert "3 of 1,533 dams" in client.get(following[1].replace("&amp;", "&")).text


def test_a_value_that_can_not_be_is_refused(client: Client):
    expect_refusal(client.items(hazard="Hgih"), 'Did you mean "High"')
    expect_refusal(client.get("/dams.csv?condition=Poore"), 'Did you mean "Poor"')
    assert client.items(state="Atlantis").json["numberMatched"] == 0


def test_no_dam_is_a_page_that_says_so(client: Client):
    assert "No dam meets all parameters." in client.items(f="html", owner="Nobody").text
    assert client.items(owner="Nobody").json["features"] == []


def test_the_schema_names_each_property(client: Client):
    schema = client.get("/collections/dams/schema").json
    described = schema["properties"]["properties"]["properties"]
    found = client.items(limit=1).json["features"][0]["properties"]
    assert {*described} == {*found} - {"id"}
    assert described["nid_height_ft"]["type"] == "number"
    names = client.get("/collections/dams/queryables").json["properties"]
    assert [*names] == [one.name for one in FIELDS]


def test_hostile_values_are_only_values(client: Client):
    for text in ("\0", "'; DROP TABLE dams; --", "%", "ﷺ", "<script>", "~unknown", "\ud7ff"):
        answer = client.get(f"/collections/dams/items?owner={quote(text)}&f=html")
        assert answer.status == 200
        assert "<script>" not in answer.text
