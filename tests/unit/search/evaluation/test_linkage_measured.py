"""`isthmus evaluate linkage`: its files, its figures, and what it says of bad ones."""

import csv
import gzip
import json
import os
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli_evaluate import app
from deploy.exits import Exit
from search.evaluation.dates import NOT_READ, ORDER_NOT_TOLD
from search.evaluation.linkage import measure, truth_of
from search.evaluation.linked_records import check_columns, read_map, records_of
from search.evaluation.tables import Fault, NotMeasurable, table_of
from tests.unit.search.linkage.people import invented

MAP = 'id = "number"\ngiven = "first"\nfamily = "last"\nbirth_date = "born"\nsex = "sex"\n'


def records(lines, mapping=MAP):
    return records_of(table_of(lines, (), "a.csv"), read_map(mapping), "a.csv", lambda _: ())


def test_a_map_names_fields_of_the_contract_and_extra_ones():
    fields = read_map('id = ["system", "number"]\nsurname = "last"\n[more]\nphone = "tel"')
    assert fields.columns == {"id": ("system", "number"), "family": ("last",), "phone": ("tel",)}
    assert fields.extras == ("phone",)


def test_a_map_says_what_it_was_taken_for():
    told = read_map('id = "n"\nname = "whole"\nfirst_name = "first"\nbirthdate = "born"\ndob = ["y", "m"]').told
    assert told == (
        "contract fields: id = n, name = whole, given = first, birth_date = y + m; "
        "compared as text: birthdate = born; given and family count before name"
    )


def test_a_map_that_gives_a_field_under_two_names_is_refused():
    with pytest.raises(NotMeasurable, match="gives family twice, as surname and as family; keep one"):
        read_map('id = "n"\nsurname = "a"\nfamily = "b"')


def test_a_name_counts_where_a_row_has_neither_given_nor_family_name():
    mapping = 'id = "n"\nname = "whole"\ngiven = "first"'
    (parted, whole), _ = records(["n,whole,first\n", "1,Ada Testova,Eva\n", "2,Ada Testova,\n"], mapping)
    assert [name.all for name in parted.names] == [("eva",)]
    assert [name.all for name in whole.names] == [("ada", "testova")]


@pytest.mark.parametrize(
    "text", ["id = ", 'family = "last"', "id = 3", "id = []", 'id = ""', 'id = ["a", " "]', "id = " + "[" * 5_000]
)
def test_a_map_that_is_not_right_is_refused(text):
    with pytest.raises(NotMeasurable, match=r"^The map (is no TOML|has no id|gives no column for id)"):
        read_map(text)


def test_rows_of_one_identifier_and_values_with_bars_are_one_record():
    rows = [
        "number , first, last, born, sex\n",
        "1, Ada, Testova|Probova, 1984-05-06, f\n",
        "1, Eva, Testova, 1984, \n",
    ]
    ((record,), faults) = records(rows)
    assert faults == []
    assert (record.birth_dates, record.sex) == (("19840506", "1984"), "F")
    assert [name.all for name in record.names] == [("ada", "testova"), ("ada", "probova"), ("eva", "testova")]


def test_of_given_and_family_names_with_bars_each_goes_with_each_as_far_as_a_record_may_have_names():
    many = "|".join(f"Testova{number}" for number in range(300))
    ((record,), faults) = records(["number,first,last,born,sex\n", f"1,{many},{many},,\n"])
    assert len(record.names) == 200
    assert [fault.text for fault in faults] == [
        "the record has more than 200 values of name; those behind are left out"
    ]


def test_a_record_of_more_rows_than_one_person_can_have_is_told_and_kept_short():
    mapping = 'id = "system"\nname = "name"\nbirth_date = "born"\nphone = "tel"\n'
    rows = [f"a,Ada Testova{number},{1000 + number},tel {number}\n" for number in range(300)]
    ((record,), faults) = records(["system,name,born,tel\n", *rows], mapping)
    assert (len(record.names), len(record.birth_dates), len(record.extras["phone"])) == (200, 20, 20)
    told = {fault.text for fault in faults if "values of" in fault.text}
    assert told == {
        f"the record has more than {most} values of {name}; those behind are left out"
        for name, most in (("name", 200), ("birth_date", 20), ("phone", 20))
    }
    assert all(fault.counts for fault in faults)


@pytest.mark.parametrize(("sexes", "sex"), [("FM", ""), ("MF", ""), ("XF", "F"), ("FX", "F"), ("FF", "F")])
def test_of_a_record_that_says_both_sexes_none_is_known_in_whatever_order(sexes, sex):
    ((record,), _) = records(["number,first,last,born,sex\n", *(f"1,Ada,Testova,,{each}\n" for each in sexes)])
    assert record.sex == sex


