"""Bad input: told of in our own words, with its exit code; nothing hangs, fills memory or runs."""

import os
import re
import resource
import shutil
import subprocess
import sys
import time
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from plancli.importing import batch, readers
from plancli.importing.readers import limits, pdf, workbook
from plancli.plan import clause_parser
from plancli.plan import io as plan_io
from scripts.trials import inputs
from tests import hostile, odd
from tests.conftest import HERE, SMALL
from tests.hostile import bombs

MEMORY = 3 << 30  # bytes of address space; a hello-world of ours takes 0.3
MOST = 60  # seconds of a processor, for what takes some three
PATIENCE = 300  # seconds, after which a process hangs
FIXED = settings(derandomize=True, deadline=None, database=None)  # the same run every time
# What a terminal obeys; \t and \n are text, \r ends lines of csv.
OBEYED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
KEPT = sorted(each for each in hostile.HERE.glob("*/*") if each.suffix not in (".py", ".pyc"))
NAMES = (
    "\x1b[31m红\x1b[0m", "\u202e.txt", "新\n行", "[red]x[-red]", "'; DROP TABLE task;--",
    '%_*"NEAR(', "\x9b31m", "a\x07\x08b", "{0}", "%s", "$(id)", "`id`", "-x", "--help", "\u2066x",
)  # fmt: skip


