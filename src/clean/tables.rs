//! Tables in plain text: rows whose cells are parted by bars, tabs or wide gaps.

use super::judge::{Draft, Verdict};
use super::lines::Line;
use crate::article::{BlockKind, RuleId};

const TABLE: RuleId = RuleId("table");
/// A cell is a label or a figure, not a sentence.
const MAX_CELL_WORDS: usize = 9;
/// Two rows of two cells may be anything: a byline above a date, two rows of links.
const MIN_ROWS: usize = 3;
/// A heading of fewer words may stand above a table.
const MIN_HEADER_CELLS: usize = 4;

/// Marks runs of rows. A table is kept, apart from the running text.
pub fn mark(draft: &mut Draft) {
    let open = draft.open();
    let mut run: Vec<(usize, usize)> = Vec::new();
    for (place, &idx) in open.iter().enumerate() {
        let cells = cells(&draft.lines[idx]);
        let follows = place > 0 && only_rules_between(draft, open[place - 1], idx);
        if cells.is_none() || !follows {
            mark_run(draft, &std::mem::take(&mut run));
        }
        run.extend(cells.map(|n_figures| (idx, n_figures)));
    }
    mark_run(draft, &run);
}

/// The figures of a row, or nothing where the line is no row.
fn cells(line: &Line) -> Option<usize> {
    let cells = line.cells();
    let fits = |cell: &&str| cell.split(' ').count() <= MAX_CELL_WORDS;
    let is_row = cells.len() >= 2 && cells.iter().all(fits);
    is_row.then(|| cells.iter().skip(1).filter(|cell| is_figure(cell)).count())
}

/// `412,6`, `+14,3 %`, `-`, `n.d.`: what stands in a column of figures.
fn is_figure(cell: &str) -> bool {
    cell.chars().any(|c| c.is_ascii_digit())
}

/// Lines between two rows that are decided already may only be the rules of the table, `|---|`.
fn only_rules_between(draft: &Draft, row: usize, next: usize) -> bool {
    draft.lines[row + 1..next].iter().all(|line| !line.text().contains(char::is_alphanumeric))
}

fn mark_run(draft: &mut Draft, run: &[(usize, usize)]) {
    let n_cells = |idx: usize| draft.lines[idx].cells().len();
    let n_with_figures = run.iter().filter(|(_, n_figures)| *n_figures > 0).count();
    let wide = run.iter().any(|&(idx, _)| n_cells(idx) >= 3);
    let enough = run.len() >= MIN_ROWS || (run.len() + 1 == MIN_ROWS && wide);
    if enough && 2 * n_with_figures >= run.len() {
        let header = header(draft, run);
        for idx in header.into_iter().chain(run.iter().map(|&(idx, _)| idx)) {
            draft.set(idx, demoted());
        }
    }
}

/// `Équipe Pts J G N P`: a word for each cell of the first row below.
fn header(draft: &Draft, run: &[(usize, usize)]) -> Option<usize> {
    let &(first, _) = run.first()?;
    let above = first.checked_sub(1)?;
    let line = &draft.lines[above];
    let n_cells = draft.lines[first].cells().len();
    let fits = !line.is_closed() && n_cells >= MIN_HEADER_CELLS && line.n_words() == n_cells;
    (fits && draft.verdicts[above].is_none()).then_some(above)
}

/// A row that the markup or its neighbours make one.
pub fn demoted() -> Verdict {
    Verdict { rule: Some(TABLE), ..Verdict::keep(BlockKind::Table, 0.9) }
}