def test_the_order_of_day_and_month_is_that_of_the_column_where_it_tells():
    (first, second), faults = records(["number,first,last,born,sex\n", "1,A,B,6/5/1984,\n", "2,A,B,5/26/1984,\n"])
    assert (first.birth_dates, second.birth_dates, faults) == (("19840605",), ("19840526",), [])


def test_several_columns_make_one_value():
    ((record,), _) = records(["a,b\n", "x,1\n"], 'id = ["a", "b"]')
    assert record.id == "x 1"


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (",Ada,Testova,1984,F", "the record has no identifier; it is passed over"),
        ("1,Ada,Testova,1984-13-40,F", f"{NOT_READ}; it is compared as it is written"),
        ("1,Ada,Testova,19840230,F", f"{NOT_READ}; it is compared as it is written"),
        ("1,Ada,Testova,6/5/1984,F", f"{ORDER_NOT_TOLD}; its year alone counts"),
        ("1,Ada,Testova,1984,often", "a sex is F, M or X; it is left out"),
        (f"1,Ada,{'Testova' * 1500},1984,F", "a name has more than 300 characters; it is left out"),
    ],
)
def test_what_cannot_be_read_is_noted_by_its_line_and_the_rest_is_linked(cells, told):
    found, faults = records(["number,first,last,born,sex\n", "7,Eva,Probova,1984,f\n", cells + "\n"])
    assert faults == [Fault(3, told)]
    assert [record.id for record in found] == (["7", "1"] if cells[0] == "1" else ["7"])


def test_a_country_that_is_not_known_is_left_out():
    found, faults = records(["n,c\n", "1,QQQ\n", "2,UTO\n"], 'id = "n"\nnationality = "c"')
    assert [record.nationalities for record in found] == [(), ("UTO",)]
    assert [fault.line for fault in faults] == [2]


def test_a_file_without_the_identifier_is_refused():
    with pytest.raises(NotMeasurable, match="has no column number; its columns are: first"):
        records(["first\n", "Ada\n"])


def test_a_column_that_no_file_has_is_refused_and_one_that_some_lack_is_not():
    tables = [table_of([header], (), "x") for header in ("number,first,last\n", "number,first,last,born,sex\n")]
    check_columns(tables, read_map(MAP))
    with pytest.raises(NotMeasurable, match="No file has the column born that the map gives birth_date"):
        check_columns(tables[:1], read_map(MAP))


def truth(lines):
    return truth_of(table_of(lines, (), "pairs.csv"), "pairs.csv")


def test_pairs_are_read_in_any_order_and_without_those_that_do_not_match():
    read = truth(["left,right,match\n", "b,a,1\n", "c,d,0\n", "a,b,1\n", "a,\n", "a,a\n"])
    assert (read.columns, read.pairs) == (("left", "right", "match"), {("a", "b")})
    assert [fault.line for fault in read.faults] == [5, 6]


def test_what_a_pair_is_said_to_be_is_1_or_0_and_said_once():
    lines = ["left,right,match\n", "a,b,1\n", "c,d,maybe\n", "b,a,0\n", "e,f,0\n", "f,e,1.0\n", "g,h,\n"]
    read = truth(lines)
    assert read.pairs == {("a", "b"), ("g", "h")}
    assert read.faults == (
        Fault(3, "match is 1 or 0; the pair is passed over"),
        Fault(4, "line 2 says otherwise of the pair; that line counts"),
        Fault(6, "line 5 says otherwise of the pair; that line counts"),
    )


@pytest.mark.parametrize("rows", [["left\n", "a\n"], ["left,right\n", "a,\n"], ["left,right\n"], []])
def test_what_is_no_file_of_pairs_is_refused(rows):
    with pytest.raises(NotMeasurable):
        truth(rows)


def test_figures_are_those_of_the_book():
    told = measure({("a", "b"), ("c", "d"), ("e", "f")}, {("a", "b"), ("c", "d"), ("x", "y"), ("u", "v")})
    assert told == {"precision": 0.6667, "recall": 0.5, "f1": 0.5714, "pairs": 3}
    assert measure(set(), {("a", "b")}) == {"precision": None, "recall": 0.0, "f1": 0.0, "pairs": 0}


def test_what_is_true_is_closed_as_what_is_found_is():
    star = truth(["left,right\n", "b,a\n", "a,c\n", "x,y\n"])
    assert star.pairs == {("a", "b"), ("a", "c"), ("b", "c"), ("x", "y")}
    assert measure({("a", "b"), ("a", "c"), ("b", "c")}, star.pairs)["precision"] == 1.0


def test_a_contradiction_over_a_third_record_is_named_by_its_line():
    read = truth(["left,right,match\n", "1,2,1\n", "3,1,0\n", "2,3,1\n", "1,4,0\n"])
    assert read.pairs == {("1", "2"), ("1", "3"), ("2", "3")}
    assert read.faults == (Fault(3, "other lines join the two over a third; they count, and the line is passed over"),)
    assert set(read.rows) == {("1", "2"), ("2", "3"), ("1", "4")}


