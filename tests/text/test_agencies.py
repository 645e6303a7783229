from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import SettingsError
from kb.text.agencies import Agencies, load_agencies


@pytest.fixture(scope="module")
def agencies() -> Agencies:
    return load_agencies()


@pytest.mark.parametrize(
    ("printed", "name", "sector"),
    [
        ("CPS", "Crown Prosecution Service", "prosecution-courts"),
        ("Avon and Somerset Police", "Avon and Somerset Constabulary", "police"),
        ("Tarnmoor Constabulary", "Tarnmoor Constabulary", "police"),
        (
            "Taunton and Somerset NHS Foundation Trust (as was Somerset Partnership Trust)",
            "Taunton and Somerset NHS Foundation Trust",
            "health",
        ),
        (
            "Somerset County Council- Children Social Care",
            "Somerset County Council – Children's Social Care",
            "children-social-care",
        ),
        (
            "Somerset County Council-Children Social Care",
            "Somerset County Council – Children's Social Care",
            "children-social-care",
        ),
        (
            "Somerset County Council- Education",
            "Somerset County Council – Education",
            "education",
        ),
        ("Tarnmoor CCG", "Tarnmoor Clinical Commissioning Group", "health"),
        (
            "Public Health Nursing (Health Visiting)",
            "Public Health Nursing (Health Visiting)",
            "health",
        ),
        (
            "Tarnmoor Integrated Domestic Abuse Service",
            "Tarnmoor Integrated Domestic Abuse Service",
            "domestic-abuse-service",
        ),
        ("All Partners", "All agencies", "all-agencies"),
        (
            "All statutory agencies in Tarnmoor",
            "All statutory agencies in Tarnmoor",
            "all-agencies",
        ),
        ("Safer Tarnmoor Partnership", "Safer Tarnmoor Partnership", "csp"),
        ("Tarnmoor Safeguarding Adults Board", "Tarnmoor Safeguarding Adults Board", "csp"),
        ("Department of Health", "Department of Health and Social Care", "government"),
        ("Harrow Lane Primary School", "Harrow Lane Primary School", "education"),
        ("Tarnmoor Homes", "Tarnmoor Homes", "housing"),
        ("Diocese of Tarnmoor", "Diocese of Tarnmoor", "faith"),
        ("Tarnmoor Interfaith Forum", "Tarnmoor Interfaith Forum", "faith"),
        ("Dale Churches Fellowship", "Dale Churches Fellowship", "faith"),
        ("The Otter Group", "The Otter Group", "other"),
        (
            "Tarnmoor University Hospitals NHS Foundation Trust",
            "Tarnmoor University Hospitals NHS Foundation Trust",
            "health",
        ),
        ("MoD", "Ministry of Defence", "military"),
        ("HMPPS", "HM Prison and Probation Service", "probation"),
        ("Tarnmoor Adult Social Care", "Tarnmoor Adult Social Care", "adult-social-care"),
    ],
)
def test_agency_gets_its_canonical_name_and_sector(
    agencies: Agencies, printed: str, name: str, sector: str
) -> None:
    read = agencies.read(printed)
    assert [(a.printed, a.name, a.sector) for a in read] == [(printed, name, sector)]


