"""Samples of pasted lists, each with the entries that it should have.

An entry is its text, its text and the texts of its sub-entries, or a Pair. Invisible characters
are written as escapes.
"""

from __future__ import annotations

from typing import NamedTuple


class Pair(NamedTuple):
    """An entry with a detail, or with a percent of time, or both."""

    text: str
    detail: str = ""
    percent: int | None = None


Expected = str | tuple[str, list[str]] | Pair

WORD: dict[str, tuple[str, list[Expected]]] = {
    "bullets with tabs": (
        "•\tLook after forty customers\r\n•\tPrepare renewal offers\r\n•\tReport each month\r\n",
        ["Look after forty customers", "Prepare renewal offers", "Report each month"],
    ),
    "bullets with non-breaking spaces": (
        "·\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0 Plan account reviews\n"
        "·\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0 Lead\u00a0price talks",
        ["Plan account reviews", "Lead price talks"],
    ),
    "second level o, indentation lost": (
        "•\tOwn the account plan\r\no\tSet targets with the customer\r\no\tTrack them monthly\r\n"
        "▪\tIn the shared sheet\r\n•\tTrain two juniors\r\n",
        [
            (
                "Own the account plan",
                [
                    "Set targets with the customer",
                    "Track them monthly",
                    "In the shared sheet",
                ],
            ),
            "Train two juniors",
        ],
    ),
    "second level o with one space": (
        "• Own the account plan\no Set targets\no Track them\n• Train two juniors",
        [("Own the account plan", ["Set targets", "Track them"]), "Train two juniors"],
    ),
    "characters of Symbol and Wingdings": (
        "\uf0b7\tAnswer tenders\n\uf0a7\tCollect references\n\uf0a7\tCheck terms\n"
        "\uf0b7\tHand over to delivery",
        [
            ("Answer tenders", ["Collect references", "Check terms"]),
            "Hand over to delivery",
        ],
    ),
    "Wingdings in a wrong font": (
        "§ Visit customers on site\n§ Keep the CRM up to date\n§ Work with Finance",
        ["Visit customers on site", "Keep the CRM up to date", "Work with Finance"],
    ),
    "manual line break inside an entry": (
        "1.\tResolve complaints\vwithin two working days\r\n2.\tThank people\u2028in writing\r\n",
        ["Resolve complaints within two working days", "Thank people in writing"],
    ),
    "numbers with parts": (
        "1\tCustomers\r\n1.1\tVisit the largest ten\r\n1.2\tCall the others\r\n"
        "2\tReports\r\n2.1\tSend the forecast\r\n2.1.1\tBy region\r\n",
        [
            ("Customers", ["Visit the largest ten", "Call the others"]),
            ("Reports", ["Send the forecast", "By region"]),
        ],
    ),
    "second level o at the end": (
        "•\tOwn the account plan\r\no\tSet targets\r\no\tTrack them\r\n",
        [("Own the account plan", ["Set targets", "Track them"])],
    ),
    "numbers with parts and a bracket": (
        "1.1) Visit the largest ten\n1.2) Call the others\n2.1) Send the forecast",
        ["Visit the largest ten", "Call the others", "Send the forecast"],
    ),
    "letters and Roman numbers, indentation lost": (
        "a. find needs\ni. by phone\nii. in person\nb. write offers",
        [("find needs", ["by phone", "in person"]), "write offers"],
    ),
    "the same numbers on two levels": (
        "1. plan\n   1. call\n   2. write\n2. do",
        [("plan", ["call", "write"]), "do"],
    ),
    "numbers, letters and Roman numbers": (
        "1. Sell\n   a. Find needs\n      i. by phone\n      ii. in person\n   b. Write offers\n"
        "2. Serve\n   a. Answer questions\n   b. Fix mistakes",
        [
            ("Sell", ["Find needs", "by phone", "in person", "Write offers"]),
            ("Serve", ["Answer questions", "Fix mistakes"]),
        ],
    ),
    "headings between bulleted lists": (
        "Your tasks\n• Advise buyers in the region\n• Agree on delivery dates\n"
        "Your profile\n• A degree or training in trade\n• 3 years of experience",
        [
            "Your tasks",
            "Advise buyers in the region",
            "Agree on delivery dates",
            "Your profile",
            "A degree or training in trade",
            "3 years of experience",
        ],
    ),
    "paragraph, list, paragraph": (
        "You are the voice of our customers.\n\n• Listen to them\n• Speak for them\n\n"
        "You work from home two days a week.",
        [
            "You are the voice of our customers.",
            "Listen to them",
            "Speak for them",
            "You work from home two days a week.",
        ],
    ),
}