def test_the_column_match_is_found_by_its_name():
    read = truth(["match,one,other\n", "1,a,b\n", "0,c,d\n"])
    assert (read.pairs, read.identifiers) == ({("a", "b")}, ("one", "other"))


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("1,2,maybe\n", "line 2: match is 1 or 0; the pair is passed over"),
        ("1,1,1\n", "line 2: a pair is of two records, and both are the same; it is passed over"),
        ("1,,1\n", "line 2: a pair is two identifiers, and one is empty; it is passed over"),
        ("1,2,0\n", "match is 0 on all lines that tell of a pair; write 1 where two records are of one person"),
    ],
)
def test_truth_without_a_true_pair_tells_the_cause(row, why):
    with pytest.raises(NotMeasurable, match=f"pairs.csv names no true pair; {why}."):
        truth(["one,other,match\n", row])


@pytest.fixture
def files(tmp_path):
    people = invented(random.Random(3), 300)
    for name, suffix, chosen in (("a.csv", "", people), ("b.csv.gz", "-b", people[:30])):
        rows = "number,first,last,born,sex\n" + "".join(
            f"{each['id']}{suffix},{each['given']},{each['family']},{each['birth_date']},{each['sex']}\n"
            for each in chosen
        )
        file = tmp_path / name
        file.write_bytes(gzip.compress(rows.encode()) if suffix else rows.encode())
    (tmp_path / "map.toml").write_text(MAP)
    pairs = "".join(f"r{n},r{n}-b,seen\n" for n in range(30)) + "r270,none,\n"
    (tmp_path / "pairs.csv").write_text("one,other,note\n" + pairs)
    return tmp_path


def run(folder, *options):
    arguments = [
        str(folder / "a.csv"),
        str(folder / "b.csv.gz"),
        "--truth",
        str(folder / "pairs.csv"),
        "--map",
        str(folder / "map.toml"),
    ]
    return CliRunner().invoke(app, ["linkage", *arguments, *options])


def test_the_command_links_files_and_writes_scores_with_reasons(files):
    result = run(files, "--json", "--scores", str(files / "scores.csv"))
    assert result.exit_code == 0, result.exception
    told = json.loads(result.stdout)
    assert {"precision", "recall", "f1", "pairs", "seconds"} <= set(told)
    assert (told["recall"], told["precision"], told["pairs"], told["records"]) == (0.9677, 1.0, 30, 330)
    assert "pairs.csv: line 32: no file has a record of an identifier; the pair counts as missed." in result.stderr
    rows = [*csv.DictReader((files / "scores.csv").read_text().splitlines())]
    assert [*rows[0]] == ["one", "other", "note", "match", "score", "reasons"]
    assert {row["note"] for row in rows if row["match"] == "1" and row["other"] != "none"} == {"seen"}
    assert "family_name same" in rows[0]["reasons"]
    assert {(row["one"], row["score"]) for row in rows if row["reasons"] == "no such record"} == {("r270", "0.000000")}


def test_what_people_decided_no_link_overrides(files):
    decided = ["one,other,decision,by", "r0,r0-b,split,judge@desk", "r270,r271,join,judge@desk"]
    wrong = ["r1,none,split,judge@desk", "r1,r1-b,perhaps,judge@desk", "r2,r2-b,split,"]
    (files / "judged.csv").write_text("\n".join([*decided, *wrong]) + "\n")
    result = run(files, "--json", "--judgements", str(files / "judged.csv"), "--scores", str(files / "scores.csv"))
    assert result.exit_code == Exit.PARTLY
    told = json.loads(result.stdout)
    assert (told["judgements"], told["overridden"], told["pairs"]) == (2, 1, 30)
    assert "judged.csv: line 4: a judgement is of two records that are there; it is passed over." in result.stderr
    assert "judged.csv: line 5: a decision is join or split; it is passed over." in result.stderr
    assert "judged.csv: line 6: nobody is named who decided; it is passed over." in result.stderr
    rows = {(row["one"], row["other"]): row for row in csv.DictReader((files / "scores.csv").read_text().splitlines())}
    assert rows["r0", "r0-b"]["reasons"].startswith("held apart: judge@desk judged r0 and r0-b to be two; ")
    assert float(rows["r0", "r0-b"]["score"]) > 0.9


def test_judgements_that_contradict_each_other_are_refused(files):
    decided = ["one,other,decision,by", "r0,r1,join,x", "r1,r2,join,x", "r0,r2,split,x"]
    (files / "judged.csv").write_text("\n".join(decided) + "\n")
    assert "withdraw one of them" in str(run(files, "--judgements", str(files / "judged.csv")).exception)


