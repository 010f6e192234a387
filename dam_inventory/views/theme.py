"""The look of the page: colors, sizes and spacing, as styles of its Material components."""

from __future__ import annotations

from typing import Any

BAR_HEIGHT = 48
"""Height of the page's bar in pixels."""

PAGE: dict[str, Any] = {
    # The data are the strongest thing on the page, so the bar has the color of a surface.
    "& .header.header": {
        "backgroundColor": "var(--panel-surface-color)", "backgroundImage": "none",
        "color": "var(--panel-on-surface-color)", "boxShadow": "none",
        "borderBottom": "1px solid rgba(128, 128, 128, .4)",
    },
    "& .header a": {"color": "inherit"},
    "& .title.title": {
        "color": "inherit", "fontSize": {"xs": "1rem", "sm": "1.25rem"},
        "lineHeight": {"xs": 1.1, "sm": 1},
    },
    "& .MuiToolbar-root.MuiToolbar-root": {"minHeight": f"{BAR_HEIGHT}px"},
    # So that parts of the page know its size, also in a notebook's cell.
    "& .main-content": {"containerType": "size", "containerName": "dashboard"},
}  # fmt: skip

COMPONENTS: dict[str, Any] = {
    # The title is the page's heading, those of cards are one level below it; "h5" is an empty
    # spacer of Page.
    "components": {
        "MuiTypography": {
            "defaultProps": {"variantMapping": {"h3": "h1", "h5": "div", "h6": "h2"}},
        },
        # Set by `notifications/away.js`.
        "MuiButton": {"styleOverrides": {"root": {"opacity": "var(--reach, 1)"}}},
    },
}  # fmt: skip
"""The theme of the page's Material components."""

ADD = {
    # On a phone, the sign alone; assistive technology still reads the label.
    "whiteSpace": "nowrap", "minWidth": "40px", "fontSize": {"xs": 0, "sm": "0.8125rem"},
    "& .MuiButton-startIcon": {"marginRight": {"xs": 0, "sm": "8px"}},
}  # fmt: skip
