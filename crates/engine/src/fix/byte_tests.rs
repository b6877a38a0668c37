//! No byte is touched that no fix concerns: texts are made of pieces, each with what it is to become, and what comes
//! of a text is to be what comes of its pieces.

use proptest::prelude::*;
use proptest::sample::select;

use super::tests::{mend_with, request};
use super::*;

/// What is written, and what is to become of it.
type Piece = (String, String);

/// Pieces to choose from: `a` stays, `a=>b` becomes `b`. A `_` stands for a blank.
fn pieces(choices: &'static str) -> impl Strategy<Value = Piece> {
    let pieces: Vec<Piece> = choices
        .split(' ')
        .map(|choice| {
            let (before, after) = choice.split_once("=>").unwrap_or((choice, choice));
            (before.replace('_', " "), after.replace('_', " "))
        })
        .collect();
    select(pieces)
}

/// A line of fields with something after it that goes.
fn line(fields: &[Piece], tail: &str) -> Piece {
    let join = |part: fn(&Piece) -> &str| fields.iter().map(part).collect::<Vec<_>>().join("\t");
    (join(|piece| &piece.0) + tail, join(|piece| &piece.1))
}

/// Rows of fields, some with padding after them, some with a blank line before them.
fn rows(columns: &'static [&'static str]) -> impl Strategy<Value = Vec<(bool, Piece)>> {
    let fields: Vec<_> = columns.iter().map(|choices| pieces(choices)).collect();
    let row = (
        fields,
        select(vec!["", "", "\t", "\t \t"]),
        prop::bool::weighted(0.1),
    );
    let row = row.prop_map(|(fields, tail, blank)| (blank, line(&fields, tail)));
    prop::collection::vec(row, 1..12)
}

/// How lines end: all alike, all with CR, or one way and the other.
#[derive(Debug, Clone, Copy)]
enum Ends {
    Lf,
    Crlf,
    Cr,
    Mixed,
}

/// The text of some lines, of which the ones that are marked come after a blank one, and what it is to become.
fn text(mark: bool, ends: Ends, lines: &[(bool, Piece)]) -> Piece {
    let (mut before, mut after) = (String::new(), String::new());
    if mark {
        before.push('\u{feff}');
    }
    for (number, (blank, (old, new))) in lines.iter().enumerate() {
        let (was, is) = match ends {
            Ends::Lf => ("\n", "\n"),
            Ends::Cr => ("\r", "\n"),
            Ends::Mixed if number % 3 == 1 => ("\n", "\r\n"),
            Ends::Crlf | Ends::Mixed => ("\r\n", "\r\n"),
        };
        if *blank {
            before += " \t";
            before += was;
        }
        before.extend([old, was]);
        after.extend([new, is]);
    }
    (before, after)
}

fn ends() -> impl Strategy<Value = Ends> {
    select(vec![Ends::Lf, Ends::Lf, Ends::Crlf, Ends::Cr, Ends::Mixed])
}

