"""The look of the page: colors, sizes and spacing, as styles of its Material components."""

from __future__ import annotations

from typing import Any

BAR_HEIGHT = 48
"""Height of the page's bar in pixels."""

EDGE = "#7d7d7d"
"""Color of a control's edge: at least 3:1 on white, and on the dark page's #121212 and #1e1e1e.

Style sheets know it as `--edge`.
"""

_CALM = "@media (prefers-reduced-motion: reduce)"
_FORCED = "@media (forced-colors: active)"
_OUTLINE = {"outline": "2px solid var(--panel-primary-color)", "outlineOffset": "2px"}

PAGE: dict[str, Any] = {
    "--edge": EDGE,
    # The data are the strongest thing on the page, so the bar has the color of a surface.
    "& .header.header": {
        "backgroundColor": "var(--panel-surface-color)", "backgroundImage": "none",
        "color": "var(--panel-on-surface-color)", "boxShadow": "none",
        "borderBottom": "1px solid rgba(128, 128, 128, .4)",
    },
    "& .header a": {"color": "inherit", "minHeight": "24px"},
    "& .title.title": {
        "color": "inherit", "fontSize": {"xs": "1rem", "sm": "1.25rem"},
        "lineHeight": {"xs": 1.1, "sm": 1},
    },
    "& .MuiToolbar-root.MuiToolbar-root": {"minHeight": f"{BAR_HEIGHT}px"},
    # So that parts of the page know its size, also in a notebook's cell.
    "& .main-content": {"containerType": "size", "containerName": "dashboard"},
    "& .header a:focus-visible": _OUTLINE,
    _CALM: {"& *": {"transition": "none !important", "animation": "none !important"}},
}  # fmt: skip

_STILL = {_CALM: {"transition": "none", "animation": "none"}}
_FORCED_EDGE = {_FORCED: {"border": "1px solid"}}

# An icon is a mask over the color of its text, which forced colors would take away.
_FORCED_ICON = {
    _FORCED: {
        "& span[style*='mask-image']": {
            "forcedColorAdjust": "none", "backgroundColor": "ButtonText !important",
        }
    }
}  # fmt: skip

_MATERIAL: dict[str, Any] = {
    # Material's own threshold is 3: too little for the text of a button.
    "palette": {"contrastThreshold": 4.5},
    "components": {
        "MuiButtonBase": {
            "styleOverrides": {"root": {"&.Mui-focusVisible": _OUTLINE, **_STILL, **_FORCED_ICON}}
        },
        # The title is the page's heading, those of cards are one level below it; "h5" is an empty
        # spacer of Page.
        "MuiTypography": {
            "defaultProps": {"variantMapping": {"h3": "h1", "h5": "div", "h6": "h2"}},
        },
        # `notifications/away.js` sets how well the server is reached.
        "MuiButton": {
            "styleOverrides": {"root": {"opacity": "var(--reach, 1)"}, "contained": _FORCED_EDGE}
        },
        "MuiTouchRipple": {"styleOverrides": {"root": {_CALM: {"display": "none"}}}},
        "MuiOutlinedInput": {"styleOverrides": {"notchedOutline": {"borderColor": EDGE}}},
        "MuiInputLabel": {"styleOverrides": {"root": _STILL}},
        "MuiCollapse": {"styleOverrides": {"root": _STILL}},
        "MuiPaper": {"styleOverrides": {"root": {**_STILL, **_FORCED_EDGE}}},
        "MuiSlider": {
            "styleOverrides": {
                "thumb": {"&.Mui-focusVisible": _OUTLINE, _FORCED: {"background": "ButtonText"}},
                "rail": {_FORCED: {"background": "GrayText", "opacity": 1}},
                "track": {_FORCED: {"background": "Highlight"}},
            }
        },
        "MuiSwitch": {
            "styleOverrides": {
                "thumb": {_FORCED: {"background": "ButtonText"}},
                "track": {_FORCED: {"border": "1px solid ButtonText", "background": "Canvas"}},
            }
        },
    },
}

_PRIMARY = {"primary": {"main": "#1565c0"}}
"""Darker than Material's own, which is too light for the text of a button under the pointer."""

MATERIAL = {
    "light": {**_MATERIAL, "palette": {**_MATERIAL["palette"], **_PRIMARY}},
    "dark": _MATERIAL,
}
"""The theme of all Material components: they take it over from the page that they are in."""

IMPORT = {
    # Elsewhere, the drawer has it.
    "display": {"xs": "none", "lg": "inline-flex"}, "whiteSpace": "nowrap",
    "color": "inherit", "borderColor": EDGE,
}  # fmt: skip

ADD = {
    # On a phone, the sign alone; assistive technology still reads the label.
    "whiteSpace": "nowrap", "minWidth": "40px", "fontSize": {"xs": 0, "sm": "0.8125rem"},
    "&, &:hover": {"backgroundColor": "#0072b5", "color": "#fff"},
    "&:hover": {"filter": "brightness(.85)"},
    "& .MuiButton-startIcon": {"marginRight": {"xs": 0, "sm": "8px"}},
}  # fmt: skip
