"""Who there is in the State of Franklin. The bodies and the people are made up; the counties have the names
and codes of FIPS 47, so that a map can be drawn later."""

from __future__ import annotations

from collections.abc import Callable, Sequence

# code, name, people, yearly budget in millions, visit tier
AGENCIES = (
    ("AGR", "Department of Agriculture", 680, 94, 1),
    ("BNK", "Department of Financial Institutions", 170, 27, 3),
    ("CHS", "Department of Children's Services", 4150, 1080, 1),
    ("COM", "Department of Commerce and Insurance", 980, 143, 2),
    ("COR", "Department of Corrections", 6300, 1190, 1),
    ("DHR", "Department of Human Resources", 140, 19, 2),
    ("DHS", "Department of Human Services", 4700, 2950, 1),
    ("DLW", "Department of Labor and Workforce", 1450, 268, 1),
    ("DMA", "Military Department", 420, 117, 3),
    ("DOE", "Department of Education", 1120, 7300, 1),
    ("DOH", "Department of Health", 3250, 740, 1),
    ("DOR", "Department of Revenue", 1240, 158, 1),
    ("DOT", "Department of Transportation", 3900, 2410, 1),
    ("DPS", "Department of Public Safety", 1890, 301, 1),
    ("DVS", "Department of Veterans Services", 690, 88, 2),
    ("ECD", "Department of Economic Development", 230, 412, 2),
    ("EMA", "Emergency Management Agency", 180, 65, 2),
    ("ENV", "Department of Environment and Conservation", 2750, 460, 1),
    ("FIN", "Department of Finance and Administration", 610, 131, 1),
    ("FOR", "Forestry Division", 310, 36, 3),
    ("GEN", "Department of General Services", 480, 122, 2),
    ("HCA", "Health Care Authority", 1170, 13900, 1),
    ("HOU", "Housing Development Agency", 290, 345, 3),
    ("INT", "Department of Intellectual Disabilities", 1460, 890, 2),
    ("JUS", "Juvenile Justice Services", 730, 96, 2),
    ("LIB", "State Library and Archives", 160, 21, 3),
    ("LOT", "State Lottery", 175, 62, 3),
    ("MHS", "Department of Mental Health", 1720, 448, 2),
    ("MUS", "State Museum", 90, 12, 4),
    ("PRK", "Parks and Wildlife", 1130, 128, 2),
    ("PUC", "Public Utility Office", 85, 11, 4),
    ("RET", "Retirement System", 240, 39, 2),
    ("SBI", "Bureau of Investigation", 880, 119, 1),
    ("SOS", "Office of the Secretary of State", 410, 48, 2),
    ("STA", "State Auditor", 520, 61, 2),
    ("TOU", "Department of Tourism", 150, 54, 3),
    ("TRE", "State Treasurer", 270, 44, 2),
    ("TRN", "Transit Office", 65, 73, 4),
    ("WAT", "Water Resources Office", 210, 52, 3),
    ("YTH", "Office of Youth Development", 75, 14, 4),
)

DIVISIONS = (
    ("DOR-FLD", "Field Offices", "DOR", 430),
    ("DOR-TXP", "Taxpayer Services", "DOR", 310),
    ("DOR-AUD", "Audit Division", "DOR", 260),
    ("DOT-R1", "Region 1", "DOT", 720),
    ("DOT-R2", "Region 2", "DOT", 690),
    ("DOH-LAB", "Public Health Laboratory", "DOH", 210),
    ("DPS-HWP", "Highway Patrol", "DPS", 940),
    ("PRK-TRL", "Trails Program", "PRK", 60),
)

# code, name, kind, people, visit tier
OTHER_BODIES = (
    ("NUR", "Board of Nursing", "board", 34, 3),
    ("MED", "Board of Medical Examiners", "board", 28, 4),
    ("COS", "Board of Cosmetology", "board", 19, 4),
    ("ENG", "Board of Engineers", "board", 11, 4),
    ("ETH", "Ethics Commission", "commission", 16, 3),
    ("REC", "Real Estate Commission", "commission", 22, 4),
    ("ARC", "Arts Commission", "commission", 31, 4),
    ("HUM", "Human Rights Commission", "commission", 41, 3),
    ("AOC", "Administrative Office of the Courts", "court", 330, 1),
    ("SUP", "Supreme Court", "court", 95, 2),
    ("GAS", "General Assembly", "legislature", 480, 1),
    ("FSU", "Franklin State University", "university", 5200, 2),
    ("NFU", "North Franklin University", "university", 1900, 3),
    ("CUM", "Cumber Water District", "district", 55, 4),
    ("VAL", "Valley School District", "district", 640, 3),
    ("HWK", "Hawk River Tribe", "tribe", 120, 3),
)

COUNTIES = [
    "Anderson", "Bedford", "Benton", "Bledsoe", "Blount", "Bradley", "Campbell", "Cannon", "Carroll",
    "Carter", "Cheatham", "Chester", "Claiborne", "Clay", "Cocke", "Coffee", "Crockett", "Cumberland",
    "Davidson", "Decatur", "DeKalb", "Dickson", "Dyer", "Fayette", "Fentress", "Franklin", "Gibson",
    "Giles", "Grainger", "Greene", "Grundy", "Hamblen", "Hamilton", "Hancock", "Hardeman", "Hardin",
    "Hawkins", "Haywood", "Henderson", "Henry", "Hickman", "Houston", "Humphreys", "Jackson", "Jefferson",
    "Johnson", "Knox", "Lake", "Lauderdale", "Lawrence", "Lewis", "Lincoln", "Loudon", "McMinn", "McNairy",
    "Macon", "Madison", "Marion", "Marshall", "Maury", "Meigs", "Monroe", "Montgomery", "Moore", "Morgan",
    "Obion", "Overton", "Perry", "Pickett", "Polk", "Putnam", "Rhea", "Roane", "Robertson", "Rutherford",
    "Scott", "Sequatchie", "Sevier", "Shelby", "Smith", "Stewart", "Sullivan", "Sumner", "Tipton",
    "Trousdale", "Unicoi", "Union", "Van_Buren", "Warren", "Washington", "Wayne", "Weakley", "White",
    "Williamson", "Wilson",
]  # fmt: skip