fn becomes(name: &str, (before, after): &Piece) {
    let outcome = mend_with(name, before.as_bytes(), |path| FixRequest {
        options: CheckOptions {
            feature_attributes: name.starts_with("frame").then_some(2),
            ..CheckOptions::default()
        },
        ..request(path)
    });
    let found = String::from_utf8(outcome.text).unwrap();
    assert_eq!(&found, after, "of {before:?}, by {:?}", outcome.edits);
    assert_eq!(outcome.edits.is_empty(), before == after);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn of_a_gct_file(
        mark: bool, ends in ends(),
        version in pieces("#1.2 #1.2\t=>#1.2 #1.2\t\t\t=>#1.2"),
        figures in select(vec!["", "\t", "x", "wrong"]),
        names in (pieces("Name NAME Gene=>Name _Name=>Name"), pieces("Description description"),
                  pieces("S1 _S1=>S1 \"S1\"=>S1 S_1 é"), pieces("S2 S2_=>S2 S\"2")),
        padding in select(vec!["", "\t\t"]),
        rows in rows(&[
            "g g1 _g=>g \"q\"=>q g\"h é",
            "d about_\"it\" \"a,b\"=>a,b _spaced_ =>NA _=>NA NA -",
            "1 -0.50 1e5 +3 Inf 1,5 0x10 x  NA=>  NaN=>  _2=>2 2_=>2 null=> ",
            "0.10 .5 5. 1E-3 \"1\"=>1 -666 -Inf n/a=>  1.50",
        ]),
    ) {
        let count = rows.len();
        let figures = match figures {
            "x" => ("x".to_owned(), format!("{count}\t2")),
            "wrong" => ("99\t2".to_owned(), "99\t2".to_owned()),
            tail => (format!("{count}\t2{tail}"), format!("{count}\t2")),
        };
        let names = line(&[names.0, names.1, names.2, names.3], padding);
        let mut lines = vec![(false, version), (false, figures), (false, names)];
        lines.extend(rows);
        becomes("m.gct", &text(mark, ends, &lines));
    }

    #[test]
    fn of_a_data_frame(
        mark: bool, ends in ends(),
        names in (pieces("Gene _Gene=>Gene"), pieces("Symbol \"Symbol\"=>Symbol"), pieces("S1 S1_=>S1"), pieces("S2")),
        rows in rows(&[
            "g h _g=>g \"q\"=>q é",
            "a_b t_=>t \"a,b\"=>a,b  ",
            "1 -0.50 1e5 NA null N/A  x  _2=>2 na=>NA",
            "3 +4 0.70 Inf -Inf inf=>Inf filtered",
        ]),
    ) {
        let names = line(&[names.0, names.1, names.2, names.3], "");
        let mut lines = vec![(false, names)];
        lines.extend(rows);
        becomes("frame.tsv", &text(mark, ends, &lines));
    }

    #[test]
    fn of_a_samples_table(
        mark: bool, ends in ends(),
        names in (pieces("Sample_Source_ID _Sample_Source_ID=>Sample_Source_ID \"Sample_Source_ID\"=>Sample_Source_ID \
                          \"sample_source_id\"=>Sample_Source_ID"),
                  pieces("Sex sex=>Sex \"sex\"=>Sex _Sex_=>Sex"), pieces("Own é"), pieces("Notes")),
        rows in rows(&[
            "S1 S2 _S1=>S1 \"S3\"=>S3",
            "female F=>female male|F=>male|female \"F\"=>female x  _M=>male",
            "a|_b 1,5 _x=>x \"\"=> \"a\"b\" =",
            "\"a,_b\"=>a,_b \"\"\"a\"\"\" é 5\"",
        ]),
    ) {
        let names = line(&[names.0, names.1, names.2, names.3], "");
        let mut lines = vec![(false, names)];
        lines.extend(rows);
        becomes("x.samples.tsv", &text(mark, ends, &lines));
    }

    #[test]
    fn of_tables_of_other_kinds(
        mark: bool, ends in ends(),
        gates in rows(&["S1 _S1=>S1 \"S1\"=>S1", "L/CD3+ \"L\"=>L", "Median Count_=>Count \"Count\"=>Count", "CD4  \"CD4\"=>CD4", "7 1,5 \"7\"=>7"]),
        pairs in rows(&["t1 \"t2\"=>t2 _t3=>t3", "g1 g_1 g1_=>g1"]),
        calls in rows(&["chr1 _chr1=>chr1", "7 x \"7\"=>7", ". \"rs\"=>rs", "A \"A\"=>A", "C G,T", "50_=>50 .", "PASS 0", "DP=", "GT", "0/1  _1/1=>1/1 \"0/1\"=>0/1"]),
        sample in pieces("S1 _S1=>S1 \"S1\"=>S1"),
        padding in select(vec!["", "\t\t"]),
    ) {
        let same = |text: &str| (false, line(&[(text.to_owned(), text.to_owned())], padding));
        let mut lines = vec![same("Sample\tCellPopulation\tReadoutType\tColor/Marker\tValue")];
        lines.extend(gates);
        becomes("x.facs", &text(mark, ends, &lines));
        let mut lines = vec![same("TXNAME\tGENEID")];
        lines.extend(pairs);
        becomes("x.mapping.tsv", &text(mark, ends, &lines));
        let fixed = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT";
        let names = line(&[(fixed.to_owned(), fixed.to_owned()), sample], padding);
        let mut lines = vec![same("##fileformat=VCFv4.2"), same("##note= a \"b\""), (true, names)];
        lines.extend(calls);
        becomes("x.vcf", &text(mark, ends, &lines));
    }
}
