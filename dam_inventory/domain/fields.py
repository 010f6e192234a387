"""The table of fields: all facts that describe a dam.

Drafts, checks, file columns, details, forms and the snapshot derive from this table; "Add a
field" in CONTRIBUTING.md says how it grows. Definitions and units: "List of field definitions,
2018 National Inventory of Dams"; the column names of the download of 2023 for newer fields.
"""

from __future__ import annotations

from .field import Field

YES_NO = ("Yes", "No")
OWNER_TYPES = (
    "Federal", "State", "Local Government", "Public Utility", "Private", "Tribal Government",
    "Not Listed",
)  # fmt: skip
PURPOSES = (
    "Irrigation", "Hydroelectric", "Flood Risk Reduction", "Navigation", "Water Supply",
    "Recreation", "Fire Protection, Stock, Or Small Fish Pond", "Fish and Wildlife Pond",
    "Debris Control", "Tailings", "Grade Stabilization", "Other",
)  # fmt: skip
DAM_TYPES = (
    "Earth", "Rockfill", "Gravity", "Buttress", "Arch", "Multi-Arch",
    "Roller-Compacted Concrete", "Concrete", "Masonry", "Stone", "Timber Crib", "Other",
)  # fmt: skip

_IDENTITY = (
    Field(
        "dam_name", "Name", "Identity", "The official name, or else the popular one.", "NID 1",
        nid_names=("damname", "name"), required=True, searched=True,
    ),
    Field(
        "owner", "Owner", "Identity", "The names of the owners.", "NID 15",
        nid_names=("ownernames", "ownername", "ownname", "owner"),
        required=True, searched=True,
    ),
    Field(
        "nid_id", "NID ID", "Identity", "A saddle dam has that of its main dam.", "NID 5",
        nid_names=("nidid",), searched=True,
    ),
    Field(
        "federal_id", "Federal ID", "Identity", "No other structure has the same.", "NID 2019",
        nid_names=("federalid",), searched=True,
    ),
    Field(
        "other_structure_id", "Other structure ID", "Identity",
        "Tells apart the saddle dams and dikes of one project.", "NID 7",
        nid_names=("otherstructureid", "othstrucid", "otherstrucid", "otherid"), searched=True,
    ),
    Field(
        "state_or_federal_agency_id", "State or federal agency ID", "Identity",
        "The number that the state or the agency gave the dam.", "NID 4",
        nid_names=("stateorfederalagencyid", "stateid", "statefedid"), searched=True,
    ),
    Field(
        "former_ids", "Former IDs", "Identity", "Earlier numbers of the dam.", "NID 2019", "texts",
        nid_names=("damformerids", "formerids"), searched=True,
    ),
    Field(
        "other_names", "Other names", "Identity", "Other names in common use.", "NID 2", "texts",
        nid_names=("othernames", "otherdamnames", "otherdamname", "otherdamn"), searched=True,
    ),
    Field(
        "former_names", "Former names", "Identity", "Earlier names.", "NID 3", "texts",
        nid_names=("formernames", "damformernames", "damformername", "damformer"), searched=True,
    ),
    Field(
        "owner_type", "Owner type", "Identity", "The kinds of owners.", "NID 16", "categories",
        nid_names=("ownertypes", "ownertype", "owntype", "ownertypeids"),
        categories=OWNER_TYPES, facet=True,
    ),
    Field(
        "primary_owner_type", "Primary owner type", "Identity", "The kind of the main owner.",
        "NID 2019", "category",
        nid_names=("primaryownertype", "primaryownertypeid"), categories=OWNER_TYPES,
    ),
    Field(
        "purposes", "Purposes", "Identity", "The uses of the reservoir.", "NID 22", "categories",
        nid_names=("purposes", "purposeids"), categories=PURPOSES, facet=True,
    ),
    Field(
        "primary_purpose", "Primary purpose", "Identity", "The main use.", "NID 2019", "category",
        nid_names=("primarypurpose", "primarypurposeid"), categories=PURPOSES,
    ),
    Field(
        "number_of_associated_structures", "Number of associated structures", "Identity",
        "Separate structures of the project, such as saddle dams.", "NID 6", "number",
        nid_names=(
            "numberofassociatedstructures", "numseparatestructures", "separatestructurescount",
        ),
    ),
    Field(
        "is_associated_structure", "Is an associated structure", "Identity",
        "Whether the structure is part of a larger project.", "NID 2023", "category",
        nid_names=("isassociatedstructure", "isassociatedstructureid"), categories=YES_NO,
    ),
)  # fmt: skip
_LOCATION = (
    Field(
        "river", "River", "Location", "The river or stream that is dammed.", "NID 12",
        nid_names=("riverorstreamname", "riverorstream", "rivername", "river"),
        required=True, searched=True,
    ),
    Field(
        "latitude", "Latitude", "Location", "At the centerline, WGS 84.", "NID 9", "degrees",
        nid_names=("latitude", "lat"),
    ),
    Field(
        "longitude", "Longitude", "Location", "At the centerline, WGS 84.", "NID 8", "degrees",
        nid_names=("longitude", "long", "lon"),
    ),
    Field(
        "state", "State", "Location", "The state or territory.", "NID 66", "category",
        nid_names=("state",), searched=True, facet=True,
    ),
    Field(
        "county", "County", "Location", "The county.", "NID 11", "category",
        nid_names=("county",), searched=True, facet=True,
    ),
    Field(
        "city", "Nearest city", "Location", "The nearest city or town downstream.", "NID 13",
        nid_names=("city", "nearestcity", "nearestdownstreamcity"), searched=True,
    ),
    Field(
        "distance_to_city_miles", "Distance to nearest city", "Location",
        "To the nearest city or town downstream.", "NID 14", "number", "mi",
        nid_names=("distancetonearestcitymiles", "distancetonearestcity", "distance"),
    ),
    Field(
        "congressional_district", "Congressional district", "Location",
        "The district of the U.S. House of Representatives.", "NID 71", "category",
        nid_names=("congressionaldistrict", "congdist"),
    ),
    Field(
        "section", "Section, township, range", "Location",
        "The place in the Public Land Survey System.", "NID 10",
        nid_names=("sectiontownshiporrangelocation", "section"),
    ),
    Field(
        "tribal_land", "Tribal land", "Location",
        "American Indian, Alaska Native or Native Hawaiian.", "NID 2023",
        nid_names=("americanindianalaskanativenativehawaiian", "triballand", "aiannh"),
    ),
)  # fmt: skip
_STRUCTURE = (
    Field(
        "date_built", "Date built", "Structure", "When the main structure was completed.",
        "NID 23", "date",
        nid_names=(
            "yearcompleted", "yrcompl", "datebuilt", "yearcomp", "yearcompl", "yrcomp",
        ),
        required=True,
    ),
    Field(
        "year_completed_category", "Year completed category", "Structure",
        "The decade or the period.", "NID 2023", "category",
        nid_names=("yearcompletedcategory", "yearcompletedid"),
    ),
    Field(
        "years_modified", "Years modified", "Structure",
        "Years of major modifications; letters after a year are the kinds of modification.",
        "NID 24", "texts",
        nid_names=("yearsmodified", "yearmodified", "yrmodif", "lastmod", "yearmod"),
    ),
    Field(
        "designers", "Designers", "Structure", "The firms or agencies, the first one first.",
        "NID 17", "texts",
        nid_names=(
            "designernames", "designername", "damdesigner", "damdesign", "designers", "designer",
        ),
    ),
    Field(
        "dam_type", "Dam type", "Structure", "The kinds of structure.", "NID 19", "categories",
        nid_names=("damtypes", "damtype", "damtypeids"),
        categories=DAM_TYPES, facet=True,
    ),
    Field(
        "primary_dam_type", "Primary dam type", "Structure", "The main kind.", "NID 2019",
        "category", nid_names=("primarydamtype", "primarydamtypeid"), categories=DAM_TYPES,
    ),
    Field(
        "core_types", "Core types", "Structure", "The watertight member.", "NID 20", "texts",
        nid_names=("coretypes", "coretype", "core", "coretypeids"),
    ),
    Field(
        "foundations", "Foundations", "Structure", "The ground below the dam.", "NID 21", "texts",
        nid_names=("foundations", "foundation", "foundationtypeids", "foundationtypes"),
    ),
    Field(
        "nid_height_ft", "NID height", "Structure",
        "The largest of dam, structural and hydraulic height.", "NID 29", "number", "ft",
        nid_names=("nidheightft", "nidheight"),
    ),
    Field(
        "nid_height_category", "NID height category", "Structure", "The range of the NID height.",
        "NID 2023", "category", nid_names=("nidheightcategory", "nidheightid"),
    ),
    Field(
        "dam_height_ft", "Dam height", "Structure",
        "From the lowest point of the original streambed to the crest.", "NID 26", "number", "ft",
        nid_names=("damheightft", "damheight"),
    ),
    Field(
        "hydraulic_height_ft", "Hydraulic height", "Structure",
        "From the lowest point of the original streambed to the highest controlled water level.",
        "NID 28", "number", "ft",
        nid_names=("hydraulicheightft", "hydraulicheight", "hydheight"),
    ),
    Field(
        "structural_height_ft", "Structural height", "Structure",
        "From the lowest point of the foundation to the crest.", "NID 27", "number", "ft",
        nid_names=("structuralheightft", "structuralheight", "strheight"),
    ),
    Field(
        "length_ft", "Length", "Structure", "Along the crest.", "NID 25", "number", "ft",
        nid_names=("damlengthft", "damlength", "lengthft"),
    ),
    Field(
        "volume_cubic_yards", "Volume", "Structure", "The materials in the dam.", "NID 47",
        "number", "cu yd", nid_names=("volumecubicyards", "volume"),
    ),
    Field(
        "number_of_locks", "Number of locks", "Structure", "Navigation locks.", "NID 48",
        "number", nid_names=("numberoflocks", "nolocks"),
    ),
    Field(
        "lock_length_ft", "Length of locks", "Structure", "Of the primary lock.", "NID 49",
        "number", "ft", nid_names=("lengthoflocksft", "lengthoflocks", "lenlocks"),
    ),
    Field(
        "lock_width_ft", "Lock width", "Structure", "Of the primary lock.", "NID 50", "number",
        "ft", nid_names=("lockwidthft", "lockwidth", "widthoflocks", "widlocks"),
    ),
    Field(
        "secondary_lock_length_ft", "Length of secondary lock", "Structure",
        "Of the secondary lock.", "NID 2023", "number", "ft",
        nid_names=("lengthofsecondarylockft", "lengthofsecondarylock", "secondarylengthoflocks"),
    ),
    Field(
        "secondary_lock_width_ft", "Secondary lock width", "Structure", "Of the secondary lock.",
        "NID 2023", "number", "ft",
        nid_names=("secondarylockwidthft", "secondarylockwidth", "secondarywidthoflocks"),
    ),
)  # fmt: skip
_HYDROLOGY = (
    Field(
        "nid_storage_acre_ft", "NID storage", "Hydrology",
        "The larger of maximum and normal storage.", "NID 33", "number", "acre-ft",
        nid_names=("nidstorageacreft", "nidstorage", "nidstor"),
    ),
    Field(
        "max_storage_acre_ft", "Maximum storage", "Hydrology",
        "At the maximum attainable water level.", "NID 31", "number", "acre-ft",
        nid_names=("maxstorageacreft", "maxstorage", "maximumstorage", "maxstor"),
    ),
    Field(
        "normal_storage_acre_ft", "Normal storage", "Hydrology",
        "At the normal retention level, without flood storage.", "NID 32", "number", "acre-ft",
        nid_names=("normalstorageacreft", "normalstorage", "normalstor", "normalsto"),
    ),
    Field(
        "surface_area_acres", "Surface area", "Hydrology", "At the normal retention level.",
        "NID 34", "number", "acres", nid_names=("surfaceareaacres", "surfacearea", "surfarea"),
    ),
    Field(
        "drainage_area_sq_miles", "Drainage area", "Hydrology", "The area that drains to the dam.",
        "NID 35", "number", "sq mi",
        nid_names=("drainageareasqmiles", "drainagearea", "drainarea"),
    ),
    Field(
        "max_discharge_cfs", "Maximum discharge", "Hydrology",
        "Of the spillway at the maximum designed water level.", "NID 30", "number", "cfs",
        nid_names=("maxdischargecubicftsecond", "maxdischarge", "maximumdischarge", "maxdisch"),
    ),
    Field(
        "spillway_type", "Spillway type", "Hydrology", "Whether it has gates.", "NID 44",
        "category", nid_names=("spillwaytype", "spillwaytypeid", "spilltype"),
        categories=("Controlled", "Uncontrolled", "None"),
    ),
    Field(
        "spillway_width_ft", "Spillway width", "Hydrology",
        "Available for discharge at the maximum designed water level.", "NID 45", "number", "ft",
        nid_names=("spillwaywidthft", "spillwaywidth", "spillwidth", "spillwid"),
    ),
    Field(
        "outlet_gates", "Outlet gates", "Hydrology",
        "The types of spillway and outlet gates, with their number and size if known.",
        "NID 46", "texts",
        nid_names=("outletgatetype", "outletgates", "outletgatetypes", "outgates"),
    ),
)  # fmt: skip
_SAFETY = (
    Field(
        "hazard_potential", "Hazard potential", "Safety",
        "What a failure would cause: High means a probable loss of life.", "NID 36", "category",
        nid_names=(
            "hazardpotentialclassification", "hazardpotential", "hazard", "hazardid",
            "publichazardid", "npdphazard",
        ),
        categories=("High", "Significant", "Low", "Undetermined"), facet=True, is_ranked=True,
    ),
    Field(
        "condition_assessment", "Condition assessment", "Safety",
        "What best describes the condition of the dam.", "NID 41", "category",
        nid_names=(
            "conditionassessment", "conditionassessid", "conditionassess",
        ),
        facet=True, is_ranked=True,
        categories=(
            "Satisfactory", "Fair", "Poor", "Unsatisfactory", "Not Rated", "Not Available",
        ),
    ),
    Field(
        "condition_assessment_date", "Condition assessment date", "Safety",
        "The date of the last assessment.", "NID 43", "date",
        nid_names=("conditionassessmentdate", "conditionassessdate"),
    ),
    Field(
        "condition_assessment_detail", "Condition assessment detail", "Safety",
        "The reason for the assessment.", "NID 42",
        nid_names=("conditionassessmentdetail", "conditionassessdetail"),
    ),
    Field(
        "last_inspection_date", "Last inspection date", "Safety", "The date of the last one.",
        "NID 39", "date", nid_names=("lastinspectiondate", "inspectiondate", "inspdate"),
    ),
    Field(
        "inspection_frequency_years", "Inspection frequency", "Safety",
        "The scheduled interval between inspections.", "NID 40", "number", "years",
        nid_names=("inspectionfrequency", "inspfreq"),
    ),
    Field(
        "eap_prepared", "EAP prepared", "Safety",
        "Whether there is an emergency action plan (EAP).", "NID 37", "category",
        nid_names=("eapprepared", "eap", "emergencyactionplan", "eapid"),
        categories=("Yes", "No", "Not Required"), facet=True,
    ),
    Field(
        "eap_last_revision_date", "EAP last revision date", "Safety",
        "The date of the last revision of the emergency action plan.", "NID 38", "date",
        nid_names=("eaplastrevisiondate", "eaplastrevdate"),
    ),
    Field(
        "inundation_maps", "Inundation maps", "Safety",
        "Whether there are maps of the area that a failure would flood.", "NID 2023", "category",
        nid_names=(
            "inundationmapsprepared", "inundationmaps", "inundationmapping",
            "inundationnidaddedid",
        ),
    ),
    Field(
        "operational_status", "Operational status", "Safety", "How the dam is operated now.",
        "NID 2023", "category",
        nid_names=("operationalstatus", "operationalstatusid"), facet=True,
    ),
    Field(
        "operational_status_date", "Operational status date", "Safety",
        "Since when this status is known.", "NID 2023", "date",
        nid_names=("operationalstatusdate",),
    ),
)  # fmt: skip
_REGULATION = (
    Field(
        "state_regulated", "State regulated", "Regulation",
        "Whether the state permits, inspects and enforces.", "NID 55", "category",
        nid_names=(
            "stateregulateddam", "stateregdam", "stateregulatedid", "stregdam",
        ),
        categories=YES_NO, facet=True,
    ),
    Field(
        "federally_regulated", "Federally regulated", "Regulation",
        "Whether a federal agency regulates the dam.", "NID 2019", "category",
        nid_names=("federallyregulateddam", "fedregulatedid"), categories=YES_NO, facet=True,
    ),
    Field(
        "state_jurisdictional", "State jurisdictional", "Regulation",
        "Whether the dam meets the state's definition of a jurisdictional dam.", "NID 54",
        "category",
        nid_names=(
            "statejurisdictionaldam", "jurisdictionaldam", "jurisdictionauthorityid",
        ),
        categories=YES_NO,
    ),
    Field(
        "state_regulatory_agency", "State regulatory agency", "Regulation",
        "The state agency with authority over the dam.", "NID 56", "category",
        nid_names=("stateregulatoryagency", "stateregagency", "stregagn", "stregagency"),
    ),
    Field(
        "state_permitting_authority", "State permitting authority", "Regulation",
        "Whether the state approves plans and specifications.", "NID 51", "category",
        nid_names=(
            "statepermittingauthority", "permittingauthority", "permittingauthorityid",
        ),
        categories=YES_NO,
    ),
    Field(
        "state_inspection_authority", "State inspection authority", "Regulation",
        "Whether the state may require inspections.", "NID 52", "category",
        nid_names=(
            "stateinspectionauthority", "inspectionauthority", "inspectionauthorityid",
        ),
        categories=YES_NO,
    ),
    Field(
        "state_enforcement_authority", "State enforcement authority", "Regulation",
        "Whether the state may require maintenance and repair.", "NID 53", "category",
        nid_names=(
            "stateenforcementauthority", "enforcementauthority", "enforcementauthorityid",
        ),
        categories=YES_NO,
    ),
    Field(
        "non_federal_on_federal_property", "Non-federal dam on federal property", "Regulation",
        "Whether a dam that is not federal stands on federal property.", "NID 18", "category",
        nid_names=(
            "nonfederaldamonfederalproperty", "nonfederaldamonfederalid",
        ),
        categories=YES_NO,
    ),
    Field(
        "federal_agency_owners", "Federal agency owners", "Regulation", "Agencies that own it.",
        "NID 63", "texts",
        nid_names=("federalagencyowners", "federalagencyowner", "fedownerids", "fedowner"),
    ),
    Field(
        "federal_funding", "Federal agencies, funding", "Regulation", "Agencies that funded it.",
        "NID 57", "texts",
        nid_names=("federalagencyinvolvementfunding", "fedfundingids", "fedfund"),
    ),
    Field(
        "federal_design", "Federal agencies, design", "Regulation", "Agencies that designed it.",
        "NID 58", "texts",
        nid_names=("federalagencyinvolvementdesign", "feddesignids", "feddesign"),
    ),
    Field(
        "federal_construction", "Federal agencies, construction", "Regulation",
        "Agencies that built it.", "NID 59", "texts",
        nid_names=("federalagencyinvolvementconstruction", "fedconstructionids", "fedconstr"),
    ),
    Field(
        "federal_regulation", "Federal agencies, regulation", "Regulation",
        "Agencies that regulate it.", "NID 60", "texts",
        nid_names=("federalagencyinvolvementregulatory", "fedregulatoryids", "fedreg"),
    ),
    Field(
        "federal_inspection", "Federal agencies, inspection", "Regulation",
        "Agencies that inspect it.", "NID 61", "texts",
        nid_names=("federalagencyinvolvementinspection", "fedinspectionids", "fedinsp"),
    ),
    Field(
        "federal_operation", "Federal agencies, operation", "Regulation",
        "Agencies that operate it.", "NID 62", "texts",
        nid_names=("federalagencyinvolvementoperation", "fedoperationids", "fedoper"),
    ),
    Field(
        "federal_other", "Federal agencies, other", "Regulation",
        "Agencies that are involved in another way.", "NID 64", "texts",
        nid_names=("federalagencyinvolvementother", "fedotherids", "fedother"),
    ),
    Field(
        "built_under_secretary_of_agriculture", "Built under the Secretary of Agriculture",
        "Regulation", "Whether the authority of the Secretary of Agriculture was used.",
        "NID 2023", "category",
        nid_names=(
            "builtundertheauthorityofthesecretaryofagriculture", "secretaryagriculturebuiltid",
        ),
        categories=YES_NO,
    ),
    Field(
        "nrcs_watershed_authorization", "NRCS watershed authorization", "Regulation",
        "The law under which the Natural Resources Conservation Service (NRCS) took part.",
        "NID 2023", "category",
        nid_names=("nrcswatersheddamauthorization", "nrcswatershedauthorizationid"),
    ),
)  # fmt: skip
_OTHER = (
    Field(
        "source_agency", "Source agency", "Other", "Who is responsible for the data.",
        "NID 65", "category", nid_names=("sourceagency", "sourceage"),
    ),
    Field(
        "data_last_updated", "Data last updated", "Other",
        "When the source agency last updated or submitted the data.", "NID 67", "date",
        nid_names=("datalastupdated", "submitdate", "dataupdated", "submdate"),
    ),
    Field(
        "website", "Website", "Other", "A page about the dam or its regulation.", "NID 68",
        "link", nid_names=("websiteurl", "urladdress", "website"),
    ),
)  # fmt: skip

FIELDS = (*_IDENTITY, *_LOCATION, *_STRUCTURE, *_HYDROLOGY, *_SAFETY, *_REGULATION, *_OTHER)
"""All fields, in the order of the page. Facts of a file that no field matches are kept, too:
see `DamDraft.other_facts`."""

FIELD = {field.name: field for field in FIELDS}
"""The fields by name."""

GROUPS = tuple(dict.fromkeys(field.group for field in FIELDS))
"""The groups of fields, in the order of the page."""

COMMON = ("dam_name", "owner", "river", "date_built", "latitude", "longitude")
"""The fields of the form that adds a dam; other forms show them first."""

REQUIRED = tuple(field.name for field in FIELDS if field.required)
SEARCHED = tuple(field.name for field in FIELDS if field.searched)
FACETS = tuple(field.name for field in FIELDS if field.facet)
LABELS = {field.name: field.heading for field in FIELDS}
"""The name of each field on the page and in messages, with its unit."""