CITIES = (
    "Alder Creek", "Bellmont", "Cedar Gap", "Dunmore", "Eastfield", "Fairhaven", "Grayling",
    "Harlan Springs", "Ivy Bend", "Juniper", "Kestrel", "Larkspur", "Millbrook", "New Jonesborough",
    "Oak Landing", "Pine Ferry", "Quarry Hill", "Redbank", "Sycamore Falls", "Three Rivers", "Union Mills",
    "Vesper", "Watauga City", "Yellow Fork",
)  # fmt: skip

FIRST_NAMES = [
    "Alma", "Andre", "Anita", "Arthur", "Beatriz", "Bernard", "Bianca", "Calvin", "Camila", "Carol",
    "Cedric", "Clara", "Damon", "Daniel", "Dolores", "Eamon", "Edith", "Elena", "Emeka", "Esther",
    "Fatima", "Felix", "Frances", "Gabriel", "Gloria", "Grace", "Hannah", "Harold", "Helen", "Ibrahim",
    "Ines", "Irene", "Isaac", "Jamal", "Jean", "Joanna", "Jorge", "Julia", "Kamala", "Keith", "Kofi",
    "Laura", "Leon", "Linda", "Louis", "Luz", "Mabel", "Malik", "Marcus", "Maria", "Martin", "Mei",
    "Miriam", "Nadia", "Nathan", "Nina", "Noel", "Nora", "Olga", "Omar", "Otis", "Pablo", "Paula", "Pearl",
    "Priya", "Quentin", "Rachel", "Ramon", "Rosa", "Ruth", "Samuel", "Sara", "Silvia", "Simon", "Stella",
    "Tamara", "Thomas", "Uma", "Valerie", "Vera", "Victor", "Walter", "Wanda", "Xavier", "Yusuf", "Zoe",
]  # fmt: skip

LAST_NAMES = [
    "Abbott", "Acosta", "Adeyemi", "Alvarez", "Baker", "Banks", "Barrett", "Bauer", "Bell", "Bishop",
    "Blair", "Boone", "Brandt", "Brooks", "Burke", "Calloway", "Carver", "Castillo", "Chandra", "Chen",
    "Cole", "Cooper", "Cruz", "Dalton", "Diaz", "Doyle", "Duncan", "Ellis", "Farrell", "Fischer",
    "Fleming", "Flores", "Foster", "Garner", "Gibbs", "Gomez", "Grant", "Greer", "Gupta", "Hale", "Harmon",
    "Hayes", "Hensley", "Hicks", "Hoang", "Hughes", "Ingram", "Iqbal", "Jacobs", "Jensen", "Jimenez",
    "Kane", "Keller", "Khan", "Kim", "Knight", "Lang", "Lawson", "Lee", "Lopez", "Lowe", "Maddox", "Marsh",
    "Mendez", "Meyer", "Miles", "Moreno", "Moss", "Murray", "Nash", "Nguyen", "Norris", "Novak", "Olsen",
    "Ortiz", "Page", "Patel", "Payne", "Perez", "Pope", "Quinn", "Ramsey", "Reyes", "Rhodes", "Rivera",
    "Rossi", "Russo", "Santos", "Sharp", "Silva", "Singh", "Snyder", "Stone", "Tate", "Torres", "Tran",
    "Turner", "Vance", "Vargas", "Walsh", "Weaver", "West", "Wolfe", "Wright", "Yates", "Young", "Zimmer",
]  # fmt: skip


# Who bears a first and a last name of these mostly speaks Spanish.
SPANISH_FIRST = {
    "Alma", "Anita", "Beatriz", "Camila", "Clara", "Dolores", "Elena", "Gabriel", "Gloria", "Ines", "Jorge", "Julia",
    "Laura", "Luz", "Maria", "Pablo", "Paula", "Ramon", "Rosa", "Sara", "Silvia", "Victor",
}  # fmt: skip
SPANISH_LAST = {
    "Acosta", "Alvarez", "Castillo", "Cruz", "Diaz", "Flores", "Gomez", "Jimenez", "Lopez", "Mendez", "Moreno", "Ortiz",
    "Perez", "Reyes", "Rivera", "Santos", "Torres", "Vargas",
}  # fmt: skip


def county_fips(position: int) -> str:
    """Counties are numbered by odd numbers in the order of the alphabet; `position` counts from nought."""
    return f"47{2 * position + 1:03d}"


def somebody(one_of: Callable[[Sequence[str]], str]) -> str:
    """A first and a last name, as chance will have it."""
    return f"{one_of(FIRST_NAMES)} {one_of(LAST_NAMES)}"


def language_of(name: str, mostly: Callable[[float], bool]) -> str:
    """What somebody of this name is written to in."""
    first, last = name.split()
    return "es" if mostly(0.9) and first in SPANISH_FIRST and last in SPANISH_LAST else "en"
