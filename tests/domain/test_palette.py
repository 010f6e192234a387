"""The colors of the map: told apart by everybody."""

from itertools import combinations

import numpy as np
import pytest

from dam_inventory.domain.fields import FIELD
from dam_inventory.domain.palette import COLORINGS, OTHER, PLAIN, UNKNOWN, Coloring

COLORED = [one for one in COLORINGS.values() if one is not PLAIN]
# Machado, Oliveira & Fernandes 2009, severity 1.0: what people see who lack a kind of cone.
EYES = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def lab(color: str, eye: str) -> np.ndarray:
    """Return a color in CIELAB (D65), as an eye sees it."""
    rgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(EYES[eye] @ linear, 0, 1)
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
         [0.0193339, 0.1191920, 0.9503041]]
    )  # fmt: skip
    x, y, z = np.cbrt(to_xyz @ seen / [0.95047, 1, 1.08883])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("coloring", COLORED, ids=lambda one: one.name)
def test_any_two_colors_are_told_apart(coloring: Coloring, eye: str):
    """A difference of 2.3 can just be seen; the decades are a scale, whose neighbors are close."""
    seen = {name: lab(color, eye) for name, color in coloring.colors.items()}
    least = 4 if coloring.name == "date_built" else 12
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > least, (one, other)


@pytest.mark.parametrize("coloring", COLORED, ids=lambda one: one.name)
def test_colors_differ_in_lightness(coloring: Coloring):
    lightness = np.sort([lab(color, "all cones")[0] for color in coloring.colors.values()])
    assert np.diff(lightness).min() > 0.5


@pytest.mark.parametrize("coloring", COLORED, ids=lambda one: one.name)
def test_every_known_word_has_a_color_and_all_others_share_one(coloring: Coloring):
    assert all(field in FIELD for field in coloring.fields)
    known = {word for field in coloring.fields for word in FIELD[field].categories}
    assert known <= {*coloring.categories}
    for code, category in enumerate(coloring.categories[:-2]):
        value = "1899-05" if category == "Before 1900" else category.rstrip("s")
        value = category if coloring.name != "date_built" else value
        assert coloring.code(value) == code
    assert coloring.categories[-2:] == (OTHER, UNKNOWN)
    assert coloring.categories[coloring.code("A new word")] == OTHER
    assert coloring.categories[coloring.code("")] == UNKNOWN
    assert coloring.categories[coloring.code(None)] == UNKNOWN


def test_of_several_values_the_first_one_counts():
    purposes = COLORINGS["primary_purpose"]

    assert purposes.categories[purposes.code("Tailings;Recreation")] == "Tailings"
    assert purposes.categories[purposes.code("Other;Recreation")] == OTHER


@pytest.mark.parametrize(
    ("date", "decade"),
    [("1936-03-01", "1930s"), ("1899", "Before 1900"), ("2029", "2020s"), ("2030", OTHER)],
)
def test_a_date_belongs_to_its_decade(date: str, decade: str):
    built = COLORINGS["date_built"]

    assert built.categories[built.code(date)] == decade
