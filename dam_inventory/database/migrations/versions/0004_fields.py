"""Add the fields of the National Inventory of Dams of 2023, and facts that no field matches."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TEXTS = {
    "state_or_federal_agency_id": 200,
    "former_ids": 2000,
    "other_names": 2000,
    "former_names": 2000,
    "primary_owner_type": 200,
    "primary_purpose": 200,
    "is_associated_structure": 200,
    "city": 200,
    "congressional_district": 200,
    "section": 200,
    "tribal_land": 200,
    "year_completed_category": 200,
    "years_modified": 2000,
    "designers": 2000,
    "primary_dam_type": 200,
    "core_types": 2000,
    "foundations": 2000,
    "nid_height_category": 200,
    "spillway_type": 200,
    "outlet_gates": 2000,
    "condition_assessment": 200,
    "condition_assessment_date": 10,
    "condition_assessment_detail": 200,
    "last_inspection_date": 10,
    "eap_prepared": 200,
    "eap_last_revision_date": 10,
    "inundation_maps": 200,
    "operational_status": 200,
    "operational_status_date": 10,
    "state_regulated": 200,
    "federally_regulated": 200,
    "state_jurisdictional": 200,
    "state_regulatory_agency": 200,
    "state_permitting_authority": 200,
    "state_inspection_authority": 200,
    "state_enforcement_authority": 200,
    "non_federal_on_federal_property": 200,
    "federal_agency_owners": 2000,
    "federal_funding": 2000,
    "federal_design": 2000,
    "federal_construction": 2000,
    "federal_regulation": 2000,
    "federal_inspection": 2000,
    "federal_operation": 2000,
    "federal_other": 2000,
    "built_under_secretary_of_agriculture": 200,
    "nrcs_watershed_authorization": 200,
    "source_agency": 200,
    "data_last_updated": 10,
}
_NUMBERS = (
    "number_of_associated_structures",
    "distance_to_city_miles",
    "dam_height_ft",
    "hydraulic_height_ft",
    "structural_height_ft",
    "volume_cubic_yards",
    "number_of_locks",
    "lock_length_ft",
    "lock_width_ft",
    "secondary_lock_length_ft",
    "secondary_lock_width_ft",
    "max_storage_acre_ft",
    "normal_storage_acre_ft",
    "surface_area_acres",
    "drainage_area_sq_miles",
    "max_discharge_cfs",
    "spillway_width_ft",
    "inspection_frequency_years",
)


def upgrade() -> None:
    for name, length in _TEXTS.items():
        op.add_column("dams", sa.Column(name, sa.String(length)))
    for name in _NUMBERS:
        op.add_column("dams", sa.Column(name, sa.Double()))
    op.add_column("dams", sa.Column("other_facts", sa.JSON()))


def downgrade() -> None:
    with op.batch_alter_table("dams") as dams:
        for name in ("other_facts", *_NUMBERS, *_TEXTS):
            dams.drop_column(name)