WEB: dict[str, tuple[str, list[Expected]]] = {
    "list items of Chrome": (
        "What you'll do\n\nRun the weekly pipeline call\nOnboard new clients\n\nWhat you bring\n\n"
        "Calm in hard talks\nFluent Spanish",
        [
            "What you'll do",
            "Run the weekly pipeline call",
            "Onboard new clients",
            "What you bring",
            "Calm in hard talks",
            "Fluent Spanish",
        ],
    ),
    "list items of Firefox, indented": (
        "What you'll do\n\n    Run the weekly pipeline call\n    Onboard new clients\n"
        "        Book the first training\n        Set up their access\n\nWhat you bring\n\n"
        "    Fluent Spanish\n",
        [
            "What you'll do",
            "Run the weekly pipeline call",
            ("Onboard new clients", ["Book the first training", "Set up their access"]),
            "What you bring",
            "Fluent Spanish",
        ],
    ),
    "a list of short words": (
        "Excel\nSalesforce\niOS and Android\nSQL",
        ["Excel", "Salesforce", "iOS and Android", "SQL"],
    ),
    "entries in lower case": (
        "keep in touch with sixty customers in the north\n"
        "plan visits with the technical colleagues\nreport to the head of sales",
        [
            "keep in touch with sixty customers in the north",
            "plan visits with the technical colleagues",
            "report to the head of sales",
        ],
    ),
    "one line that lost its breaks": (
        "• Close deals with public bodies • Write bids • Keep price lists",
        ["Close deals with public bodies", "Write bids", "Keep price lists"],
    ),
    "emoji as bullets, and in texts": (
        "✅ Own your book of business 📈\n✅ Travel up to 20%\n👉 Apply by Friday 🙌🏽\n"
        "🚀 Grow with us 👩🏽‍💼",
        [
            "Own your book of business 📈",
            "Travel up to 20%",
            "Apply by Friday 🙌🏽",
            "🚀 Grow with us 👩🏽‍💼",
        ],
    ),
    "check marks with a variation selector": (
        "✔️ Paid leave\n✔️ Pension\n▪️ Free fruit\n1️⃣ First call",
        ["Paid leave", "Pension", "Free fruit", "First call"],
    ),
    "arrows and stars": (
        "➢ Build trust\n➢ Close gaps\n★ Bonus for new logos\n→ Apply now",
        ["Build trust", "Close gaps", "Bonus for new logos", "Apply now"],
    ),
    "spaces of many kinds, and invisible marks": (
        "\ufeff\u200b• Review\u2003contracts\u200b \u00a0with Legal\n"
        "• Negoti\u00adate terms\u200e\n\u3000• Sign\u202foff",
        ["Review contracts with Legal", "Negotiate terms", "Sign off"],
    ),
    "placeholders": (
        "- [X] years of experience in [industry, e.g. logistics]\n- [Company Name] products\n"
        "- Degree in [field of study]",
        [
            "[X] years of experience in [industry, e.g. logistics]",
            "[Company Name] products",
            "Degree in [field of study]",
        ],
    ),
    "placeholders at the start, no bullets": (
        "[X] years of experience\n[industry] background in sales or a related field of work\n"
        "[field of study] degree",
        [
            "[X] years of experience",
            "[industry] background in sales or a related field of work",
            "[field of study] degree",
        ],
    ),
}

