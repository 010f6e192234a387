"""The reports as HTML. Every text is escaped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ...domain import partial_date
from ..components.escape import escaped
from .dam import OVERDUE, DamReport, Fact
from .dams import HAZARD, Cell, DamsReport


class Imprint(NamedTuple):
    """When and from which inventory a report was made."""

    title: str
    today: dt.date
    revision: int

    @property
    def dated(self) -> str:
        """The date and the revision in words."""
        return f"{partial_date.in_words(self.today.isoformat())}, revision {self.revision:,}"

    def __str__(self) -> str:
        return f"{self.title}, {self.dated}"


def dam_page(
    report: DamReport, imprint: Imprint, location: str = "", curve: str = "", figures: str = ""
) -> str:
    """Return the report of a dam.

    location, curve: drawings as SVG, "" for none. figures: what the curve shows, in words.
    """
    drawn = [
        _figure(location, "Location. Outlines: U.S. Census Bureau, Natural Earth."),
        _figure(curve, f"Hydrograph{_mark(report.hydrograph_source)}. {escaped(figures)}"),
    ]
    return "".join(
        [
            f"<header><h1>{escaped(report.name)}</h1>",
            f'<p class="place">{escaped(report.place)}</p>' if report.place else "",
            f'<p class="imprint">{escaped(imprint)}</p></header>',
            _list("summary", [*report.summary, *report.dates]),
            f'<div class="figures">{"".join(drawn)}</div>' if location or curve else "",
            _flags(report.flags),
            f'<div class="groups">{"".join(map(_group, *zip(*report.groups, strict=True)))}</div>'
            if report.groups
            else "",
            _sources(report.sources),
            _history(report),
        ]
    )


def dams_page(report: DamsReport, conditions: Sequence[str], summary: str, imprint: Imprint) -> str:
    """Return the report of several dams.

    conditions: the filter in words. summary: for example "29 of 91,457 dams".
    """
    said = "".join(f"<li>{escaped(one)}</li>" for one in conditions)
    heads = "".join(f'<th scope="col">{escaped(one)}</th>' for one in report.heads)
    rows = "".join(f"<tr>{_cells(report.heads, line)}</tr>" for line in report.lines)
    return "".join(
        [
            f"<header><h1>{escaped(summary)}</h1>",
            f'<ul class="conditions" aria-label="Filter">{said}</ul>' if said else "",
            f'<p class="imprint">{escaped(imprint)}</p></header>',
            *(f"<p>{escaped(one)}</p>" for one in report.notes),
            '<div class="wide" role="region" aria-label="Dams" tabindex="0">'
            f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
            if rows
            else "<p>No dams match the filter.</p>",
        ]
    )


def sentence_page(heading: str, sentence: str, imprint: Imprint) -> str:
    """Return a page that says why there is no report."""
    return (
        f"<header><h1>{escaped(heading)}</h1>"
        f'<p class="imprint">{escaped(imprint)}</p></header><p>{escaped(sentence)}</p>'
    )


def _cells(heads: Sequence[str], line: Sequence[Cell]) -> str:
    cells = [f'<th scope="row">{escaped(line[0].text)}</th>']
    for head, cell in zip(heads[1:], line[1:], strict=True):
        text = escaped(cell.text)
        if head == HAZARD and text:
            text = _hazard(cell.text)
        elif cell.is_overdue:
            text = f'{text} <strong class="overdue">{OVERDUE}</strong>'
        cells.append(f'<td data-label="{escaped(head)}">{text}</td>')
    return "".join(cells)


def _hazard(text: str) -> str:
    return f'<span class="hazard" data-letter="{escaped(text[:1])}">{escaped(text)}</span>'


def _figure(drawing: str, caption: str) -> str:
    return f"<figure>{drawing}<figcaption>{caption}</figcaption></figure>" if drawing else ""


def _list(name: str, facts: Iterable[Fact]) -> str:
    items = "".join(
        f"<div><dt>{escaped(one.label)}</dt><dd>{_value(one)}</dd></div>" for one in facts
    )
    return f'<dl class="{name}">{items}</dl>' if items else ""


def _group(heading: str, facts: Iterable[Fact]) -> str:
    return f"<section><h2>{escaped(heading)}</h2>{_list('facts', facts)}</section>"


def _value(fact: Fact) -> str:
    text = escaped(fact.text)
    if fact.kind == "link":
        text = f'<a href="{text}" rel="noopener noreferrer">{text}</a>'
    elif fact.kind == "hazard":
        text = _hazard(fact.text)
    elif fact.kind == OVERDUE:
        text = f'{text} <strong class="overdue">{OVERDUE}</strong>'
    return text + _mark(fact.source)


def _mark(source: int | None) -> str:
    return "" if source is None else f'<sup><span class="hidden">source </span>{source}</sup>'


def _flags(flags: Sequence[str]) -> str:
    if not flags:
        return ""
    items = "".join(f"<li>{escaped(one)}</li>" for one in flags)
    return f'<section class="flags"><h2>Data quality</h2><ul>{items}</ul></section>'


def _sources(sources: Sequence[str]) -> str:
    if not sources:
        return ""
    items = "".join(f"<li>{escaped(one)}</li>" for one in sources)
    return (
        '<section class="sources"><h2>Sources</h2>'
        f"<p>The small number after a fact is that of its source.</p><ol>{items}</ol></section>"
    )


def _history(report: DamReport) -> str:
    if not report.history and not report.note:
        return ""
    items = []
    for one in report.history:
        values = "".join(
            f"<li>{escaped(label)}: <del>{escaped(old or 'unknown')}</del> → "
            f"<ins>{escaped(new or 'unknown')}</ins></li>"
            for label, old, new in one.values
        )
        items.append(
            f"<li><time>{escaped(one.at)}</time> {escaped(one.what)}"
            f"{f'<ul>{values}</ul>' if values else ''}</li>"
        )
    note = f"<p>{escaped(report.note)}</p>" if report.note else ""
    return f'<section class="history"><h2>History</h2><ol>{"".join(items)}</ol>{note}</section>'
