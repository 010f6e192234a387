"""What is due at a dam: its inspection, and the revision of its emergency action plan (EAP)."""

from __future__ import annotations

DUES = {
    "inspection_overdue": "Inspection overdue",
    "inspection_unknown": "Next inspection unknown",
    "plan_old": "EAP older than five years",
}
"""The label of each condition of a dam on a day."""

PLAN_YEARS = 5
"""After so many years, the Federal Guidelines for Dam Safety (FEMA P-64) expect a new plan."""
