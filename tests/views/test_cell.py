"""The extra setup for a dashboard in the output of a cell."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dam_inventory.errors import DamInventoryError
from dam_inventory.runtime import Runtime
from dam_inventory.views.app import DamInventoryApp
from dam_inventory.views.bokeh_bridge import cell
from dam_inventory.views.components.icons import _PATHS, icon
from dam_inventory.views.notifications.news_bar import NewsBar


def test_the_script_of_a_cell_contains_panels_style_sheets():
    script = cell._script()

    assert '"css/loading.css"' in script
    assert '"bundled/theme/default.css"' in script
    assert "SHEETS" not in script
    assert "</script" not in script


@pytest.mark.parametrize("name", _PATHS)
def test_an_icon_is_an_svg_path(name: str):
    assert re.fullmatch(r'<svg [^>]+viewBox="0 0 24 24"><path d="[\w .-]+"/></svg>', icon(name))


def test_a_dashboard_that_is_closed_says_so(runtime: Runtime):
    app = DamInventoryApp(runtime)
    assert json.loads(app.news.content)["warning"] == ""

    app.store.close()

    assert isinstance(app.news, NewsBar)
    warning = json.loads(app.news.content)["warning"]
    assert warning == "This dashboard is closed. Run its cell again."


def test_one_dashboard_is_not_served_to_several_sessions(runtime: Runtime):
    app = DamInventoryApp(runtime)

    with pytest.raises(DamInventoryError, match=r"Pass pn\.serve a function that creates"):
        app.show()
    app.store.close()


def test_a_live_dashboard_is_not_saved_in_a_file(runtime: Runtime, tmp_path: Path):
    app = DamInventoryApp(runtime)

    with pytest.raises(DamInventoryError, match="can't be saved in a file"):
        app.save(tmp_path / "dams.html")
    assert not list(tmp_path.glob("*.html"))
    app.store.close()