@pytest.mark.parametrize(
    ("cell", "printed"),
    [
        ("NHS Devon | Devon County Council", ["NHS Devon", "Devon County Council"]),
        ("KMPT and Police", ["KMPT", "Police"]),
        ("Police / Probation", ["Police", "Probation"]),
        (
            "Borderwold Integrated Care Board / Wychlow MARAC Steering Group",
            ["Borderwold Integrated Care Board", "Wychlow MARAC Steering Group"],
        ),
        ("Adult / Tarnmoor Children's Services", ["Adult / Tarnmoor Children's Services"]),
        ("Police, Health and Housing", ["Police", "Health", "Housing"]),
        ("Children's Social Care & Education", ["Children's Social Care", "Education"]),
        ("Tarnmoor Police;\nTarnmoor Council", ["Tarnmoor Police", "Tarnmoor Council"]),
        (
            "Devon and Cornwall Police and Probation Service",
            ["Devon and Cornwall Police", "Probation Service"],
        ),
        ("Police/Health/ASC", ["Police", "Health", "ASC"]),
        ("Police + CSC", ["Police", "CSC"]),
        ("CCG/ICB", ["CCG", "ICB"]),
        ("• Police\n• GP's\n• Probation", ["Police", "GP's", "Probation"]),
        ("All agencies, led by the CSP", ["All agencies", "the CSP"]),
        ("Tarnmoor Council supported by Police", ["Tarnmoor Council", "Police"]),
        ("Police (lead) and CSP", ["Police (lead)", "CSP"]),
        ("Lead: Police. Support: GP practices", ["Police", "GP practices"]),
        (
            "Fellside Constabulary in partnership with Tarnmoor Women's Aid",
            ["Fellside Constabulary", "Tarnmoor Women's Aid"],
        ),
        (
            "Tarnmoor NHS Foundation Trust, Fell NHS Trust and Tarnmoor County Council",
            ["Tarnmoor NHS Foundation Trust", "Fell NHS Trust", "Tarnmoor County Council"],
        ),
    ],
)
def test_a_list_of_agencies_is_parted(agencies: Agencies, cell: str, printed: list[str]) -> None:
    assert [agency.printed for agency in agencies.read(cell)] == printed


@pytest.mark.parametrize(
    "cell",
    [
        "Avon and Somerset Constabulary",
        "Taunton and Somerset NHS Foundation Trust",
        "Health and Social Care",
        "Kent and Medway NHS and Social Care Partnership Trust",
        "Police and Crime Commissioner",
        "Brighton and Hove City Council",
        "Housing and Support Services",
        "Change, Grow, Live",
        "Public Health Nursing\n(Health Visiting)",
        "Office of the Police and\nCrime Commissioner",
    ],
)
def test_one_agency_with_an_and_in_its_name_stays_whole(agencies: Agencies, cell: str) -> None:
    assert [agency.printed for agency in agencies.read(cell)] == [cell]


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Head of Safeguarding, Tarnmoor CCG", "Tarnmoor Clinical Commissioning Group"),
        ("Tarnmoor CCG (J. Smith)", "Tarnmoor Clinical Commissioning Group"),
        ("DCI Brown, Fellside Constabulary", "Fellside Constabulary"),
        ("Jane Rowan, Head of Community Safety, Tarnmoor Council", "Tarnmoor Council"),
        ("Tarnmoor Council (Head of Housing)", "Tarnmoor Council"),
        ("Lead Nurse – Tarnmoor NHS Trust", "Tarnmoor NHS Trust"),
        ("Each agency", "All agencies"),
        ("All agencies represented on the panel", "All agencies"),
        ("Public Health Nursing (Health Visiting)", "Public Health Nursing (Health Visiting)"),
        ("NHS England (South West)", "NHS England (South West)"),
        ("Named Nurse, Safeguarding", "Named Nurse, Safeguarding"),
    ],
)
def test_a_person_or_a_post_beside_an_agency_is_left_out_of_its_name(
    agencies: Agencies, printed: str, name: str
) -> None:
    assert [(a.printed, a.name) for a in agencies.read(printed)] == [(printed, name)]


def test_a_list_that_ends_in_nothing_is_given_up_soon(agencies: Agencies) -> None:
    cell = "Police and Health, " * 20
    assert len(agencies.read(cell)) == 1


def test_a_knowledge_base_adds_its_own_agencies() -> None:
    own = load_agencies(
        {"Otter Group": {"sector": "employer", "also": ["OG"]}, "Haven": "domestic-abuse-service"}
    )
    read = own.read("OG and Haven")
    assert [(a.name, a.sector) for a in read] == [
        ("Otter Group", "employer"),
        ("Haven", "domestic-abuse-service"),
    ]


def test_an_own_agency_with_an_unknown_sector_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match=r"'Otter Group'.*'shops'"):
        load_agencies({"Otter Group": "shops"})


@pytest.mark.parametrize("cell", [None, "", "  \n", "TBC", "n/a", "-"])
def test_an_empty_cell_has_no_agency(agencies: Agencies, cell: str | None) -> None:
    assert agencies.read(cell) == ()


@given(st.text(max_size=120))
def test_every_printed_part_stands_in_the_cell(text: str) -> None:
    for agency in load_agencies().read(text):
        assert agency.printed
        assert agency.printed in text
