"""Words for generated texts: types of work, and parts of sentences."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Work:
    """A job family, with the titles of its roles and the objects of its work."""

    name: str
    prefix: str
    department: str
    roles: tuple[str, ...]
    objects: tuple[str, ...]

    @property
    def code(self) -> str:
        return self.name.lower().replace(" ", "-")


def _list(text: str, separator: str = "; ") -> tuple[str, ...]:
    return tuple(text.split(separator))


def _work(name: str, prefix: str, department: str, roles: str, objects: str) -> Work:
    return Work(name, prefix, department, _list(roles), _list(objects))


WORKS = (
    _work(
        "Account management", "ACC", "Sales",
        "Account manager; Key account manager; Client partner; Renewals manager; Account executive",
        "renewal plans; account reviews; customer health scores; service agreements; upsell offers;"
        " onboarding schedules; contract terms; customer reference stories; portfolio forecasts",
    ),
    _work(
        "Accounting", "ACT", "Finance",
        "Accountant; Payroll analyst; Accounts payable clerk; Tax specialist; Controller",
        "month-end closings; supplier invoices; bank reconciliations; expense claims; tax returns;"
        " payroll runs; audit files; cost center reports; fixed asset registers",
    ),
    _work(
        "Software development", "DEV", "Engineering",
        "Software engineer; Web developer; Test engineer; Release manager; Platform engineer",
        "service interfaces; regression tests; deployment scripts; code reviews; error reports;"
        " database migrations; design notes; release candidates; monitoring alerts",
    ),
    _work(
        "Data analysis", "DAT", "Analytics",
        "Data analyst; Reporting analyst; Data engineer; Survey researcher; Forecast analyst",
        "dashboards; data dictionaries; survey results; forecast models; data quality checks;"
        " ad hoc queries; customer segments; weekly figures; loading jobs",
    ),
    _work(
        "Nursing", "NUR", "Patient Care",
        "Staff nurse; Ward nurse; Nurse educator; Community nurse; Clinic nurse",
        "care plans; medication rounds; patient handovers; wound assessments; admission records;"
        " infection control audits; discharge letters; vaccination clinics; shift rosters",
    ),
    _work(
        "Logistics", "LOG", "Supply Chain",
        "Warehouse supervisor; Dispatcher; Inventory planner; Fleet coordinator; Customs agent",
        "delivery routes; stock counts; loading plans; customs papers; carrier contracts;"
        " return shipments; picking lists; vehicle inspections; storage layouts",
    ),
    _work(
        "Manufacturing", "MAN", "Production",
        "Machine operator; Shift leader; Process engineer; Maintenance technician; Line planner",
        "production orders; machine settings; shift reports; spare parts; scrap analyses;"
        " maintenance windows; work instructions; safety inspections; tooling changes",
    ),
    _work(
        "Teaching", "TEA", "Education",
        "Teacher; Lecturer; Course coordinator; Learning designer; Tutor",
        "lesson plans; course materials; written assessments; parent meetings; reading groups;"
        " timetables; learning goals; laboratory exercises; progress records",
    ),
    _work(
        "Human resources", "HUM", "People",
        "Recruiter; HR partner; Benefits specialist; Training coordinator; HR assistant",
        "job postings; interview panels; onboarding weeks; pay reviews; training records;"
        " leave requests; policy updates; exit interviews; job descriptions",
    ),
    _work(
        "Customer support", "SUP", "Customer Success",
        "Support agent; Support engineer; Help desk lead; Service manager; Chat specialist",
        "support tickets; help articles; escalated cases; call recordings; refund requests;"
        " known issues; satisfaction surveys; queue statistics; reply templates",
    ),
    _work(
        "Marketing", "MKT", "Marketing",
        "Campaign manager; Content writer; Brand manager; Event planner; Market researcher",
        "campaign briefs; newsletters; trade fair stands; press releases; brand guidelines;"
        " landing pages; media budgets; case studies; audience research",
    ),
    _work(
        "Construction", "CON", "Building",
        "Site manager; Electrician; Estimator; Surveyor; Safety officer",
        "site diaries; building permits; cost estimates; scaffold checks; subcontractor bids;"
        " material orders; drawings; defect lists; handover packages",
    ),
    _work(
        "Legal", "LEG", "Legal",
        "Paralegal; Contract manager; Compliance officer; Legal counsel; Privacy officer",
        "contract drafts; data protection requests; case files; license renewals; board minutes;"
        " disclosure lists; policy exceptions; court deadlines; due diligence questions",
    ),
    _work(
        "Hospitality", "HOS", "Guest Services",
        "Front desk agent; Head chef; Restaurant manager; Housekeeping lead; Night manager",
        "guest requests; menus; room inspections; table bookings; allergy lists;"
        " banquet orders; cleaning rotas; wine stocks; guest reviews",
    ),
    _work(
        "Laboratory science", "LAB", "Research",
        "Laboratory technician; Research scientist; Quality chemist; Study coordinator",
        "sample batches; test protocols; instrument calibrations; study reports; reagent stocks;"
        " safety data sheets; method validations; literature reviews; deviation records",
    ),
    _work(
        "Public administration", "PUB", "Administration",
        "Case officer; Registrar; Grants officer; Planning officer; Office administrator",
        "permit applications; grant files; council papers; citizen inquiries; public registers;"
        " hearing notices; procurement files; statistics returns; archive transfers",
    ),
)  # fmt: skip

LEVELS = (
    ("entry", "Entry level", 0, 2, "Junior"),
    ("mid", "Mid level", 2, 4, ""),
    ("senior", "Senior level", 4, None, "Senior"),
    ("lead", "Lead", 6, 10, "Lead"),
    ("principal", "Principal", 8, 15, "Principal"),
    ("director", "Director", 10, None, "Head"),
)
FOCUSES = _list(
    "northern region; southern region; export; night shift; new customers; public sector; schools;"
    " small firms; large firms; spare parts; mobile products; energy; food; health; insurance;"
    " transport; retail; charities; special projects; quality; training; automation; online sales;"
    " research; field service"
)
CITIES = tuple(
    tuple(_list(place, "/"))
    for place in _list(
        "Denver/Colorado/US Boston/Massachusetts/US Tucson/Arizona/US Omaha/Nebraska/US"
        " Portland/Maine/US Boise/Idaho/US Raleigh/North_Carolina/US Albany/New_York/US"
        " Toronto/Ontario/CA Calgary/Alberta/CA Leeds/England/GB Cardiff/Wales/GB"
        " Glasgow/Scotland/GB Galway/Connacht/IE Utrecht/Utrecht/NL Ghent/Flanders/BE"
        " Aarhus/Midtjylland/DK Bergen/Vestland/NO Uppsala/Uppland/SE Turku/Southwest_Finland/FI"
        " Leipzig/Saxony/DE Graz/Styria/AT Basel/Basel/CH Lyon/Rhone/FR Porto/Norte/PT"
        " Bilbao/Basque_Country/ES Bologna/Emilia/IT Brno/Moravia/CZ Gdansk/Pomerania/PL"
        " Wellington/Wellington/NZ",
        " ",
    )
)
FIRST_NAMES = _list(
    "Ada Bela Cleo Dana Emil Fadi Gina Hugo Iris Jona Kaia Liam Mina Noor Otto Pia Rafa Sena Tara"
    " Uma Vito Wanda Yara Zeno",
    " ",
)
LAST_NAMES = _list(
    "Abbot Becker Castro Dunne Eriksen Fabre Gruber Hansen Ito Jansen Kovac Lund Moreau Novak Olsen"
    " Petit Quist Rossi Sousa Tamm Urban Vogel Weiss Young",
    " ",
)

VERBS = _list(
    "Prepare Review Update Coordinate Plan Check Document Present Organize Improve Compare Maintain"
    " Draft Archive Explain Monitor Schedule Approve Simplify Track Summarize Standardize Collect"
    " Publish Correct Prioritize Translate Inspect Assign Discuss Assemble Verify Evaluate Adapt"
    " Record Distribute Complete Oversee Negotiate Design",
    " ",
)
PARTNERS = _list(
    "with the regional team; with two colleagues from finance; with the quality group;"
    " with external partners; together with the shift lead; with the project office;"
    " with newcomers to the team; with the head of department; with suppliers;"
    " with the works council; with colleagues in other cities; on your own;"
    " with the customer at the table; with the safety officer; with a small working group;"
    " with the planning board"
)
RHYTHMS = _list(
    "every week; every month; twice a year; each quarter; at the start of each shift; on request;"
    " within two working days; before each deadline; after every change; once a day;"
    " during the busy season; at the end of each project"
)
PURPOSES = _list(
    "so that no one waits for an answer; so that mistakes are found early;"
    " to keep costs within the budget; to give managers a sound basis for decisions;"
    " so that the next team can go on without questions; to meet the rules of the regulator;"
    " so that customers get what was promised; to shorten the time from order to delivery;"
    " to make the results easy to compare; so that records stand up to an audit;"
    " to prepare the yearly plan; to keep people safe at work; so that visitors feel welcome;"
    " to reduce waste; to spread good practice across sites; so that no knowledge is lost;"
    " to agree on priorities; to show progress against the targets;"
    " so that complaints become rare; to support colleagues on leave;"
    " to keep the system available; to win the trust of new partners; so that pay is right;"
    " to settle disputes before they grow; to leave time for training"
)

ABILITIES = _list(
    "Careful writing about; Patient listening when working on; Quick judgment in;"
    " Clear presentation of; Negotiation around; Structured planning of; Teaching others about;"
    " Numerical reasoning for; Attention to detail in; Calm handling of; Curiosity about;"
    " Tidy documentation of; Reliable estimation of; Fair moderation of; Creative redesign of"
)
TOOLS = _list(
    "spreadsheets; a ticket system; a planning board; statistics software; a document archive;"
    " drawing software; a scheduling tool; a reporting tool; an order system; a learning platform"
)
EXPLANATIONS = _list(
    "You can show an example from your own work.; You know what to leave out.;"
    " You explain it to people who are new to it.; You notice when something does not fit.;"
    " You stay exact when time is short.; You ask before you assume.;"
    " You find a way when the usual one is closed.; You learn from what went wrong.;"
    " You help others to do it without you.; You weigh effort against use."
)

FIELDS = _list(
    "business; economics; nursing; mechanical engineering; computer science; statistics; law;"
    " chemistry; education; logistics; communication; public policy; design; hospitality;"
    " civil engineering; psychology"
)
DEGREES = _list(
    "Vocational training; Associate degree; Bachelor's degree; Master's degree; Certificate"
)
EQUIVALENTS = _list(
    "or equivalent experience; or proof of similar work; or a comparable course;"
    " or several years in the trade; or a portfolio that shows it"
)
SPANS = _list(
    "[X] years; At least one year; Two years; Three years; Four or more years; Six months"
)
SETTINGS = _list(
    "a small company; a large organization; a regulated industry; the public sector; a start-up;"
    " shift work; a team spread over several sites; direct contact with customers;"
    " an international group; a family business"
)

BOILERPLATE = {
    "company": (
        "[Company Name] has worked in {place} since {year}.",
        "Around {number} people work on {objects} and {others}.",
        "Teams make their own decisions, and we say when we don't know.",
        "We invest our profits in tools, training, and time.",
    ),
    "benefits": (
        "You have {days} days of leave and flexibility in when you take them.",
        "We pay for {number} hours of training a year, on {objects} or a topic of your choice.",
        "There is a pension plan, and travel to {place} is paid.",
    ),
    "equal_opportunity": (
        "[Company Name] hires for what people can do with {objects} and {others}.",
        "Tell us in {place} what you need for a fair interview; we will arrange it.",
        "A panel of {number} people makes each decision and documents it.",
    ),
    "apply": (
        "Send us a page about yourself and a story about {objects}.",
        "We answer within {days} days from {place}.",
        "Two conversations follow, one of them about {others}.",
    ),
    "legal": (
        "This description names the main duties around {objects}; others can be added.",
        "It is reviewed every {days} months in {place} and is not a contract.",
    ),
}
CONDITIONS = (
    ("travel", "Travel to {place} about {days} days a year."),
    ("hours", "Work in shifts during {number} days of the year, agreed a month ahead."),
    ("place", "Work at our site in {place}, with {days} days a month from home."),
    ("physical", "Lift and carry up to {days} kilograms while handling {objects}."),
)
PEOPLE = _list(
    "Head of {department}; Director of operations; Team lead, {department}; Site manager;"
    " Managing director; Program manager"
)
NOTES = _list(
    "First version.; Reviewed with the team.; Annual review.; Clearer wording.; New pay range.;"
    " After the reorganization.; Corrected a title.; For the autumn hiring."
)
