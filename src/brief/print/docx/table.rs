//! Tables with a head that each page repeats.

use crate::bilingual::word::{WIDTH, paragraph, run};

/// The beginning of a table: light lines, columns of the given shares of the page in percent.
fn begin(shares: &[usize]) -> String {
    let side = |side| format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:color=\"C9CDD3\"/>");
    let borders = ["top", "left", "bottom", "right", "insideH", "insideV"].map(side).concat();
    let margin = |(side, width)| format!("<w:{side} w:w=\"{width}\" w:type=\"dxa\"/>");
    let margins = [("top", 50), ("left", 100), ("bottom", 50), ("right", 100)].map(margin).concat();
    let column = |share: &usize| format!("<w:gridCol w:w=\"{}\"/>", width(*share));
    format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{WIDTH}\" w:type=\"dxa\"/>\
         <w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type=\"fixed\"/>\
         <w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{}</w:tblGrid>",
        shares.iter().map(column).collect::<String>()
    )
}

/// In twentieths of a point.
fn width(share: usize) -> usize {
    WIDTH * share / 100
}

/// A table. Cells hold paragraphs, and a row may go on on the next page: some are longer than one. What follows it is kept apart by an empty line.
pub(super) fn table(shares: &[usize], head: &[&str], rows: &[Vec<String>]) -> String {
    let head: Vec<String> =
        head.iter().map(|label| paragraph("TableHead", &run("", label))).collect();
    let rows: String = rows.iter().map(|cells| row(shares, cells, "", None)).collect();
    let head = row(shares, &head, "<w:cantSplit/><w:tblHeader/>", Some("E8ECF2"));
    format!("{}{head}{rows}</w:tbl>{}", begin(shares), paragraph("Gap", ""))
}

fn row(shares: &[usize], cells: &[String], properties: &str, fill: Option<&str>) -> String {
    let shade = fill.map_or(String::new(), |fill| {
        format!("<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{fill}\"/>")
    });
    let cell = |(share, inside): (&usize, &String)| {
        let width = width(*share);
        format!(
            "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{shade}</w:tcPr>{inside}</w:tc>"
        )
    };
    let cells: String = shares.iter().zip(cells).map(cell).collect();
    format!("<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>")
}