MAIL: dict[str, tuple[str, list[Expected]]] = {
    "quoted": (
        "> - Arrange site visits for\n>   partners and press\n> - Order samples\n>\n> - Claims",
        ["Arrange site visits for partners and press", "Order samples", "Claims"],
    ),
    "quoted twice, with spaces": (
        "> > * Arrange site visits\n>> * Order samples\n> >\n> > * File claims",
        ["Arrange site visits", "Order samples", "File claims"],
    ),
    "a sign that only some lines have": (
        "Targets:\n> 95% of renewals kept\nOwn the forecast",
        ["Targets:", "> 95% of renewals kept", "Own the forecast"],
    ),
    "wrapped at 72 characters, hanging": (
        "* Act as the first person that customers in the health sector call, and\n"
        "  bring in the right colleague when a question needs an expert.\n"
        "* Prepare the yearly plan for each customer together with the\n"
        "  Product team.\n"
        "* Own the numbers.",
        [
            "Act as the first person that customers in the health sector call, and"
            " bring in the right colleague when a question needs an expert.",
            "Prepare the yearly plan for each customer together with the Product team.",
            "Own the numbers.",
        ],
    ),
    "wrapped, indentation lost": (
        "- Act as the first person that customers in the health sector call, and\n"
        "bring in the right colleague when a question needs an expert.\n"
        "- Prepare the yearly plan for each customer in Germany, Austria and the\n"
        "Netherlands\n"
        "- Own the numbers.",
        [
            "Act as the first person that customers in the health sector call, and"
            " bring in the right colleague when a question needs an expert.",
            "Prepare the yearly plan for each customer in Germany, Austria and the Netherlands",
            "Own the numbers.",
        ],
    ),
    "wrapped, no bullets, blank lines between": (
        "Keep every promise that Sales made to the customer during the first\n"
        "ninety days of the contract\n\nTurn complaints into improvements together with the teams\n"
        "that can make them\n\nSpeak at events",
        [
            "Keep every promise that Sales made to the customer during the first"
            " ninety days of the contract",
            "Turn complaints into improvements together with the teams that can make them",
            "Speak at events",
        ],
    ),
    "wrapped before a name": (
        "- Prepare offers and calculations for the whole region together with our\n"
        "colleagues\n- Take part in fairs and in the planning of campaigns by Product\n"
        "Marketing\n- Report to France",
        [
            "Prepare offers and calculations for the whole region together with our colleagues",
            "Take part in fairs and in the planning of campaigns by Product Marketing",
            "Report to France",
        ],
    ),
    "wrapped in a narrow column": (
        "• Work with\n  Finance\n• Support partners across\nEurope\n• Report, plan,\nForecast",
        ["Work with Finance", "Support partners across Europe", "Report, plan, Forecast"],
    ),
    "wrapped before a name, hanging": (
        "• Look after the relations with all customers in North\n  America\n• Report",
        ["Look after the relations with all customers in North America", "Report"],
    ),
    "lines below an introduction": (
        "In your first year with us you will:\nlearn the products\nvisit customers",
        ["In your first year with us you will:", "learn the products", "visit customers"],
    ),
    "a short line that goes on": (
        "Lead talks\nand sign contracts\nReport",
        ["Lead talks and sign contracts", "Report"],
    ),
    "a short heading above words": (
        "Tools that we use\nexcel\nslides",
        ["Tools that we use", "excel", "slides"],
    ),
    "wrapped between two sentences": (
        "• Manage accounts. Prepare plans.\nReport to the head of sales, too.\n• Train juniors",
        ["Manage accounts. Prepare plans. Report to the head of sales, too.", "Train juniors"],
    ),
    "dashes without a space": (
        "-Forecast sales\n-Set prices\n–Watch competitors",
        ["Forecast sales", "Set prices", "Watch competitors"],
    ),
    "dashes of three lengths": (
        "- Forecast sales\n– Set prices\n— Watch competitors",
        ["Forecast sales", "Set prices", "Watch competitors"],
    ),
    "bulleted below a heading, indented": (
        "Requirements:\n  - Driving license\n  - First aid course",
        ["Requirements:", "Driving license", "First aid course"],
    ),
    "numbers with brackets, flush right": (
        " 8) Invite guests\n 9) Book rooms\n10) Send notes\n11) Pay bills",
        ["Invite guests", "Book rooms", "Send notes", "Pay bills"],
    ),
    "numbers in brackets": (
        "(1) Invite guests\n(2) Book rooms\n    (a) near the station\n    (b) under 100 euros\n"
        "(3) Send notes",
        [
            "Invite guests",
            ("Book rooms", ["near the station", "under 100 euros"]),
            "Send notes",
        ],
    ),
    "Roman numbers": (
        "I. Strategy\nII. Sales\nIII. Service\nIV. Staff\nV. Systems",
        ["Strategy", "Sales", "Service", "Staff", "Systems"],
    ),
    "letters that reach i": (
        "g) Stock\nh) Returns\ni) Claims\nj) Credit",
        ["Stock", "Returns", "Claims", "Credit"],
    ),
    "paragraph after the last bullet": (
        "• Sell.\n• Serve.\nWe pay travel costs and lend you a laptop for the whole time.",
        ["Sell.", "Serve.", "We pay travel costs and lend you a laptop for the whole time."],
    ),
}

