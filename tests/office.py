"""Word files in tests: their text in LibreOffice, and their validity for Word."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

_PLACES = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")


def converted(files: Mapping[str, bytes], folder: Path, to: str = "txt") -> dict[str, bytes]:
    """Returns the files (.docx, by name) in another format. Converts all in one call, because
    LibreOffice starts slowly, with a profile in `folder`, so parallel tests don't collide."""
    program = next((program_path for name in _PLACES if (program_path := shutil.which(name))), None)
    assert program, "LibreOffice Writer is missing; bin/test installs it"
    for name, content in files.items():
        (folder / f"{name}.docx").write_bytes(content)
    words = "txt:Text (encoded):UTF8" if to == "txt" else to
    subprocess.run(
        [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--convert-to", words, "--outdir", str(folder)),
            *(str(folder / f"{name}.docx") for name in files),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return {name: (folder / f"{name}.{to}").read_bytes() for name in files}


def texts(files: Mapping[str, bytes], folder: Path) -> dict[str, str]:
    """Returns the text that LibreOffice finds in each file."""
    files = converted(files, folder)
    return {name: content.decode("utf-8-sig") for name, content in files.items()}


def complaints(content: bytes, folder: Path) -> list[str]:
    """Returns where a .docx violates ISO/IEC 29500: Word would repair or reject it."""
    from openxml_audit import OpenXmlValidator

    file = folder / "checked.docx"
    file.write_bytes(content)
    errors = OpenXmlValidator().validate(file).errors
    return [f"{error.part_uri} {error.path}: {error.description}" for error in errors]
