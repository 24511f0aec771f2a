//! Exports as spreadsheets read them.

use csv::ReaderBuilder;
use serde_json::json;

use crate::on_both;
use crate::support::players::PLAYERS;

/// Texts that a spreadsheet could take for a formula, at the start of a cell or behind a separator.
const FORMULAS: &[&str] = &[
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "a;=1",
    "a;-1",
    "a; +1",
    "a;\u{a0}@x",
    "a;\u{200b}=1",
    "a;\"=1\"",
    "\"=1\"",
    ";=1",
    "=a;b",
    "\u{ff1d}1",
    "\u{ff0b}1",
    "\u{ff0d}1",
    "\u{ff20}x",
    "a;\u{ff1d}1",
    "\u{feff}=1",
    "\u{a0}=1",
    "\u{200b}=1",
    "x\n=1",
    "x\r\n=1",
    "x\t=1",
    "x;;=1",
    "x;\t=1",
    "x\n\n@y",
    "\u{2060}\u{200d}+1",
    "a;\"\"=1",
    "a\";=1",
    "\u{207a}1",
    "\u{fe62}1",
    "x;\u{e0041}=1",
    "a,=1",
    "\",=1",
    "a\",\"=1",
];

fn begins_like_a_formula(cell: &str) -> bool {
    let seen = cell.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{200d}' | '\u{2060}' | '\u{e0041}')
    });
    seen.starts_with([
        '=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}', '\u{207a}', '\u{fe62}',
    ])
}

// Row 12 of the security review.
on_both! {
    with PLAYERS
    async fn no_cell_begins_like_a_formula_whatever_separates_the_cells(server) {
        for formula in FORMULAS {
            let body = json!({"query": formula, "response_snippet": formula, "rating": "down", "search_mode": "smart",
                "comment": formula});
            server.post("/feedback").session(1).json(&body).await.expect(201);
        }
        let export = server.get("/admin/feedback/export").admin().await.expect(200).text;
        for delimiter in [b',', b';', b'\t'] {
            let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter)
                .from_reader(export.as_bytes());
            let mut rows = 0;
            for record in reader.records() {
                for cell in record.unwrap().iter() {
                    assert!(!begins_like_a_formula(cell), "{cell:?} with {:?}", char::from(delimiter));
                }
                rows += 1;
            }
            assert!(rows > FORMULAS.len(), "{rows}");
        }
        let mut reader = ReaderBuilder::new().from_reader(export.as_bytes());
        let queries: Vec<String> = reader.records().map(|it| it.unwrap()[2].to_owned()).collect();
        assert_eq!(queries.len(), FORMULAS.len());
        for (query, formula) in queries.iter().zip(FORMULAS) {
            let (query, formula) = (query.replace('\'', ""), formula.trim());
            assert_eq!(query, formula, "nothing but apostrophes is added");
        }
        for line in export.split_inclusive("\r\n").filter(|line| line.starts_with("\"f_")) {
            assert!(line.matches("\",\"").count() >= 3, "text cells are quoted: {line}");
        }
    }
}

// Row 12: what is harmless stays as it was.
on_both! {
    with PLAYERS
    async fn harmless_text_is_left_alone(server) {
        let texts = ["tank", "a-b", "1+1=2", "mail@x.example", "a; b", "x\ny", "it's", "a;b;c", "«=»"];
        for text in texts {
            let body = json!({"query": text, "response_snippet": text, "rating": "down", "search_mode": "smart"});
            server.post("/feedback").session(1).json(&body).await.expect(201);
        }
        let export = server.get("/admin/feedback/export").admin().await.expect(200).text;
        let mut reader = ReaderBuilder::new().from_reader(export.as_bytes());
        let queries: Vec<String> = reader.records().map(|it| it.unwrap()[2].to_owned()).collect();
        assert_eq!(queries, texts);
    }
}

// Row 18 of other people's problems.
on_both! {
    with PLAYERS
    async fn an_export_begins_with_a_bom_when_asked(server) {
        for (query, marked) in [("?bom=true", true), ("?bom=1&days=3", true), ("", false), ("?bom=false", false), ("?bom=", false)] {
            let reply = server.get(&format!("/admin/feedback/export{query}")).admin().await.expect(200);
            assert_eq!(reply.text.starts_with('\u{feff}'), marked, "{query}");
            assert_eq!(reply.text.matches('\u{feff}').count(), usize::from(marked));
        }
        let reply = server.get("/admin/feedback/export?bom=perhaps").admin().await.expect(422);
        assert_eq!(reply.faults(), ["bom:type"]);
    }
}