SENTENCES: dict[str, tuple[str, list[Expected]]] = {
    "numbers that belong to the sentence": (
        "3 years of experience\n2024 targets met\n401(k) administration\n5+ years in sales\n"
        "24/7 readiness\n2.5 million in revenue\n1st-level support\n50% travel\n4G networks\n"
        "9-to-5 hours",
        [
            "3 years of experience",
            "2024 targets met",
            "401(k) administration",
            "5+ years in sales",
            "24/7 readiness",
            "2.5 million in revenue",
            "1st-level support",
            "50% travel",
            "4G networks",
            "9-to-5 hours",
        ],
    ),
    "numbers that belong to the sentence, after bullets": (
        "• 3 years of experience\n• 2. Lehrjahr or later\n• (2) references\n• - 18 °C storage",
        ["3 years of experience", "2. Lehrjahr or later", "(2) references", "18 °C storage"],
    ),
    "a number at the start of a wrapped line": (
        "• Look after a portfolio that is worth more than\n1.5 million a year\n"
        "• Reach a retention of at least\n95. That is all.",
        [
            "Look after a portfolio that is worth more than 1.5 million a year",
            "Reach a retention of at least 95. That is all.",
        ],
    ),
    "numbers of things": (
        "1 Laptop\n2 Monitors\n3 Desks",
        ["1 Laptop", "2 Monitors", "3 Desks"],
    ),
    "a sign that looks like a bullet": (
        "Ø 40 hours a week\n-Manage\no Brasil",
        ["Ø 40 hours a week", "-Manage", "o Brasil"],
    ),
    "a placeholder in title case": (
        "- [X] Years of Experience\n- [x] Certificates",
        ["[X] Years of Experience", "[x] Certificates"],
    ),
    "initials": (
        "A. Smith leads the team\nReports to J. Doe\nC. Jones is the deputy",
        ["A. Smith leads the team", "Reports to J. Doe", "C. Jones is the deputy"],
    ),
    "single letters that are words": (
        "I. Strategy is not a list\nA good listener\na good writer",
        ["I. Strategy is not a list", "A good listener", "a good writer"],
    ),
    "(x) and X) as blanks": (
        "(x) years of experience\nX) years of training",
        ["(x) years of experience", "X) years of training"],
    ),
    "hyphens and dashes inside": (
        "- Full-time - on site\n- 2020–2024 results – audited\n- * marks what is required *",
        [
            "Full-time - on site",
            "2020–2024 results – audited",
            "marks what is required *",
        ],
    ),
    "emphasis of Markdown": (
        "**Selling:** you love it\n*Serving:* you live it\n*Saving:* you learn it",
        ["Selling: you love it", "Serving: you live it", "Saving: you learn it"],
    ),
    "a language in which o is a word": (
        "Licenciatura em gestão\no domínio do inglês\no gosto por vendas",
        ["Licenciatura em gestão", "o domínio do inglês", "o gosto por vendas"],
    ),
    "ratings": (
        "●●●○○ Excel\n●●●●● Salesforce\n★★★☆☆ French",
        ["●●●○○ Excel", "●●●●● Salesforce", "★★★☆☆ French"],
    ),
    "middle dots between words": (
        "Denver · Hybrid · Full time\n• Sales • Service",
        ["Denver · Hybrid · Full time", "Sales", "Service"],
    ),
}

