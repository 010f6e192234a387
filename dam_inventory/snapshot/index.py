"""Index: what people call dams and their places, prepared once for suggestions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from ..domain.counties import capitalized, county_name, state_code, state_name
from .folding import fold, folded
from .order import Rows

FORGIVEN = frozenset({"dam", "dams", "the"})
"""Words that a name may have or not."""

WATERS = frozenset({"lake", "reservoir", "pond", "res"})
"""Words that a name may have or not, but a name that has them is the better match."""

_NO_LETTERS = r"[^\p{L}\p{N}]+"
_NO_LETTERS_IN_LIST = r"[^\p{L}\p{N};]+"
_KEPT = 30
_WORD = r"[\p{L}]{4,}"


class Place(NamedTuple):
    """A county of a state, a state without a county, or neither.

    words: the folded words for both, and the postal code, with a space before and after each.
    county, state: as people call them. raw_county, raw_state: as the dams have them.
    """

    words: str
    county: str
    state: str
    raw_county: str
    raw_state: str


class Texts(NamedTuple):
    r"""What is searched of some dams.

    names: the folded names of each dam; a line for each, as "\n hoover lake \n", and after
    them, where it differs, the main name without WATERS, as "\f hoover \f".
    facts: IDs between tabs, then river and city between carriage returns, as the names.
    place: the index of each dam's place, int32.
    """

    names: pl.Series
    facts: pl.Series
    place: npt.NDArray[np.int32]

    def of(self, rows: npt.NDArray[np.uint32]) -> Texts:
        """Return the texts of rows of these."""
        return Texts(self.names.gather(rows), self.facts.gather(rows), self.place[rows])


class Index:
    """What is searched of the dams of a frame.

    texts: by row. storage: NID storage by row in acre-feet, float64, 0 if unknown.
    places: the different places. counts: their numbers of dams, int64.
    """

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame
        self.places, place, self.counts = _places(frame)
        self.texts = Texts(_names(frame), _facts(frame), place)
        self.storage: npt.NDArray[np.float64] = (
            frame["nid_storage_acre_ft"].cast(pl.Float64).fill_null(0).to_numpy()
        )
        self._in_places: dict[str, npt.NDArray[np.bool_]] = {}

    @cached_property
    def vocabulary(self) -> tuple[list[str], npt.NDArray[np.int64]]:
        """The different words of at least four letters, and how many dams have each."""
        places = pl.Series([place.words for place in self.places], dtype=pl.String)
        texts = [self.texts.names, self.texts.facts, places]
        found = pl.concat([text.str.extract_all(_WORD).explode() for text in texts])
        counted = found.drop_nulls().alias("word").value_counts()
        return counted["word"].to_list(), counted["count"].to_numpy().astype(np.int64)

    @cached_property
    def _rivers(self) -> pl.DataFrame:
        rivers = self._frame["river"].cast(pl.String).drop_nulls().alias("river")
        counted = rivers.value_counts().sort("river")
        return counted.with_columns(spaced(counted["river"]).alias("words"))

    def rivers_with(self, words: Sequence[str]) -> Iterator[tuple[str, str, int]]:
        """Yield the rivers with all words: name, words as in `Place`, and number of dams."""
        found = self._rivers
        for word in words:
            found = found.filter(found["words"].str.contains(f" {word}", literal=True))
        for river, spaced_words, count in found.select("river", "words", "count").iter_rows():
            yield capitalized(river), spaced_words, count

    def river_words(self, rows: Rows) -> list[str]:
        """Return the words of the rivers of rows, without unknown rivers."""
        return spaced(self._frame["river"].gather(rows)).drop_nulls().to_list()

    def have(self, texts: Texts, words: Collection[str]) -> npt.NDArray[np.bool_]:
        """Return which of some dams have one of some folded words; short words must begin there."""
        parts = [f" {word}" if len(word) < 3 else word for word in words]
        is_here = _contain(texts.names, parts) | _contain(texts.facts, parts)
        for word in words:
            is_here |= self.in_places(word)[texts.place]
        return is_here

    def in_places(self, word: str) -> npt.NDArray[np.bool_]:
        """Return which places have a word that begins with this folded one."""
        # A query asks for the same few words again and again.
        if (found := self._in_places.get(word)) is None:
            found = np.array([f" {word}" in place.words for place in self.places], bool)
            for oldest in [*self._in_places][:-_KEPT]:
                self._in_places.pop(oldest, None)
            self._in_places[word] = found
        return found


def _contain(texts: pl.Series, parts: list[str]) -> npt.NDArray[np.bool_]:
    if len(parts) > 1:
        return texts.str.contains_any(parts).to_numpy()
    return texts.str.contains(parts[0], literal=True).to_numpy()


def words_of(text: str) -> list[str]:
    """Return the folded words of a text that a person has typed."""
    return re.findall(r"[^\W_]+", re.sub("['\u2019]", "", fold(text)))


def spaced(values: pl.Series) -> pl.Series:
    """Return folded texts with one space before and after each word."""
    texts = folded(values.cast(pl.String)).str.replace_all("['\u2019]", "")
    return " " + texts.str.replace_all(_NO_LETTERS, " ").str.strip_chars() + " "


def _without(words: Collection[str], values: pl.Series) -> pl.Series:
    """Return spaced texts without some words, or whole if nothing else would be left."""
    shorter = values.str.replace_many([f" {word} " for word in words], [" "])
    return pl.select(pl.when(shorter == " ").then(values).otherwise(shorter)).to_series()


def _names(frame: pl.DataFrame) -> pl.Series:
    name = _without(FORGIVEN, spaced(frame["dam_name"]))
    core = _without(WATERS, name)
    texts = [
        pl.lit("\n") + name + "\n",
        *(pl.lit("") + _several(frame[column]) for column in ("other_names", "former_names")),
        pl.when(core != name).then(pl.lit("\f") + core + "\f"),
    ]
    return pl.select(pl.concat_str(texts, ignore_nulls=True)).to_series()


def _several(values: pl.Series) -> pl.Series:
    """Return texts with several names, separated by semicolons, as spaced lines."""
    lines = folded(values.cast(pl.String)).str.replace_all("['\u2019]", "")
    lines = lines.str.replace_all(_NO_LETTERS_IN_LIST, " ").str.replace_all(" ?; ?", " \n ")
    lines = lines.str.replace_many([f" {word} " for word in FORGIVEN], [" "])
    return " " + lines.str.strip_chars(" ") + " \n"


def _facts(frame: pl.DataFrame) -> pl.Series:
    nid_id, federal_id = (folded(frame[one].cast(pl.String)) for one in ("nid_id", "federal_id"))
    texts = [
        pl.lit("\t ") + nid_id + " \t",
        pl.when((federal_id != nid_id) | nid_id.is_null()).then("\t " + federal_id + " \t"),
        *(pl.lit("\r") + spaced(frame[column]) + "\r" for column in ("river", "city")),
    ]
    return pl.select(pl.concat_str(texts, ignore_nulls=True)).to_series()


def _places(
    frame: pl.DataFrame,
) -> tuple[list[Place], npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    columns = [frame[column].cast(pl.String).fill_null("") for column in ("county", "state")]
    pairs = pl.DataFrame(columns)
    counted = pairs.group_by("county", "state").len().sort("state", "county").with_row_index()
    index = pairs.join(counted, on=["county", "state"], how="left", maintain_order="left")["index"]
    places = [
        Place(
            f" {' '.join(words_of(f'{county_name(county, state)} {county} {state_name(state)}'))} "
            f"{state_code(state).lower()} ",
            county_name(county, state), state_name(state), county, state,
        )
        for county, state in counted.select("county", "state").iter_rows()
    ]  # fmt: skip
    return places, index.to_numpy().astype(np.int32), counted["len"].to_numpy().astype(np.int64)
