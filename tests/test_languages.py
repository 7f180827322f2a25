"""The language of a document: detected from its text unless the author chose one."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import pypdf
import pytest
from django.urls import reverse

from roles import assembly, drafts, languages, versions
from roles.document import Document
from roles.drafts import changes, undo
from roles.exporters import FORMATS, localized
from roles.models import JobDescription
from tests import builders, samples
from tests.html import find
from tests.pages import open_page

pytestmark = pytest.mark.any_database

TEXTS = {
    "en": ("Prepare renewal plans for each account.", "Negotiate contracts with customers."),
    "de": ("Planen Sie die wöchentlichen Schichten.", "Bestellen Sie rechtzeitig Material."),
    "fr": ("Planifier la semaine de travail de l’équipe.", "Commander le matériel nécessaire."),
    "es": ("Planificar la semana del equipo de enfermería.", "Pedir el material necesario."),
    "it": ("Pianificare i turni della settimana.", "Ordinare il materiale necessario."),
    "pt": ("Organizar a semana da equipe.", "Comprar os materiais necessários para o setor."),
    "nl": ("Plan de diensten van de week met het team.", "Bestel op tijd nieuw materiaal."),
    "nb": ("Planlegge ukens vakter sammen med avdelingen.", "Bestille varer i god tid."),
    "da": ("Planlægge ugens vagter sammen med afdelingen.", "Bestille varer i god tid."),
    "sv": ("Planera veckans arbetspass med avdelningen.", "Beställa material i god tid."),
    "pl": ("Planowanie tygodniowego grafiku zespołu.", "Zamawianie potrzebnych materiałów."),
    "ja": ("毎週のシフトを計画し、在庫を発注する。",),
    "ko": ("매주 근무 계획을 세우고 재고를 주문합니다.",),
    "zh": ("制定每周排班计划，及时订购所需的物资。",),
    "th": ("วางแผนงานประจำสัปดาห์และสั่งซื้อสินค้า",),
    "ar": ("تخطيط مناوبات الأسبوع مع الفريق", "طلب المواد اللازمة في الوقت المناسب"),
    "ru": ("Планировать смены на неделю вместе с отделом.", "Заказывать материалы вовремя."),
    "hi": ("टीम के साथ सप्ताह की योजना बनाना और समय पर आवश्यक सामग्री का ऑर्डर देना।",),
}


def document(*texts: str, heading: str = "Responsibilities", title: str = "Account Manager") -> Any:
    lines = map(samples.line, texts)
    return Document(title, sections=(samples.section("other", heading, *lines),))


@pytest.mark.parametrize(("code", "texts"), TEXTS.items(), ids=TEXTS)
def test_a_few_lines_are_enough(code: str, texts: tuple[str, ...]) -> None:
    assert languages.detected(document(*texts)) == code


UNCLEAR = {
    "no text": (),
    "a title only, in German": (),
    "one short line": ("Planen der Woche",),
    "names of products": ("Kubernetes, Terraform, AWS, Docker, Jenkins, Git", "Python, Java, C#"),
    "numbers": ("2024 2025 2026 100,000 1,000,000 37.5", "08:00–16:30"),
    "an address": ("https://karriere.example.org/stellenangebote/pflegefachkraft/bewerbung",),
    "a placeholder": ("[Name der Abteilung und des Standorts]: [Anzahl der Beschäftigten]",),
}


@pytest.mark.parametrize("texts", UNCLEAR.values(), ids=UNCLEAR)
def test_too_little_text_has_no_language(texts: tuple[str, ...]) -> None:
    value = document(*texts, title="Pflegefachkraft für die Intensivstation im Klinikum München")
    assert languages.detected(value) is None


def test_english_headings_and_titles_do_not_count() -> None:
    value = document(*TEXTS["de"], heading="What you will do every day in our wonderful team")
    assert languages.detected(value) == "de"


@pytest.mark.parametrize("code", sorted(samples.of_templates()))
def test_the_starter_library_is_english(code: str) -> None:
    assert languages.detected(samples.of_templates()[code]) == "en"


def test_only_prose_that_is_mostly_in_one_language_counts() -> None:
    english, german = TEXTS["en"], TEXTS["de"]
    assert languages.detected(document(*german * 4, *english)) == "de"
    assert languages.detected(document(*english * 4, *german)) == "en"


def test_detection_is_the_same_every_time() -> None:
    value = document(*TEXTS["de"])
    found = {languages.detected(value)}
    languages._language_of.cache_clear()
    assert found == {languages.detected(value)}


def test_names_and_directions() -> None:
    offered = languages.names()
    assert {"en", "de", "fr", "es", "ja", "en-GB", "de-CH", "pt-BR", "zh-Hans"} <= set(offered)
    assert offered["de-CH"] == "German (Switzerland)"
    assert list(offered.values()) == sorted(offered.values())
    assert all(len(code) <= 10 for code in offered)
    assert [localized.direction(code) for code in ("ar", "he", "fa-AF", "ps", "de", "xx")] == [
        *("rtl", "rtl", "rtl", "rtl", "ltr", "ltr")
    ]
    assert localized.language_name("xx") == "xx"


# --- drafts and versions


def german(**facts: Any) -> JobDescription:
    """A draft with German texts in place of the English ones."""
    jd = builders.description(**facts)
    lines = jd.lines.order_by("pk")
    texts = (*TEXTS["de"], "Abgeschlossene Ausbildung und Erfahrung im Team.")
    apply(
        jd,
        *(changes.ChangeLine(line.uid, {"text": t}) for line, t in zip(lines, texts, strict=False)),
    )
    return jd


def apply(jd: JobDescription, *wanted: Any) -> None:
    jd.refresh_from_db()
    drafts.apply(description=jd, by=jd.owner, token=jd.edit_token, changes=list(wanted))
    jd.refresh_from_db()


def language_of(jd: JobDescription) -> str:
    jd.refresh_from_db()
    return assembly.assemble(jd).language


@pytest.mark.django_db
class TestDrafts:
    def test_a_draft_follows_its_text(self) -> None:
        assert language_of(builders.description()) == "en"
        assert language_of(german()) == "de"

    def test_a_chosen_language_stays(self) -> None:
        assert language_of(german(language="fr")) == "fr"
        assert language_of(german(language="en")) == "en"

    @pytest.mark.both_databases
    def test_a_version_keeps_the_language_that_was_detected(self) -> None:
        jd = german()
        version = builders.version(jd)
        assert version.document.language == "de"
        jd.refresh_from_db()
        assert version.has(assembly.assemble(jd))

    @pytest.mark.parametrize("language", ["", "de", "fr", "en"])
    def test_restoring_gives_the_same_document(self, language: str) -> None:
        jd = german(language=language)
        version = builders.version(jd)
        jd.refresh_from_db()
        versions.restore(description=jd, version=version, by=jd.owner, token=jd.edit_token)
        jd.refresh_from_db()
        assert version.has(assembly.assemble(jd))

    def test_a_restored_draft_still_follows_its_text(self) -> None:
        jd = german()
        version = builders.version(jd)
        versions.restore(description=jd, version=version, by=jd.owner, token=jd.edit_token)
        lines = jd.lines.order_by("pk")
        texts = (*TEXTS["fr"], "Diplôme et expérience dans une équipe de soins.")
        apply(
            jd,
            *(changes.ChangeLine(ln.uid, {"text": t}) for ln, t in zip(lines, texts, strict=False)),
        )
        assert language_of(jd) == "fr"

    def test_undo_brings_back_automatic_detection(self) -> None:
        jd = german()
        apply(jd, changes.ChangeFacts({"language": "fr"}))
        assert language_of(jd) == "fr"
        undo.undo(description=jd, by=jd.owner)
        assert language_of(jd) == "de"

    def test_a_template_in_another_language_sets_it(self) -> None:
        template = builders.template(language="de")
        jd = drafts.start(by=builders.user(), title="X", family=None, level=None, template=template)
        assert jd.language == "de"

    def test_a_template_in_english_does_not(self) -> None:
        template = builders.template()
        jd = drafts.start(by=builders.user(), title="X", family=None, level=None, template=template)
        assert jd.language == ""


# --- the wizard and the files


@pytest.mark.django_db
class TestPages:
    def details(self, client: Any, jd: JobDescription) -> Any:
        return open_page(client, reverse("wizard_step", args=[jd.reference, "details"]))

    def test_the_details_show_what_is_detected(self, client_for: Any) -> None:
        page = self.details(client_for("hr"), german())
        assert page.typed("facts-language") == ""
        assert "Automatic (German)" in page.text

    @pytest.mark.slow
    def test_a_language_can_be_chosen_and_given_up(self, client_for: Any) -> None:
        jd, client = german(), client_for("hr")
        for chosen, effective in (("fr", "fr"), ("de-CH", "de-CH"), ("", "de")):
            page = self.details(client, jd)
            page.data["facts-language"] = [chosen]
            assert page.press("save").response.status_code == 200
            assert language_of(jd) == effective
            assert self.details(client, jd).typed("facts-language") == chosen

    @pytest.mark.slow
    @pytest.mark.parametrize("code", ["klingon", "<b>", "x" * 50, "de_CH", "e\u0301"])
    def test_an_unknown_language_is_refused(self, client_for: Any, code: str) -> None:
        jd, client = german(), client_for("hr")
        page = self.details(client, jd)
        page.data["facts-language"] = [code]
        page.data["facts-job_code"] = ["AM-7"]
        back = page.press("next")
        assert back.response.status_code == 422
        assert "Select a valid choice" in back.text
        assert back.typed("facts-job_code") == "AM-7"
        assert language_of(jd) == "de"

    @pytest.mark.slow
    def test_an_imported_language_that_is_not_offered_can_stay(self, client_for: Any) -> None:
        jd, client = german(language="nds"), client_for("hr")
        page = self.details(client, jd)
        assert page.typed("facts-language") == "nds"
        page.data["facts-job_code"] = ["AM-7"]
        assert page.press("save").response.status_code == 200
        assert language_of(jd) == "nds"

    def test_the_preview_has_the_language(self, client_for: Any) -> None:
        jd = german()
        page = client_for("hr").get(reverse("preview", args=[jd.reference]))
        (article,) = find(page, "article")
        assert article.get("lang") == "de"


@pytest.mark.parametrize("code", ["de", "fr", "ja", "ar"])
def test_files_state_the_language(code: str) -> None:
    value = samples.numbered(document(*TEXTS[code]))
    value = replace(value, language=code)
    files = {name: FORMATS[name].render(value, samples.draft()) for name in ("html", "pdf", "docx")}
    assert f'<html lang="{code}"'.encode() in files["html"]
    root: Any = pypdf.PdfReader(io.BytesIO(files["pdf"])).trailer["/Root"]
    assert root["/Lang"] == code
    with zipfile.ZipFile(io.BytesIO(files["docx"])) as archive:
        assert f'<w:lang w:val="{code}'.encode() in archive.read("word/styles.xml")