OTHERS: dict[str, tuple[str, list[Expected]]] = {
    "rows of a spreadsheet": (
        "Visit customers\t40%\tweekly\r\nWrite reports\t20%\tmonthly\r\n\tfilled in later\t\r\n",
        [
            Pair("Visit customers", "weekly", 40),
            Pair("Write reports", "monthly", 20),
            "filled in later",
        ],
    ),
    "one column of a spreadsheet": (
        "Visit customers in the region\t\r\nwrite reports\t\r\n\r\nGive talks\t",
        ["Visit customers in the region", "write reports", "Give talks"],
    ),
    "bulleted cells": (
        "•\tVisit customers\t40%\n•\tWrite reports\t20%",
        [Pair("Visit customers", "", 40), Pair("Write reports", "", 20)],
    ),
    "Markdown with sub-entries": (
        "- Plan campaigns\n  - by mail\n  - at fairs\n    - in spring\n- Measure them\n",
        [("Plan campaigns", ["by mail", "at fairs", "in spring"]), "Measure them"],
    ),
    "Markdown, everything a 1": (
        "1. plan campaigns\n1. measure them\n1. write them up",
        ["plan campaigns", "measure them", "write them up"],
    ),
    "Markdown tasks": (
        "- [ ] Call back\n- [x] Send samples\n- [X] years of experience\n[ ] Invoice",
        ["Call back", "Send samples", "[X] years of experience", "Invoice"],
    ),
    "Markdown, blank lines and a rule": (
        "* Plan campaigns\n\n    * by mail\n\n    * at fairs\n\n* Measure them\n\n---\n\n"
        "Good to know",
        [("Plan campaigns", ["by mail", "at fairs"]), "Measure them", "Good to know"],
    ),
    "tabs as indentation, no bullets": (
        "Plan campaigns\n\tby mail\n\tat fairs\n\t\tin spring\nMeasure them\n\tevery week",
        [
            ("Plan campaigns", ["by mail", "at fairs", "in spring"]),
            ("Measure them", ["every week"]),
        ],
    ),
    "a PDF with bullets on lines of their own": (
        "•\nLead the shift of eight people in\nthe warehouse\n•\nOrder goods\n1.\nOne\n2.\nTwo",
        [
            "Lead the shift of eight people in the warehouse",
            "Order goods",
            "One",
            "Two",
        ],
    ),
    "a PDF with a page break": (
        "• Lead the shift of the\n\fBerlin warehouse\n• Order goods\f• Count stock",
        ["Lead the shift of the Berlin warehouse", "Order goods", "Count stock"],
    ),
    "a PDF with hyphens at line ends": (
        "• Take respon\u00ad\nsibility for well-\nknown brands\n• Full- or part-\ntime, on- and\n"
        "off-site",
        [
            "Take responsibility for well-known brands",
            "Full- or part-time, on- and off-site",
        ],
    ),
    "a bracket across lines": (
        "• Experience with office programs (Excel,\nWord, Outlook) and CRM\n• Driving license",
        ["Experience with office programs (Excel, Word, Outlook) and CRM", "Driving license"],
    ),
    "a bracket across lines, no bullets": (
        "Office programs (Excel\nOutlook) and CRM\nDriving license (B)\nFirst aid",
        ["Office programs (Excel Outlook) and CRM", "Driving license (B)", "First aid"],
    ),
    "indentation with blank lines": (
        "Plan campaigns\n\n\tby mail\n\n\tat fairs\n\nMeasure them",
        [("Plan campaigns", ["by mail", "at fairs"]), "Measure them"],
    ),
    "mixed bullets of one level": (
        "• Buy\n* Sell\n✓ Store\n■ Ship",
        ["Buy", "Sell", "Store", "Ship"],
    ),
    "bullets below numbers": (
        "1. Buy\n- from three suppliers\n- in euros\n2. Sell\n- online\n3. Ship",
        [("Buy", ["from three suppliers", "in euros"]), ("Sell", ["online"]), "Ship"],
    ),
    "Hebrew": (
        "•\tניהול לקוחות\n•\tהכנת דוחות\u200f\n\u200f- מכירות\n\u200f- שירות\n•\tתכנון",
        ["ניהול לקוחות", ("הכנת דוחות", ["מכירות", "שירות"]), "תכנון"],
    ),
    "a heading in Hebrew": (
        "• ניהול\nדרישות:\n• תואר ראשון\nבכלכלה",
        ["ניהול", "דרישות:", "תואר ראשון", "בכלכלה"],
    ),
    "a wrapped line in Hebrew": (
        "• ניהול\n• תואר ראשון בכלכלה או במנהל עסקים וניסיון של\nשנתיים לפחות\n• רישיון",
        ["ניהול", "תואר ראשון בכלכלה או במנהל עסקים וניסיון של שנתיים לפחות", "רישיון"],
    ),
    "a heading in Arabic": (
        "• تخطيط الأسبوع\n• طلب المخزون\nالمتطلبات\n• خبرة",
        ["تخطيط الأسبوع", "طلب المخزون", "المتطلبات", "خبرة"],
    ),
    "headings in scripts without capitals": (
        "• योजना बनाना\nआवश्यकताएँ\n• अनुभव\n• จัดทำแผน\nคุณสมบัติ\n• ประสบการณ์\n• 制定计划\n要求\n• 经验",
        [
            *("योजना बनाना", "आवश्यकताएँ", "अनुभव", "จัดทำแผน", "คุณสมบัติ", "ประสบการณ์"),
            *("制定计划", "要求", "经验"),
        ],
    ),
    "lines that begin with digits and symbols": (
        "• Plan the week\n• Order stock\n10% travel within the region\n24/7 on-call once a month\n"
        "$500 for training\n3rd-party audits\n#1 priority: safety\n@home on Fridays",
        [
            *("Plan the week", "Order stock", "10% travel within the region"),
            *("24/7 on-call once a month", "$500 for training", "3rd-party audits"),
            *("#1 priority: safety", "@home on Fridays"),
        ],
    ),
    "addresses below a list": (
        "• Order stock\njobs@example.org\nwww.example.org/jobs\nhttps://example.org",
        ["Order stock", "jobs@example.org", "www.example.org/jobs", "https://example.org"],
    ),
    "directions around a word": (
        "• \u2067שלום\u2069 is a greeting\n• \u202aCall +1 555 0100\u202c",
        ["\u2067שלום\u2069 is a greeting", "Call +1 555 0100"],
    ),
    "Hebrew letters as numbers": (
        "א. ניהול לקוחות\nב. הכנת דוחות\nג. תכנון",
        ["ניהול לקוחות", "הכנת דוחות", "תכנון"],
    ),
    "Arabic, bullets after the text": (
        "\u202bإدارة العملاء •\u202c\nإعداد التقارير •\nخدمة ما بعد البيع •",
        ["إدارة العملاء", "إعداد التقارير", "خدمة ما بعد البيع"],
    ),
    "Chinese and Japanese": (
        "1、管理客户\n2、编写报告\n（1）培训\n（2）招聘\n・顧客管理\n・契約更新",
        ["管理客户", "编写报告", "培训", "招聘", "顧客管理", "契約更新"],
    ),
    "Spanish numbers": (
        "1.- Gestionar cuentas\n2.- Preparar informes",
        ["Gestionar cuentas", "Preparar informes"],
    ),
    "a wiki": (
        "* Sales\n** Calls\n*** in the morning\n** Visits\n* Service\n** Help",
        [("Sales", ["Calls", "in the morning", "Visits"]), ("Service", ["Help"])],
    ),
    "a wiki, one entry": ("* Sales\n** Calls\n** Visits", [("Sales", ["Calls", "Visits"])]),
    "a rule below a list": (
        "• Sell\n• Serve\n-----\nWe pay well and in time.",
        ["Sell", "Serve", "We pay well and in time."],
    ),
    "entries below numbered headings": (
        "1. Accounts\n   Manage the portfolio\n   Track renewals\n2. Service\n   Answer calls",
        [("Accounts", ["Manage the portfolio", "Track renewals"]), ("Service", ["Answer calls"])],
    ),
    "letters that begin again": (
        "I.\tSales\nA.\tCalls\nB.\tVisits\nII.\tService\nA.\tHelp",
        [("Sales", ["Calls", "Visits"]), ("Service", ["Help"])],
    ),
    "questions and answers": (
        "1. What does the role do?\nLooks after customers who have bought before.\n"
        "2. Is there travel?\nYes, two days a month.",
        [
            Pair("What does the role do?", "Looks after customers who have bought before."),
            Pair("Is there travel?", "Yes, two days a month."),
        ],
    ),
    "a blank line after every line": (
        "•  Manage accounts\n\n•  Report to the head of\n\nsales\n\n•  Train",
        ["Manage accounts", "Report to the head of", "sales", "Train"],
    ),
    "headings and entries in lower case": (
        "- manage accounts\n- report\nrequirements\n- a degree",
        ["manage accounts", "report", "requirements", "a degree"],
    ),
    "Arabic digits": (
        "١. إدارة العملاء\n٢. إعداد التقارير\n٣- خدمة\n٤- بيع",
        ["إدارة العملاء", "إعداد التقارير", "خدمة", "بيع"],
    ),
    "Persian keeps its joiners": (
        "• برنامه\u200cریزی فروش\n• می\u200cخواهیم",
        ["برنامه\u200cریزی فروش", "می\u200cخواهیم"],
    ),
    "control characters": (
        "• Keep\x00 the\x07 peace\n\x1b• Stay calm\x85",
        ["Keep the peace", "Stay calm"],
    ),
    "nothing": (" \na) -•\n\t\r\n\u200b\n•\n- \n***\n\u202a\n", []),
    "one word": ("Negotiation", ["Negotiation"]),
}