def process(*argv, folder):
    """Run plancli itself, with little memory, as a user would."""
    env = {**os.environ, "PYTHONPATH": str(Path(readers.__file__).parents[2]), "PLANCLI_LANG": "en"}
    done = subprocess.run(
        [sys.executable, "-m", "plancli", *map(os.fsencode, argv)],
        capture_output=True,
        cwd=folder,
        env={**env, "PLANCLI_CACHE": str(folder / "cache")},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
        timeout=PATIENCE,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize("file", KEPT, ids=lambda file: f"{file.parent.name}-{file.name}")
def test_what_once_broke_a_law_does_not_again(file):
    hostile.LAWS[file.parent.name](file.read_bytes())


def test_a_table_below_a_form_feed_is_read_once():
    """Markdown's lines are not Python's."""
    table = "| 甲 | 乙 |\n|---|---|\n| 丙 | 丁 |\n"
    read = readers.read_source_text(f"一\x0c二\x85三\r\n四\r\n{table}尾\n".encode(), "a.md")
    assert [read.text.count(word) for word in "一二三四甲乙丙丁尾"] == [1] * 9


# Bytes that nobody foresaw.  The fuzzer goes on where these stop: python -m scripts.trials.fuzz


def seeds(target):
    files = [each.read_bytes() for each in inputs.seeds_of(target)]
    return [*files, *inputs.made(target).values()]


@st.composite
def changed(draw, seeds, words):
    """A seed, or of a packed one a part, with stretches dropped, doubled, and words put in."""
    data = draw(st.sampled_from(seeds))
    for _turn in range(draw(st.integers(1, 4))):
        at, size = draw(st.integers(0, len(data))), draw(st.integers(0, 60))
        put = draw(st.sampled_from(words) | st.binary(max_size=8))
        if draw(st.booleans()):
            put = data[at : at + size] * draw(st.integers(0, 3)) + put
        data = data[:at] + put + data[at + size :]
    return data


def words_of(target):
    words = f"{inputs.LAW}|{inputs.WORDS.get(target, '')}".split("|")
    return [word.encode("utf-8", "surrogatepass") for word in words if word]


@pytest.mark.slow
@pytest.mark.parametrize("target", [name for name in hostile.LAWS if name not in inputs.PACKED])
def test_any_bytes_are_told_of(target):
    law, many = hostile.LAWS[target], 12 if target == "pdf" else 60

    @settings(FIXED, max_examples=many, suppress_health_check=[*HealthCheck])
    @given(changed(seeds(target), words_of(target)))
    def holds(data):
        law(data)

    holds()


@pytest.mark.slow
@pytest.mark.parametrize("target", sorted(inputs.PACKED))
def test_any_parts_of_a_packed_file_are_told_of(target):
    packed = seeds(target)[0]
    with zipfile.ZipFile(BytesIO(packed)) as file:
        parts = {name: file.read(name) for name in inputs.likely(file.namelist())}

    @settings(FIXED, max_examples=25, suppress_health_check=[*HealthCheck])
    @given(st.sampled_from(sorted(parts)), st.data())
    def holds(name, data):
        part = data.draw(changed([parts[name]], words_of(target)))
        out = BytesIO()
        with zipfile.ZipFile(out, "w") as file:
            for each, said in parts.items():
                file.writestr(each, part if each == name else said)
        hostile.LAWS[target](out.getvalue())

    holds()


@FIXED
@given(
    st.lists(st.sampled_from([*clause_parser.BLANK_CHARS, "、", "省科技厅", "牵头"])).map("".join)
)
def test_no_body_is_called_nothing(text):
    hostile.of_clause(text.encode())


def test_a_clause_takes_for_space_what_python_does():
    assert {char for char in map(chr, range(sys.maxunicode)) if char.isspace()} <= {
        *clause_parser.BLANK_CHARS
    }


# Small files that become large.


@pytest.mark.slow
@pytest.mark.parametrize("name", bombs.bombs(Path("/")))
def test_a_bomb_is_refused_or_read_in_little_memory(name, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(bombs.SECRET)
    bomb = bombs.bombs(secret)[name]
    file = tmp_path / f"bomb.{bomb.suffix}"
    file.write_bytes(bomb.made())
    asked = ("list", "--plan") if bomb.suffix == "yaml" else ("import",)
    code, out, err = process(*asked, str(file), folder=tmp_path)
    assert (code, bomb.says in err or not code) == (bomb.code, True), err[:500]
    assert "Traceback" not in err
    assert bombs.SECRET not in out + err
    assert len(err) < 5000


@pytest.mark.slow
def test_a_returned_bomb_stops_no_other_sheet(small, run, tmp_path):
    back = tmp_path / "back"
    back.mkdir()
    ours = min((small.parent / "out").glob("*局.xlsx"))
    shutil.copy(ours, back)
    end = "</sheetData>"
    cover = f'{end}<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    part = "xl/worksheets/sheet1.xml"
    for n, data in enumerate(
        (
            bombs.zeros("xl/workbook.xml", 600 << 20),
            bombs.sheet(end, cover),
            bombs.changed(ours, part, (end, f"{bombs.LONG}{end}")),
            bombs.declaring(ours, part, "worksheet", bombs.LAUGHS, "", ""),
        )
    ):
        (back / f"{n}.xlsx").write_bytes(data)
    code, out, _err = run("collect", str(back), "-p", str(small), "-o", str(tmp_path / "p.yaml"))
    assert code == 0
    assert "不是反馈表 4" in out
    assert (tmp_path / "p.yaml").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("pages", [1, 3])
def test_what_is_counted_is_counted_over_the_whole(pages):
    """Half of what a document may hold is read, twice the half is not."""
    half = [("x", 1, 1)] * 50
    grid = readers.page.CellGrid([half] * (limits.MAX_LINES_AND_CELLS // 100))
    if pages == 1:
        assert len(readers.page.from_blocks([grid]).blocks) == 1
    else:
        with pytest.raises(limits.LimitExceeded):
            readers.page.from_blocks([grid] * pages)


# A PDF is read by a process of its own, whose memory and time are bounded.


def unfolded(size):
    """Return a PDF of one page that draws *size* bytes of paths which show nothing."""
    return bombs.pdf(
        bombs.CATALOG,
        bombs.pages(b"3 0 R"),
        bombs.PAGE % b"",
        bombs.stream(zlib.compress(b"0 0 m " * (size // 6), 9), b"/Filter /FlateDecode"),
    )


@pytest.fixture
def good():
    return inputs.pdf()


@pytest.mark.slow
def test_a_pdf_ends_with_the_time_that_it_is_given(good):
    with pytest.raises(limits.LimitExceeded, match="takes too long"):
        pdf.read_pdf(unfolded(30 * bombs.MB), pdf.PdfLimits(page=1))
    with pytest.raises(limits.LimitExceeded, match="takes too long"):
        pdf.read_pdf(unfolded(30 * bombs.MB), pdf.PdfLimits(seconds=1))
    assert pdf.read_pdf(good).text.strip()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only there does the system bound memory")
@pytest.mark.parametrize(
    "words",
    [b"0 0 m ", b"9 9 l S ", b"(" + b"x" * 90 + b") Tj "],
    ids=["unfolding", "paths", "letters"],
)
def test_a_pdf_ends_with_the_memory_that_it_is_given(good, words):
    """Whatever fills it, and whatever packages make of the error."""
    size = (200 if words == b"0 0 m " else 5) * bombs.MB
    font = b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    drawn = zlib.compress(b"BT /F 9 Tf 0 0 m " + words * (size // len(words)), 9)
    content = bombs.stream(drawn, b"/Filter /FlateDecode")
    made = bombs.pdf(bombs.CATALOG, bombs.pages(b"3 0 R"), bombs.PAGE % font, content)
    with pytest.raises(limits.LimitExceeded, match="more than 200 MB of memory"):
        pdf.read_pdf(made, pdf.PdfLimits(memory=200 * bombs.MB))
    assert pdf.read_pdf(good, pdf.PdfLimits(memory=200 * bombs.MB)).text.strip()


@pytest.mark.slow
def test_a_bad_pdf_costs_no_other_one(tmp_path, good):
    made = {"a": good, "b": b"%PDF-1.4 nothing", "c": bombs.forms(40), "d": good}
    read = batch.create_reader()
    results = []
    for name, data in made.items():
        file = tmp_path / f"{name}.pdf"
        file.write_bytes(data)
        results.append(read(batch.ImportJob(file, file.name)))
    kinds = [getattr(each, "written", None) or type(each) for each in results]
    assert kinds[1:3] == [batch.ImportFailure, batch.ImportFailure]
    assert "larger than 32 MB" in results[2].reason
    assert type(results[0]) is type(results[3])


@pytest.mark.slow
def test_the_process_that_reads_pdf_imports_nothing_from_where_it_is(tmp_path, good):
    """What ``python -I`` leaves out it leaves out, too."""
    for name in ("pdfplumber", "pdfminer", "json", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('not from here')\n")
    (tmp_path / "a.pdf").write_bytes(good)
    top = str(Path(readers.__file__).parents[2])
    code = (
        f"import sys; sys.path.append({top!r}); from plancli.importing import readers;"
        " print(len(readers.read_source_text(open('a.pdf', 'rb').read(), 'a.pdf').text.strip()) > 0)"
    )
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-I", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("True\n", "")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs Linux to see processes")
def test_the_process_that_reads_pdf_ends_with_the_one_that_asked(tmp_path):
    file = tmp_path / "a.pdf"
    file.write_bytes(unfolded(30 * bombs.MB))
    env = {**os.environ, "PYTHONPATH": str(Path(readers.__file__).parents[2])}
    command = [sys.executable, "-m", "plancli", "import", str(file)]
    with subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL) as asking:
        children = Path(f"/proc/{asking.pid}/task/{asking.pid}/children")
        while not (reads := children.read_text().split()):
            time.sleep(0.02)
        while b"main()" not in Path(f"/proc/{reads[0]}/cmdline").read_bytes():
            time.sleep(0.02)
        asking.kill()
    until = time.monotonic() + PATIENCE
    while Path(f"/proc/{reads[0]}").exists() and time.monotonic() < until:
        state = Path(f"/proc/{reads[0]}/stat").read_text().rpartition(")")[2].split()[0]
        if state == "Z":  # nobody waits for it in a container
            break
        time.sleep(0.05)
    else:
        assert not Path(f"/proc/{reads[0]}").exists()


@pytest.mark.slow
def test_no_document_of_its_length_takes_its_square():
    """Each of these once took half a minute or more; all together take some seconds.

    Not timed: a guard against what hangs, many times as long as it takes.
    """
    command = [sys.executable, "-c", "from scripts.trials import growth; growth.read_once_slow()"]
    done = subprocess.run(
        command,
        cwd=HERE.parent,
        capture_output=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (MOST, MOST)),
    )
    assert (done.returncode, done.stderr) == (0, b"")


# What is no document.


def ole(*streams):
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(504)
        + b"".join(each.encode("utf-16-le") for each in streams)
    )


@pytest.mark.parametrize("name", ["a.txt", "a.docx", "a", "a.csv", "a.json", "a.md", "a.html"])
@pytest.mark.parametrize(
    ("data", "says", "hint"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "a picture (PNG)", "OCR"),
        (b"\xff\xd8\xff\xe0" + bytes(99), "a picture (JPEG)", "OCR"),
        (b"\x7fELF\2\1\1" + bytes(99), "not a document", "give the document"),
        (b"MZ\x90\0" + bytes(99), "not a document", "give the document"),
        (b"Rar!\x1a\x07\1\0" + bytes(99), "an archive (RAR)", "unpack it"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(99), "an archive (7z)", "unpack it"),
        (b"\x1f\x8b\x08" + bytes(99), "an archive (gzip)", "unpack it"),
        (ole("WordDocument"), "old format", "save it as .docx / .xlsx"),
        (ole("EncryptedPackage"), "locked with a password", "without a password"),
        (b"{\\rtf1 \\ansi", "old format", "save it as"),
        (b"SQLite format 3\0" + bytes(99), "a database", "--plan"),
    ],
)
def test_what_is_no_document_is_named(run, tmp_path, name, data, says, hint):
    file = tmp_path / name
    file.write_bytes(data)
    code, out, err = run("import", str(file))
    assert (code, out) == (4, "")
    assert says in err
    assert hint in err


@pytest.mark.parametrize("suffix", ["doc", "wps", "xls", "et", "ofd"])
def test_old_formats_are_refused_by_their_names(run, tmp_path, suffix):
    file = tmp_path / f"a.{suffix}"
    file.write_bytes(b"whatever it holds")
    code, _out, err = run("import", str(file))
    assert (code, "old format" in err, "save it as" in err) == (4, True, True)


@FIXED
@given(st.binary(min_size=400, max_size=2000))
def test_noise_is_no_text(data):
    assume(not data.startswith((b"\xff\xfe", b"\xfe\xff")))
    with pytest.raises(hostile.PlanError):
        readers.read_source_text(data, "a.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_text_is_read_in_every_encoding_of_an_office(encoding):
    text = "一、工作任务\n1．推进建设。（省科技厅牵头，省财政厅配合）\n"
    assert readers.read_source_text(text.encode(encoding), "a.txt").text == text


@pytest.mark.slow
@pytest.mark.parametrize("what", ["/dev/zero", "/dev/urandom"])
@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no such files")
def test_what_never_ends_is_not_read_to_its_end(tmp_path, what):
    for asked in (("import", what), ("list", "--plan", what)):
        code, _out, err = process(*asked, folder=tmp_path)
        assert (code in (1, 4), "larger than 512 MB" in err) == (True, True), err


# What is a document after all, whatever its name or its parts are.


ODD = [
    *((bombs.DOCX, name) for name in odd.ANY),
    *((bombs.XLSX, name) for name in odd.SHEETS),
]


@pytest.mark.parametrize(("file", "change"), ODD, ids=lambda each: getattr(each, "name", each))
def test_what_holds_no_words_is_not_worth_a_document(file, change):
    data = file.read_bytes()
    changed = (odd.ANY | odd.SHEETS)[change](odd.unpacked(data))
    assert changed != odd.unpacked(data)
    assert readers.read_source_text(odd.packed(changed), file.name) == readers.read_source_text(
        data, file.name
    )


TABLE = [["序号", "工作任务", "责任单位"], ["1", "推进建设", "省科技厅"], ["2", "修好道路", "甲市"]]
CSV = "".join(",".join(row) + "\n" for row in TABLE)
TSV = CSV.replace(",", "\t")
XML_2003 = 'xmlns:x="urn:schemas-microsoft-com:office:spreadsheet"'
HTML = "".join(f"<tr>{''.join(f'<td>{cell}' for cell in row)}" for row in TABLE)


@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a.et", "a.XLS", "a.xlsm"])
@pytest.mark.parametrize(
    "data",
    [
        CSV.encode(), CSV.encode("gb18030"), CSV.encode("utf-8-sig"), TSV.encode("utf-16"),
        f"<html><table>{HTML}</table>".encode(),
        f"\n<table>\n{HTML}</table>\n".encode("gb18030"),
        f"<!DOCTYPE html>\n<html><body><table>{HTML}</table>".encode(),
        f'<?xml version="1.0"?>\n<!-- x --><html {XML_2003}><table>{HTML}</table>'.encode(),
    ],
    ids=["csv", "gbk", "bom", "tsv", "html", "table", "doctype", "xhtml"],
)  # fmt: skip
def test_a_table_is_read_whatever_its_file_is_called(name, data):
    read = readers.read_source_text(data, name)
    assert [block for block in read.blocks if isinstance(block, readers.page.SourceTable)]
    assert read.text.split() == [cell for row in TABLE for cell in row]


@pytest.mark.parametrize("file", [bombs.DOCX, bombs.XLSX], ids=lambda file: file.suffix)
@pytest.mark.parametrize("suffix", ["doc", "xls", "wps", "et", "docx", "xlsx", "pdf", "txt", "csv"])
def test_an_office_file_is_read_whatever_it_is_called(file, suffix):
    data = file.read_bytes()
    assert readers.read_source_text(data, f"a.{suffix}") == readers.read_source_text(
        data, file.name
    )


@pytest.mark.parametrize(
    ("data", "suffix", "says"),
    [
        (ole("Workbook"), "xlsx", ".docx / .xlsx"),
        (ole("WordDocument"), "doc", ".docx"),
        (b"{\\rtf1 \\ansi", "doc", ".docx"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "xls", ".xlsx"),
        (f'<?xml version="1.0"?>\n<Workbook {XML_2003}>'.encode(), "xls", ".xlsx"),
        (odd.packed({"xl/workbook.bin": b"x"}), "xlsx", ".xlsx"),
        (odd.packed({"mimetype": b"x", "content.xml": b"<a/>"}), "xlsx", ".docx / .xlsx"),
        (odd.packed({"OFD.xml": b"<a/>"}), "ofd", ".pdf"),
    ],
    ids=["ole", "doc", "rtf", "mhtml", "xml", "xlsb", "ods", "ofd"],
)  # fmt: skip
def test_a_format_that_nothing_reads_is_told_with_what_to_save_it_as(data, suffix, says):
    with pytest.raises(hostile.PlanError, match="this old format cannot be read") as told:
        readers.read_source_text(data, f"a.{suffix}")
    assert told.value.hint.endswith(f"save it as {says}")


def test_only_cells_that_are_there_are_held():
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    empty = "".join(f'<row r="{n}"><c r="XFD{n}" s="1"/></row>' for n in range(500, 5000))
    plain = workbook.read_workbook(bombs.XLSX.read_bytes()).sheets[0]
    more = workbook.read_workbook(bombs.sheet("</sheetData>", empty + far)).sheets[0]
    assert more.cells.keys() - plain.cells.keys() == {(1_048_576, 16_384)}


def test_a_workbook_without_the_words_of_its_cells_is_refused():
    cell = '<row r="99"><c r="A99" t="s"><v>99999</v></c></row></sheetData>'
    with pytest.raises(hostile.PlanError, match="the text of some cells is missing"):
        readers.read_source_text(bombs.sheet("</sheetData>", cell), "a.xlsx")


# Names.


def tame(*said):
    return not any(map(OBEYED.search, said)) and not any("Traceback" in each for each in said)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_no_name_reaches_a_terminal_as_an_order(run, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PLANCLI_CACHE", str(tmp_path / "cache"))
    there, folder = Path("in"), Path("out")
    there.mkdir()
    folder.mkdir()
    document, plan = there / f"甲{name}.txt", there / f"甲{name}.yaml"
    document.write_text("一、工作\n1．推进建设。（省科技厅牵头）\n", "utf-8")
    plan.write_bytes(SMALL.read_bytes())
    broken = there / f"乙{name}.yaml"
    broken.write_text("id: small\n", "utf-8")
    for argv in (
        ("import", str(document)),
        ("import", str(document), "-o", str(folder / "a.yaml")),
        ("import", str(document), "--report", str(folder / f"{name}.html"), "--dry-run"),
        ("import", f"{document}无"),
        ("list", "--plan", str(plan)),
        ("list", "--plan", str(broken)),
        ("lint", str(plan)),
        ("check", str(plan)),
        ("plans", "--plan", str(plan)),
        ("verify", str(folder / "a.yaml")),
        ("collect", str(there), "-p", str(plan), "-o", str(folder / "p.yaml")),
        ("list", "--plan", str(plan), "-o", str(folder / f"丙{name}.csv")),
        ("build", "--plan", str(plan), "-o", str(folder / f"丁{name}.db")),
        *((command, "--", name) for command in ("agency", "region", "keyword", "task", "section")),
        ("list", "-f", name),
        (name,),
    ):
        code, out, err = run(*argv)
        assert code in (0, 1, 2, 3, 4, 5), argv
        assert tame(out, err), argv
    assert plan_io.parse_plan((folder / "a.yaml").read_bytes(), "a.yaml", hostile.known())


def on_a_terminal(*argv, folder):
    """Return what plancli itself writes to a terminal."""
    import pty

    ours, theirs = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(Path(readers.__file__).parents[2]), "PAGER": "cat"}
    command = [sys.executable, "-m", "plancli", *argv]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=env) as process:
        os.close(theirs)
        said = b""
        while piece := _piece(ours):
            said += piece
        process.wait()
    os.close(ours)
    return re.sub("\x1b\\[[0-9;]*m", "", said.decode())  # Rich's colours


def _piece(terminal):
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # the other side is closed
        return b""


@pytest.mark.slow
@pytest.mark.parametrize(
    "asked",
    [["list"], ["list", "-f", "json"], ["list", "-f", "csv"], ["keyword", "总结"], ["task", "1.3"],
     ["plan"], ["list", "-f", "md"]],
    ids=" ".join,
)  # fmt: skip
def test_what_a_plan_says_does_not_order_a_terminal(tmp_path, asked):
    """Marks that turn a line round are kept in the plan, and shown as what they are."""
    plan = tmp_path / "plan.yaml"
    said = (
        SMALL.read_text("utf-8").replace("总结", "总结\u202e反\u2066").replace("某省", "某\u202d省")
    )
    plan.write_text(said, "utf-8")
    out = on_a_terminal(*asked, "--plan", str(plan), folder=tmp_path)
    assert tame(out)
    assert "Traceback" not in out
    assert "\\u202" in out


@pytest.mark.slow
def test_an_argument_that_is_no_text_is_told_of(tmp_path):
    for command in ("agency", "region", "keyword", "task", "section", "list", "pack"):
        code, out, err = process(command, "a\udcff", folder=tmp_path)
        assert code in (0, 1, 2, 3), err
        assert tame(out, err)


@pytest.mark.parametrize(
    "word", ["%", "_", "*", '"', "NEAR(", "OR", "a*", "甲%", "' OR 1=1 --", "-甲", "^甲", "{甲}"]
)
def test_a_question_is_looked_for_as_it_stands(run, db, word):
    texts = [row[0] for row in db.execute("SELECT text || coalesce(clause, '') FROM task")]
    code, out, _err = run("keyword", "-f", "ndjson", "--", word)
    assert code == 0
    assert out.count("\n") <= sum(word.casefold() in text.casefold() for text in texts)
