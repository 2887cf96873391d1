"""Everything together: all or nothing, with progress; and LibreOffice prints it without cutting a block."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from shouhu.engines.documents.annexes import disposal, remarks, write_all
from tests.engines.documents.written import AS_OF, CASES, SOFFICE, Case, rated, remark

MANY: tuple[Case, ...] = tuple((f"{name}{n}", "东桥镇", found) for n in range(6) for name, _, found in CASES)


def names(folder: Path) -> list[str]:
    """This function will list everything below a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_every_workbook_is_written_under_its_official_title(tmp_path: Path) -> None:
    case = rated()
    paths = write_all(tmp_path / "out", case.register, case.ratings, as_of=AS_OF)
    assert sorted(path.relative_to(tmp_path / "out").as_posix() for path in paths) == [
        "养老服务机构诈骗风险隐患排查情况统计表.xlsx",
        "养老服务诈骗风险隐患“红橙黄”风险管控名单.xlsx",
        "养老服务诈骗风险隐患分类处置工作进度表.xlsx",
        "养老服务诈骗风险隐患排查工作进度表.xlsx",
        "待核实问题清单/问题清单_东桥镇.xlsx",
        "待核实问题清单/问题清单_西山街道.xlsx",
        "未经登记开展养老服务场所诈骗风险隐患排查情况统计表.xlsx",
        "读表情况报告.xlsx",
    ]
    assert all(path.is_file() for path in paths)
    assert names(tmp_path) == sorted(["out", *(f"out/{name}" for name in names(tmp_path / "out"))])


def test_an_empty_register_gives_empty_annexes(tmp_path: Path) -> None:
    case = rated(())
    assert len(write_all(tmp_path / "out", case.register, case.ratings, as_of=AS_OF)) == 6


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = rated()
    write_all(tmp_path / "out", case.register, case.ratings, as_of=AS_OF)
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*.xlsx")}
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))

    def fail(cell: str | None) -> tuple[int, int, str]:
        raise OSError("磁盘已满")

    monkeypatch.setattr(remarks, "_place", fail)
    spoilt = rated(cells=[remark("B5", "床位数")])
    with pytest.raises(OSError, match="磁盘已满"):
        write_all(tmp_path / "out", spoilt.register, spoilt.ratings, as_of=AS_OF)
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*.xlsx")} == before
    assert names(tmp_path / "temporary") == []
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_progress_moves_on_and_reaches_the_end(tmp_path: Path) -> None:
    case = rated(MANY)
    told: list[tuple[str, int, int]] = []
    write_all(tmp_path / "out", case.register, case.ratings, as_of=AS_OF, progress=lambda *step: told.append(step))
    done = [step[1] for step in told]
    assert done == sorted(done)
    assert {step[2] for step in told} == {7 * len(MANY)}
    assert done[-1] == 7 * len(MANY)
    assert len({step[0] for step in told}) == 7


@pytest.mark.skipif(not SOFFICE, reason="LibreOffice（soffice）未安装，不能检查打印效果")
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler（pdftotext）未安装，不能检查打印效果")
def test_libreoffice_prints_every_block_on_one_page(tmp_path: Path) -> None:
    case = rated(MANY)
    out = tmp_path / "out"
    write_all(out, case.register, case.ratings, as_of=AS_OF, unit="某某区民政局")
    wanted = [out / f"{disposal.TITLE}.xlsx", out / "待核实问题清单" / "问题清单_东桥镇.xlsx"]
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    assert SOFFICE
    subprocess.run(
        [SOFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *map(str, wanted)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    blocks, questions = (pages(tmp_path / f"{path.stem}.pdf") for path in wanted)
    for page in questions:
        assert len(re.findall(r"^\s*\d+．", page, re.MULTILINE)) == page.count("核实人签名")
    assert len(questions) > 1
    # The first and the last measure of red stand on one page, as often as each other.
    for page in blocks:
        assert page.count("同步纳入属地防范") == page.count("督促清退资金")
        assert "###" not in page
    assert sum(page.count("综合运用行政") for page in blocks) == case.grades.count("red")


def pages(path: Path) -> list[str]:
    """This function will give the text of every page of a PDF."""
    told = subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, timeout=60)
    return told.stdout.decode("utf-8").removesuffix("\f").split("\f")