MARKUP: dict[str, tuple[str, list[Expected]]] = {
    "a heading of Markdown": (
        "- Order stock\n## You bring\n- A license",
        ["Order stock", "You bring", "A license"],
    ),
    "a heading closed with its marks": ("# Duties #\n* Order stock", ["Duties", "Order stock"]),
    "a number sign that is no heading": (
        "- # of reports: 5\n#1 in safety",
        ["# of reports: 5", "#1 in safety"],
    ),
    "a line in bold above bullets": ("**You bring**\n- A license", ["You bring", "A license"]),
    "a link": (
        '- Follow our [safety handbook](https://example.org/h)\n- See [the page](/jobs "Jobs")',
        ["Follow our safety handbook", "See the page"],
    ),
    "a link with its address below": (
        "- See [the handbook][1] and [FAQ][]\n- Lead [team][lead]\n\n"
        '[1]: https://example.org/h "Handbook"\n[faq]: /faq',
        ["See the handbook and FAQ", "Lead [team][lead]"],
    ),
    "a heading above a rule": ("You bring\n=========\n- A license", ["You bring", "A license"]),
    "comments": ("- Plan<!-- later --> the week\n<!-- end -->", ["Plan the week"]),
    "a picture": ("- ![Logo](logo.png/1) Plan", ["- ![Logo](logo.png/1) Plan"[2:]]),
    "a placeholder that is no link": (
        "- [X] years of [field](or more)",
        ["[X] years of [field](or more)"],
    ),
    "an address in angle brackets": (
        "- Apply at <https://example.org/jobs>\n- Write to <jobs@example.org/x>",
        ["Apply at https://example.org/jobs", "Write to jobs@example.org/x"],
    ),
    "emphasis and code": (
        "- **Planning:** plan the `weekly` roster\n- *Must* know __SQL__ and ~~Perl~~ ***R***",
        ["Planning: plan the weekly roster", "Must know SQL and Perl R"],
    ),
    "marks that are no emphasis": (
        "- 5 * 3 * 2 boxes\n- Name it snake_case_name\n- Rate **\n- Use C* and D*",
        ["5 * 3 * 2 boxes", "Name it snake_case_name", "Rate **", "Use C* and D*"],
    ),
    "escapes": (r"- jobs\@example.org" + "\n" + r"- 5 \* 3", ["jobs@example.org", "5 * 3"]),
    "entities": (
        "&bull; Plan the week &amp; month\n&#8226; Lift &lt; 20 lb\n&bull;&nbsp;AT&T; &copy",
        ["Plan the week & month", "Lift < 20 lb", "AT&T; &copy"],
    ),
    "HTML source": (
        "<h2>Duties</h2><ul><li>Plan the <b>week</b></li>\n<li class='x'>Order<br></li></ul>",
        ["Duties", "Plan the week", "Order"],
    ),
    "angle brackets that are no tag": (
        "- <Company Name> and <team>\n- x < y > z",
        ["<Company Name> and <team>", "x < y > z"],
    ),
    "invisible characters": (
        "•\u2060  \u2060Plan the weekly roster\n\u2063• Or\u200bder stock\ufeff",
        ["Plan the weekly roster", "Order stock"],
    ),
}

