"""DamInventoryApp: the dashboard of one session, in a browser or a notebook."""

from __future__ import annotations

import logging
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn, Self

import geoviews
import panel as pn
import param
from bokeh.core.validation import silence
from bokeh.core.validation.warnings import EMPTY_LAYOUT
from bokeh.embed.bundle import extension_dirs
from bokeh.server.tornado import DEFAULT_UNUSED_LIFETIME_MS

from ..config.notebook import is_kernel
from ..domain.permissions import Permissions, User
from ..errors import DamInventoryError
from ..runtime import Runtime
from ..session.store import DamStore
from .bokeh_bridge import cell
from .bokeh_bridge.delivery import address_elsewhere, use_own_components, use_own_style_sheets
from .bokeh_bridge.documents import answer_at_once, schedule_in_session
from .bokeh_bridge.internals import keep_out_of_threads, note_connection
from .charts.charts import DamCharts
from .dashboard import Dashboard
from .forms.add_form import AddForm
from .report.view import ReportView
from .url_state import Address

logger = logging.getLogger(__name__)

# FastAPI serves only the files of extensions that are registered before the first page.
extension_dirs.setdefault("geoviews", Path(geoviews.__file__).parent / "dist")
# Panel's own servers do this, too. FastAPI's would warn about every column that is still empty.
silence(EMPTY_LAYOUT, True)

SHARED = (
    "A DamInventoryApp belongs to one session and can't be served to others. Pass pn.serve a "
    "function that creates one for each session: pn.serve(lambda: DamInventoryApp(runtime))."
)

UNSAVED = (
    "A DamInventoryApp lives from its server and can't be saved in a file. Serve it with `panel "
    "serve`; its page prints reports, and exports dams."
)


class DamInventoryApp(pn.viewable.Viewer):
    """The whole dashboard; `map`, `table`, `form` and `charts` can also be shown separately.

    With a `report` in the address of its page, it is that report, and has none of these parts.

    runtime: the process's runtime.
    user: the person at the page, from the server's login. Without `user`: the anonymous user if
    there is no login, and a read-only user if there is one.
    session_lifetime: seconds that the server keeps a session without a connected page.
    owns_runtime: whether `close` closes the runtime, too.

    On a server, the app closes with its session; in a notebook, with its runtime. Elsewhere, call
    `close` when the app is no longer needed, or use it as a context manager.
    """

    busy = param.Boolean(doc="Whether this session waits for the database.")

    def __init__(
        self,
        runtime: Runtime,
        user: User | None = None,
        session_lifetime: float = DEFAULT_UNUSED_LIFETIME_MS / 1000,
        owns_runtime: bool = False,
        **params: Any,
    ) -> None:
        self._session = _session_id()
        self._owned = runtime if owns_runtime else None
        # Neither a page nor the page that `--warm` builds at startup.
        self._is_in_cell = self._session is None and is_kernel()
        key = cell.prepare() if self._is_in_cell else ""
        self.store = DamStore(
            runtime.inventory,
            runtime.feed,
            schedule=schedule_in_session(),
            user=user or _visitor(runtime.permissions),
            max_import_bytes=runtime.settings.max_import_bytes,
        )
        try:
            super().__init__(**params)
            self._make(runtime, session_lifetime, key)
        except BaseException:
            # Nobody else knows the store: it would be told news for ever.
            self.store.close()
            raise

    def _make(self, runtime: Runtime, session_lifetime: float, key: str) -> None:
        is_served = self._session is not None
        address = Address.read(pn.state.session_args if is_served else {})
        self._elsewhere = address_elsewhere()
        use_own_style_sheets(self._elsewhere)
        use_own_components()
        self.store.units = address.units
        if address.report is not None:
            self._page = self._made_report(address.report, address, runtime.settings.title)
            self._close_with_session(runtime)
            return
        dashboard = Dashboard(
            self.store, runtime, address, session_lifetime,
            cell=key, is_served=is_served, elsewhere=self._elsewhere,
        )  # fmt: skip
        self.map, self.table = dashboard.map, dashboard.table
        self.find, self.news = dashboard.find, dashboard.news
        self._side, self._page = dashboard.side, dashboard.page
        self._side.param.watch(lambda event: setattr(self, "busy", event.new), "busy")
        self._close_with_session(runtime)
        dashboard.begin(address)

    def __panel__(self) -> pn.viewable.Viewable:
        if _session_id() not in (None, self._session):
            logger.error(SHARED)
            return pn.pane.Str(SHARED, margin=20)
        return self._whole

    def show(self, *_arguments: Any, **_options: Any) -> NoReturn:
        """Refuse to serve one dashboard to several sessions. Raises DamInventoryError."""
        raise DamInventoryError(SHARED)

    def save(self, *_arguments: Any, **_options: Any) -> NoReturn:
        """Refuse to save a live dashboard in a file. Raises DamInventoryError."""
        raise DamInventoryError(UNSAVED)

    def _close_with_session(self, runtime: Runtime) -> None:
        if self._session is not None:
            pn.state.on_session_destroyed(lambda _context: self.store.close())
            pn.state.onload(answer_at_once)
            note_connection(pn.state.curdoc)
            keep_out_of_threads(pn.state.curdoc)
        elif self._is_in_cell:
            runtime.on_close(self.store.close)
        elif pn.state.curdoc is not None:
            # `--warm` builds this page at startup, in a document that never ends.
            self.store.close()

    def close(self) -> None:
        """Close the store, and a runtime that this app owns; to call it twice is harmless."""
        self.store.close()
        owned, self._owned = self._owned, None
        if owned is not None:
            owned.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def charts(self) -> DamCharts:
        """The charts of the dams that match the filter, apart from those of the dashboard."""
        return DamCharts(self.store, margin=0, sizing_mode="stretch_width")

    @property
    def form(self) -> AddForm:
        """The form that adds a dam."""
        return self._side.add_form

    @cached_property
    def _whole(self) -> pn.viewable.Viewable:
        # A Page that is no root leaves the look and the window of another page alone.
        if self._elsewhere:
            return pn.Column(self._page, sizing_mode="stretch_width", margin=0)
        return self._page

    def _made_report(self, subject: int | str, address: Address, title: str) -> ReportView:
        self.store.filter.view = address.view
        self.store.filter.param.update(search=address.search, **address.filters)
        return ReportView(self.store, subject, title, sort=address.sort)


def _session_id() -> str | None:
    """Return the ID of the current session, or None outside a session."""
    context = pn.state.curdoc.session_context if pn.state.curdoc else None
    return None if context is None else str(context.id)


def _visitor(permissions: Permissions) -> User:
    """Return the user of a page that is served without `user`."""
    context = pn.state.curdoc.session_context if pn.state.curdoc else None
    is_login = pn.config.basic_auth or pn.config.oauth_provider or (context and context.logout_url)
    return User(None, frozenset()) if is_login else permissions.user(None)