def test_the_table_shows_the_same(files):
    result = run(files)
    assert ["precision", "1.0000"] in [line.split() for line in result.stdout.splitlines()]


def test_two_files_may_not_use_one_identifier(files):
    (files / "b.csv.gz").write_bytes(gzip.compress((files / "a.csv").read_bytes()))
    assert "map id to a list of columns" in str(run(files).exception)


def test_pairs_without_a_header_are_refused(files):
    (files / "pairs.csv").write_text("".join(f"r{n},r{n}-b\n" for n in range(30)))
    assert "begin with the names of the columns" in str(run(files).exception)


RECORDS = "number,first,last,born,sex\n1,Ada,Testova,1984-05-06,F\n2,Ada,Testova,1984-05-06,F\n"


def linked(folder, *options, records=RECORDS, second=None, mapping=MAP, pairs="one,other\n1,2\n"):
    files = {"r.csv": records, "m.toml": mapping, "p.csv": pairs} | ({"s.csv": second} if second else {})
    for name, text in files.items():
        (folder / name).write_text(text)
    given = [str(folder / name) for name in files if name in {"r.csv", "s.csv"}]
    return CliRunner().invoke(
        app, ["linkage", *given, "--truth", str(folder / "p.csv"), "--map", str(folder / "m.toml"), *options]
    )


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"options": ["--between"]}, "nothing to compare between files: all records are of one"),
        ({"options": ["--between"], "second": RECORDS.splitlines()[0] + "\n"}, "nothing to compare between files"),
        ({"records": "\n".join(RECORDS.splitlines()[:2])}, "fewer than two records"),
        ({"mapping": 'id = "number"'}, "no record has a value in the fields of the map"),
    ],
)
def test_where_nothing_can_be_compared_one_sentence_says_so(tmp_path, given, why):
    result = linked(tmp_path, *given.pop("options", []), **given)
    assert isinstance(result.exception, NotMeasurable)
    assert why in str(result.exception)


def test_rows_that_were_passed_over_make_an_exit_in_part_and_others_do_not(tmp_path):
    assert linked(tmp_path).exit_code == Exit.DONE
    assert linked(tmp_path, records=RECORDS + "3,Eva,Probova,no date,often\n").exit_code == Exit.DONE
    assert linked(tmp_path, records=RECORDS + ",Eva,Probova,1990,F\n").exit_code == Exit.PARTLY


def test_the_command_tells_what_the_map_means_and_that_rows_of_one_identifier_are_one_record(tmp_path):
    result = linked(tmp_path, records=RECORDS + "1,Boris,Romanov,1965,M\n2,Cora,Romanova,1965,F\n")
    assert "m.toml: contract fields: id = number, given = first, family = last" in result.stderr
    assert "r.csv: line 4 and 1 more: the identifier of a row above; they are one record." in result.stderr
    assert "identifier of a row above" not in linked(tmp_path).stderr


def test_a_share_of_nothing_is_null_and_a_dash(tmp_path):
    others = RECORDS.replace("2,Ada,Testova,1984-05-06,F", "2,Boris,Romanov,1965-01-02,M")
    assert json.loads(linked(tmp_path, "--json", records=others).stdout)["precision"] is None
    assert ["precision", "–"] in [line.split() for line in linked(tmp_path, records=others).stdout.splitlines()]  # noqa: RUF001


def test_scores_replace_columns_of_their_own(tmp_path):
    pairs = "one,score,other,reasons\n1,0.5,2,because\n"
    assert linked(tmp_path, "--scores", str(tmp_path / "s.csv"), pairs=pairs).exit_code == Exit.DONE
    first, row = csv.reader((tmp_path / "s.csv").read_text().splitlines())
    assert (first, row[:3]) == (["one", "other", "match", "score", "reasons"], ["1", "2", "1"])
    assert "birth_date same" in row[4]


@pytest.mark.data
@pytest.mark.skipif("ISTHMUS_DATA" not in os.environ, reason="ISTHMUS_DATA names no folder of real data")
def test_real_records_are_linked_by_name_birth_date_and_sex_alone(tmp_path):
    folder = Path(os.environ["ISTHMUS_DATA"]) / "names" / "linkage"
    (tmp_path / "map.toml").write_text(
        'id = "rec_id"\ngiven = "given_name"\nfamily = "surname"\nbirth_date = "date_of_birth"\nsex = "sex"\n'
    )
    files = [str(folder / "opencr_uganda_v21.csv.gz"), "--truth", str(folder / "opencr_uganda_v21_true_links.csv")]
    result = CliRunner().invoke(app, ["linkage", *files, "--map", str(tmp_path / "map.toml"), "--json"])
    assert json.loads(result.stdout)["f1"] >= 0.95