PAGES: dict[str, tuple[str, list[Expected]]] = {
    "page numbers between bullets": (
        "• Order stock\n3\n• Plan the week\nPage 2 of 4\n• Train staff\n- 5 -\n• Report",
        ["Order stock", "Plan the week", "Train staff", "Report"],
    ),
    "a page number inside a wrapped line": (
        "• Order stock for all stores of the southern\n12\nregion\n• Plan the week",
        ["Order stock for all stores of the southern region", "Plan the week"],
    ),
    "page numbers in other languages": (
        "• Planen\nSeite 1 von 3\n• Bestellen\n2 / 3\n• Berichten\nS. 3",
        ["Planen", "Bestellen", "Berichten"],
    ),
    "numbers that are the list": ("1\n2\n3", ["1", "2", "3"]),
    "words that begin like a page": ("• Page layout\n• Page 2 ads", ["Page layout", "Page 2 ads"]),
}

NUMBERS: dict[str, tuple[str, list[Expected]]] = {
    "Chinese and fullwidth numbers": (
        "1、制定计划\n2、订购库存\n一、职责\n（一）负责采购",
        ["制定计划", "订购库存", "职责", "负责采购"],
    ),
    "Chinese numerals up to twelve": (
        "九、制定\n十、订购\n十一、负责\n十二、报告",
        ["制定", "订购", "负责", "报告"],
    ),
    "a Chinese numeral that is a word": (
        "• 三年以上经验\n• 一般纳税",
        ["三年以上经验", "一般纳税"],
    ),
    "a Japanese heading": (
        "・a\n・b\n■必須条件\n・c",
        ["a", "b", "必須条件", "c"],
    ),
    "numbers on one line": (
        "1. Plan the week 2. Order stock 3. Train staff",
        ["Plan the week", "Order stock", "Train staff"],
    ),
    "letters on one line": ("a) Plan the week b) Order stock", ["Plan the week", "Order stock"]),
    "brackets on one line": ("(1) Plan (2) Order (3) Train", ["Plan", "Order", "Train"]),
    "Chinese numbers on one line": (
        "1、制定计划2、订购库存3、培训",
        ["制定计划", "订购库存", "培训"],
    ),
    "Chinese numerals on one line": (
        "一、制定计划 二、订购库存三、培训",
        ["制定计划", "订购库存", "培训"],
    ),
    "numerals in brackets on one line": ("（一）计划（二）订购", ["计划", "订购"]),
    "numbers in circles on one line": ("①计划②订购③培训", ["计划", "订购", "培训"]),
    "black circles on one line": ("❶ Plan ❷ Order", ["Plan", "Order"]),
    "keycaps on one line": ("1️⃣ Plan 2️⃣ Order", ["Plan", "Order"]),
    "Roman numbers on one line": ("i) Plan ii) Order iii) Train", ["Plan", "Order", "Train"]),
    "capital Roman numbers on one line": ("I. Plan II. Order", ["Plan", "Order"]),
    "check marks on one line": ("✓ Plan ✓ Order", ["Plan", "Order"]),
    "bullets without spaces on one line": ("•Plan•Order •Train", ["Plan", "Order", "Train"]),
    "Japanese bullets on one line": ("・計画　・ジョン・スミス", ["計画", "ジョン・スミス"]),
    "middle dots on one line": ("· Plan · Order", ["Plan", "Order"]),
    "ordinals inside a Chinese sentence": (
        "1、负责第1、2、3项工作\n2、订购",
        ["负责第1、2、3项工作", "订购"],
    ),
    "a number inside a sentence": (
        "1. Serve grades 1 and 2. 3 hours a day",
        ["Serve grades 1 and 2. 3 hours a day"],
    ),
}

