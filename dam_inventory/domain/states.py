"""States and territories of the United States: their postal codes and where they lie."""

from __future__ import annotations

from typing import NamedTuple


class State(NamedTuple):
    """A state or territory.

    code: the postal code. west, south, east, north: its bounds in degrees; those of Alaska cross
    the meridian of 180 degrees, so that its `west` is greater than its `east`. Source: the
    Cartographic Boundary Files of the U.S. Census Bureau of 2017, which are in the public domain;
    rounded outwards to a tenth of a degree.
    """

    name: str
    code: str
    west: float
    south: float
    east: float
    north: float


STATES = (
    State("Alabama", "AL", -88.5, 30.2, -84.8, 35.1),
    State("Alaska", "AK", 172.4, 51.2, -129.9, 71.4),
    State("American Samoa", "AS", -170.9, -14.4, -169.4, -14.1),
    State("Arizona", "AZ", -114.9, 31.3, -109.0, 37.1),
    State("Arkansas", "AR", -94.7, 33.0, -89.6, 36.5),
    State("California", "CA", -124.5, 32.5, -114.1, 42.1),
    State("Colorado", "CO", -109.1, 36.9, -102.0, 41.1),
    State("Connecticut", "CT", -73.8, 40.9, -71.7, 42.1),
    State("Delaware", "DE", -75.8, 38.4, -75.0, 39.9),
    State("District of Columbia", "DC", -77.2, 38.7, -76.9, 39.0),
    State("Florida", "FL", -87.7, 24.5, -80.0, 31.1),
    State("Georgia", "GA", -85.7, 30.3, -80.8, 35.1),
    State("Guam", "GU", 144.6, 13.2, 145.0, 13.7),
    State("Hawaii", "HI", -160.3, 18.9, -154.8, 22.3),
    State("Idaho", "ID", -117.3, 41.9, -111.0, 49.1),
    State("Illinois", "IL", -91.6, 36.9, -87.4, 42.6),
    State("Indiana", "IN", -88.1, 37.7, -84.7, 41.8),
    State("Iowa", "IA", -96.7, 40.3, -90.1, 43.6),
    State("Kansas", "KS", -102.1, 36.9, -94.5, 40.1),
    State("Kentucky", "KY", -89.6, 36.4, -81.9, 39.2),
    State("Louisiana", "LA", -94.1, 28.9, -88.8, 33.1),
    State("Maine", "ME", -71.1, 43.0, -66.9, 47.5),
    State("Maryland", "MD", -79.5, 37.9, -75.0, 39.8),
    State("Massachusetts", "MA", -73.6, 41.2, -69.9, 42.9),
    State("Michigan", "MI", -90.5, 41.6, -82.4, 48.2),
    State("Minnesota", "MN", -97.3, 43.4, -89.4, 49.4),
    State("Mississippi", "MS", -91.7, 30.1, -88.0, 35.0),
    State("Missouri", "MO", -95.8, 35.9, -89.0, 40.7),
    State("Northern Mariana Islands", "MP", 145.1, 14.1, 146.1, 18.9),
    State("Montana", "MT", -116.1, 44.3, -104.0, 49.1),
    State("Nebraska", "NE", -104.1, 40.0, -95.3, 43.1),
    State("Nevada", "NV", -120.1, 35.0, -114.0, 42.1),
    State("New Hampshire", "NH", -72.6, 42.6, -70.7, 45.4),
    State("New Jersey", "NJ", -75.6, 38.9, -73.8, 41.4),
    State("New Mexico", "NM", -109.1, 31.3, -103.0, 37.1),
    State("New York", "NY", -79.8, 40.5, -71.8, 45.1),
    State("North Carolina", "NC", -84.4, 33.8, -75.4, 36.6),
    State("North Dakota", "ND", -104.1, 45.9, -96.5, 49.1),
    State("Ohio", "OH", -84.9, 38.4, -80.5, 42.0),
    State("Oklahoma", "OK", -103.1, 33.6, -94.4, 37.1),
    State("Oregon", "OR", -124.6, 41.9, -116.4, 46.3),
    State("Pennsylvania", "PA", -80.6, 39.7, -74.6, 42.3),
    State("Puerto Rico", "PR", -68.0, 17.9, -65.2, 18.6),
    State("Rhode Island", "RI", -71.9, 41.1, -71.1, 42.1),
    State("South Carolina", "SC", -83.4, 32.0, -78.5, 35.3),
    State("South Dakota", "SD", -104.1, 42.4, -96.4, 46.0),
    State("Tennessee", "TN", -90.4, 34.9, -81.6, 36.7),
    State("Texas", "TX", -106.7, 25.8, -93.5, 36.6),
    State("Utah", "UT", -114.1, 36.9, -109.0, 42.1),
    State("Vermont", "VT", -73.5, 42.7, -71.4, 45.1),
    State("Virginia", "VA", -83.7, 36.5, -75.2, 39.5),
    State("U.S. Virgin Islands", "VI", -65.1, 17.6, -64.5, 18.4),
    State("Washington", "WA", -124.8, 45.5, -116.9, 49.1),
    State("West Virginia", "WV", -82.7, 37.2, -77.7, 40.7),
    State("Wisconsin", "WI", -92.9, 42.4, -86.8, 47.1),
    State("Wyoming", "WY", -111.1, 40.9, -104.0, 45.1),
)
