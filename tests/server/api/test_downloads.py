"""Files under addresses that stay the same."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
import socket
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pyogrio import raw
from python_calamine import CalamineWorkbook

from tests.server.api.client import Client, ids
from tests.server.api.conftest import DAMS
from tests.starting import wait_until
from tests.ui.server import Server, dam, serving

pytestmark = pytest.mark.slow

FORMATS = ("csv", "geojson", "gpkg", "xlsx")


def dam_ids(name: str, body: bytes, folder: Path) -> list[int]:
    """Return the IDs of the dams in a file."""
    if name == "csv":
        return [int(one["id"]) for one in csv.DictReader(io.StringIO(body.decode()))]
    if name == "geojson":
        return [one["id"] for one in json.loads(body)["features"]]
    file = folder / f"dams.{name}"
    file.write_bytes(body)
    if name == "gpkg":
        info, _, _, values = raw.read(file)
        return [int(one) for one in values[[*info["fields"]].index("id")]]
    head, *rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    return [int(row[head.index("id")]) for row in rows]


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_has_the_dams_that_are_asked_for(client: Client, name: str, tmp_path: Path):
    query = "state=Utah&hazard=High&bbox=-112,35,-108,40"
    answer = client.get(f"/dams.{name}?{query}")
    assert answer.status == 200
    wanted = ids(client.get(f"/collections/dams/items?{query}&limit=10000"))
    assert len(wanted) > 10
    assert dam_ids(name, answer.body, tmp_path) == wanted
    assert re.fullmatch(
        rf"attachment; filename=\"dams Utah, High.* \d{{4}}-\d\d-\d\d\.{name}\"; filename\*=.*",
        answer.headers["Content-Disposition"],
    )


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_without_parameters_has_all_dams(client: Client, name: str, tmp_path: Path):
    body = client.get(f"/dams.{name}").body
    assert dam_ids(name, body, tmp_path) == [*range(1, DAMS + 1)]


def test_csv_begins_with_its_first_column_and_may_have_the_headings_of_the_nid(client: Client):
    assert client.get("/dams.csv").body.startswith(b"id,dam_name,")
    assert "NID Height (Ft)" in client.get("/dams.csv?columns=nid").text.splitlines()[0]


@pytest.mark.parametrize(
    "path",
    ["/dams.csv?columns=mine", "/dams.csv?columns=nid&columns=nid", "/dams.geojson?columns=nid",
     "/dams.csv?limit=5", "/history.csv?state=Utah", "/dams/1/hydrographs.csv?x=1"],
)  # fmt: skip
def test_a_parameter_that_a_file_does_not_have_is_refused(client: Client, path: str):
    assert client.get(path).status == 400


def test_an_unchanged_file_is_not_sent_again_until_a_dam_changes(server: Server, client: Client):
    first = client.get("/dams.csv?state=Nevada")
    tag = first.headers["ETag"]
    again = client.get("/dams.csv?state=Nevada", If_None_Match=tag)
    assert (again.status, again.body) == (304, b"")
    assert client.get("/dams.csv?state=Utah", If_None_Match=tag).status == 200
    change = server.inventory.add(dam("Hoover", state="Nevada"))
    server._expect_published(change.seq)
    changed = client.get("/dams.csv?state=Nevada", If_None_Match=tag)
    assert changed.status == 200
    assert b"Hoover" in changed.body
    snapshot = server.inventory.snapshot()
    gone = server.inventory.remove(change.dam_id, snapshot.ground.mark)
    server._expect_published(gone.seq)


@pytest.mark.parametrize("path", ["/dams.csv", "/dams.geojson", "/collections/dams/items"])
def test_text_is_packed_for_those_who_take_it(client: Client, path: str):
    plain = client.get(f"{path}?state=Utah")
    packed = client.get(f"{path}?state=Utah", Accept_Encoding="br;q=1, gzip;q=0.5")
    assert plain.headers["Content-Encoding"] is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    there, here = gzip.decompress(packed.body), plain.body
    assert re.sub(rb'"timeStamp": "[^"]*"', b"", there) == re.sub(
        rb'"timeStamp": "[^"]*"', b"", here
    )
    assert client.get(path, "HEAD", Accept_Encoding="gzip;q=0").headers["Content-Encoding"] is None


def test_workbooks_and_geopackages_are_not_packed_again(client: Client):
    for name in ("xlsx", "gpkg"):
        answer = client.get(f"/dams.{name}?owner=Owner+1", "HEAD", Accept_Encoding="gzip")
        assert answer.headers["Content-Encoding"] is None


@pytest.mark.parametrize("path", ["/dams.csv", "/dams.xlsx", "/history.csv", "/hydrographs.csv"])
def test_head_tells_the_same_without_the_file(client: Client, path: str):
    head, get = client.get(path, "HEAD"), client.get(path)
    assert head.body == b""
    assert get.body
    for name in ("Content-Type", "Content-Disposition", "ETag", "Vary"):
        assert head.headers[name] == get.headers[name] is not None


def test_the_history_is_a_file_of_all_dams_or_of_one(server: Server, client: Client):
    dam_id = server.add_dam("Lost Creek")
    answer = client.get("/history.csv")
    lines = [*csv.DictReader(io.StringIO(answer.text))]
    assert lines[0]["kind"] == "DamsImported"
    assert (lines[-1]["kind"], lines[-1]["dam_name"]) == ("DamAdded", "Lost Creek")
    own = [*csv.DictReader(io.StringIO(client.get(f"/dams/{dam_id}/history.csv").text))]
    assert [one["dam_id"] for one in own] == [str(dam_id)]


def test_the_history_of_a_removed_dam_stays(server: Server, client: Client):
    dam_id = server.add_dam("Lost Forever")
    gone = server.inventory.remove(dam_id, server.inventory.snapshot().ground.mark)
    server._expect_published(gone.seq)
    answer = client.get(f"/dams/{dam_id}/history.csv")
    own = [*csv.DictReader(io.StringIO(answer.text))]
    assert own[-1]["kind"] == "DamRemoved"
    assert client.get(f"/dams/{dam_id}/hydrographs.csv").status == 404
    assert client.get("/dams/999999/history.csv").status == 404
    assert client.get("/dams/x/history.csv").status == 404


def test_the_hydrographs_are_a_file_of_some_dams_or_of_one(server: Server, client: Client):
    dam_id = server.add_dam("Echo", state="Nevada")
    server.assign_hydrograph(dam_id, [0, 1, 2], [5, 7, 6])
    for path in ("/hydrographs.csv", "/hydrographs.csv?state=Nevada",
                 f"/dams/{dam_id}/hydrographs.csv"):  # fmt: skip
        lines = [*csv.DictReader(io.StringIO(client.get(path).text))]
        assert [float(one["flow_cfs"]) for one in lines] == [5, 7, 6]
        assert {one["dam_name"] for one in lines} == {"Echo"}
    assert len(client.get("/hydrographs.csv?state=Utah").text.splitlines()) == 1
    assert client.get("/dams/999999/hydrographs.csv").status == 404


def test_who_goes_away_leaves_no_file_and_no_work(server: Server, client: Client):
    def folders() -> set[Path]:
        return {*Path(tempfile.gettempdir()).glob("dam-inventory-*")}

    before, address = folders(), urlsplit(client.root)
    for _ in range(3):
        with socket.create_connection((address.hostname, address.port)) as connection:
            connection.sendall(b"GET /api/dams.gpkg HTTP/1.1\r\nHost: x\r\n\r\n")
    wait_until(lambda: client.get("/dams.gpkg?owner=Owner+1").status == 200, "a free place")
    wait_until(lambda: folders() <= before, "the end of all temporary folders")


def test_a_format_that_cannot_be_written_here_says_what_to_install(server: Server, tmp_path: Path):
    shutil.copyfile(server.database, tmp_path / "dams.db")
    with serving(tmp_path, "--warm", "--plugins", "tests.without_excel") as without:
        answers = {name: Client(f"{without.origin}/api").get(f"/dams.{name}") for name in FORMATS}
        without.expect_complaint("501 GET /api/dams.xlsx", 0)

    assert {name for name, one in answers.items() if one.status != 200} == {"xlsx"}
    assert answers["xlsx"].status == 501
    assert "install the extra formats" in answers["xlsx"].json["description"]