PAIRS: dict[str, tuple[str, list[Expected]]] = {
    "a percentage before": (
        "40% – Plan the week\n35 % - Order stock\n• 25%: Train staff",
        [Pair("Plan the week", "", 40), Pair("Order stock", "", 35), Pair("Train staff", "", 25)],
    ),
    "a percentage in a cell": ("Plan the week\t40%", [Pair("Plan the week", "", 40)]),
    "a percentage in the first cell": ("40%\tPlan the week", [Pair("Plan the week", "", 40)]),
    "percentages behind": (
        "Plan the week (60%)\nOrder stock (40% of time)",
        [Pair("Plan the week", "", 60), Pair("Order stock", "", 40)],
    ),
    "percentages that are no shares of time": (
        "• Reach 95% retention\n• 10% travel\n• Grow sales (120%)\n• Cut costs (80%)\n0% – x",
        ["Reach 95% retention", "10% travel", "Grow sales (120%)", "Cut costs (80%)", "0% – x"],
    ),
    "percentages in parentheses before": (
        "(40%) Plan the week\n[60 %] Order stock",
        [Pair("Plan the week", "", 40), Pair("Order stock", "", 60)],
    ),
    "percentages after a colon": (
        "Plan the week: 40%\nOrder stock: about 50 % of your time",
        [Pair("Plan the week", "", 40), Pair("Order stock", "", 50)],
    ),
    "percent as a word": (
        "40 percent of time – Plan the week",
        [Pair("Plan the week", "", 40)],
    ),
    "bare percentages that add up to 100": (
        "• 40% Plan the week\n• 60% Order stock",
        [Pair("Plan the week", "", 40), Pair("Order stock", "", 60)],
    ),
    "bare percentages that do not": ("• 10% travel\n• 5% overtime", ["10% travel", "5% overtime"]),
    "a table of Markdown": (
        "| Plan the week | 40% |\n|:---|---:|\n| Order stock | 60% |",
        [Pair("Plan the week", "", 40), Pair("Order stock", "", 60)],
    ),
    "bars without a table": ("• Plan | Order\n| Train", ["Plan | Order", "| Train"]),
    "a cell with several lines": (
        '"Plan the week\nin the depot"\t40%\r\nOrder stock\t60%\r\n',
        [Pair("Plan the week in the depot", "", 40), Pair("Order stock", "", 60)],
    ),
    "a list in a cell": (
        'Planning\t"• Plan the week\n• Order ""fresh"" stock"\nTraining\tStaff',
        [Pair("Planning", 'Plan the week\nOrder "fresh" stock'), Pair("Training", "Staff")],
    ),
    "quotation marks without tabs": (
        '"Plan the week"\n"Order stock"',
        ['"Plan the week"', '"Order stock"'],
    ),
    "one percentage behind": ("• Raise retention (5%)", ["Raise retention (5%)"]),
    "question and answer in cells": (
        "Who is your customer?\tMid-size firms",
        [Pair("Who is your customer?", "Mid-size firms")],
    ),
    "role and detail in cells": (
        "Finance analyst\tSettles billing questions\nBuyer\tOrders parts",
        [Pair("Finance analyst", "Settles billing questions"), Pair("Buyer", "Orders parts")],
    ),
    "a question and a paragraph": (
        "Who is your customer?\nMid-size firms in the region.\n\nDo you travel?\nTwice a year.",
        [
            Pair("Who is your customer?", "Mid-size firms in the region."),
            Pair("Do you travel?", "Twice a year."),
        ],
    ),
    "questions with bullets": (
        "• Who is your customer?\n• Mid-size firms",
        ["Who is your customer?", "Mid-size firms"],
    ),
    "questions without answers": ("Why us?\nWhy you?", ["Why us?", "Why you?"]),
    "title and paragraph": (
        "Account management\nYou look after forty customers in the region, from the first call"
        " to the renewal each year.\nReporting\nYou prepare the forecast of the region each month"
        " and explain it to the finance team.",
        [
            Pair(
                "Account management",
                "You look after forty customers in the region, from the first call to the"
                " renewal each year.",
            ),
            Pair(
                "Reporting",
                "You prepare the forecast of the region each month and explain it to the"
                " finance team.",
            ),
        ],
    ),
}

ALL = {
    f"{source}: {name}": paste
    for source, pastes in {
        "Word": WORD,
        "web": WEB,
        "mail": MAIL,
        "sentences": SENTENCES,
        "others": OTHERS,
        "markup": MARKUP,
        "pages": PAGES,
        "numbers": NUMBERS,
        "pairs": PAIRS,
    }.items()
    for name, paste in pastes.items()
}
