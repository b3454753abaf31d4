//! The labelled corpus of dirty pages: what of each is set aside, and what each block is.
//!
//! `tests/golden/dirt/*.txt` holds invented pages as scrapers deliver them. A case:
//!
//! ```text
//! === what the page is
//! - date | 07:48
//! ~+ intertitle | Le courant revient à Saint-Nazaire
//! .
//! + paragraph | Le gestionnaire du réseau annonce ...
//! ```
//!
//! Each line says of a piece of the page whether it is of the article (`+`) or not (`-`), what it
//! is, and its text; `~` goes on in the line above, behind a space, and `.` is an empty line.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use depeche::article::{Article, Block, BlockKind, RawArticle};
use depeche::clean::clean;

/// Kinds that the corpus must show often enough to say anything about.
const COUNTED: [&str; 16] = [
    "title",
    "lead",
    "paragraph",
    "intertitle",
    "quote",
    "list",
    "caption",
    "dateline",
    "byline",
    "credit",
    "update-note",
    "social-post",
    "teaser",
    "boilerplate",
    "widget",
    "table",
];
const MIN_BLOCKS: usize = 60;

/// What a linguist says of a piece of a page.
struct Gold {
    start: usize,
    end: usize,
    kept: bool,
    kind: BlockKind,
}

struct Page {
    name: String,
    text: String,
    gold: Vec<Gold>,
}

fn pages(file: &Path) -> Vec<Page> {
    let text = fs::read_to_string(file).unwrap();
    let (intro, cases) = text.split_once("=== ").unwrap_or_else(|| panic!("no case in {file:?}"));
    assert!(intro.lines().all(|l| l.is_empty() || l.starts_with('#')), "stray text in {file:?}");
    cases.split("\n=== ").map(parse).collect()
}

fn parse(case: &str) -> Page {
    let (name, lines) = case.split_once('\n').unwrap_or((case, ""));
    let mut page = Page { name: name.into(), text: String::new(), gold: Vec::new() };
    for line in lines.lines().filter(|line| !line.is_empty()) {
        page.push(line);
    }
    assert!(page.gold.len() >= 4, "`{name}` is hardly a page");
    page
}

impl Page {
    fn push(&mut self, line: &str) {
        if line == "." {
            return self.text.push('\n');
        }
        let (joined, piece) = line.strip_prefix('~').map_or((false, line), |rest| (true, rest));
        let what = || panic!("`{line}` in `{}` is no labelled line", self.name);
        let (label, text) = piece.split_once(" | ").unwrap_or_else(what);
        let (sign, kind) = label.split_once(' ').unwrap_or_else(what);
        assert!(matches!(sign, "+" | "-") && !text.trim().is_empty(), "{line}");
        let kind = BlockKind::named(kind).unwrap_or_else(|| panic!("no kind `{kind}`: {line}"));
        if joined {
            assert_eq!(self.text.pop(), Some('\n'), "nothing to go on from: {line}");
            self.text.push(' ');
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.gold.push(Gold { start, end: self.text.len(), kept: sign == "+", kind });
        self.text.push('\n');
    }
}

/// How many bytes two pieces have in common.
fn overlap(gold: &Gold, block: &Block) -> usize {
    gold.end.min(block.span.end).saturating_sub(gold.start.max(block.span.start))
}

fn block_for<'a>(gold: &Gold, article: &'a Article) -> Option<&'a Block> {
    let blocks = article.blocks.iter().filter(|block| overlap(gold, block) > 0);
    blocks.max_by_key(|block| overlap(gold, block))
}

fn gold_for<'a>(block: &Block, page: &'a Page) -> Option<&'a Gold> {
    let gold = page.gold.iter().filter(|gold| overlap(gold, block) > 0);
    gold.max_by_key(|gold| overlap(gold, block))
}

/// Right and counted, on both sides.
#[derive(Default, Clone, Copy)]
struct Score {
    n_gold: usize,
    n_found: usize,
    n_recalled: usize,
    n_precise: usize,
}

impl Score {
    fn recall(&self) -> f64 {
        self.n_recalled as f64 / self.n_gold.max(1) as f64
    }

    fn precision(&self) -> f64 {
        self.n_precise as f64 / self.n_found.max(1) as f64
    }

    fn f1(&self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) }
    }
}

/// The scores of a set of pages.
#[derive(Default)]
struct Scores {
    kinds: BTreeMap<&'static str, Score>,
    set_aside: Score,
    n_prose: usize,
    n_prose_lost: usize,
    disagreements: Vec<String>,
}

impl Scores {
    fn count(&mut self, page: &Page) {
        let article = clean(&RawArticle::new("page", page.text.as_str()));
        page.gold.iter().for_each(|gold| self.count_gold(page, gold, &article));
        article.blocks.iter().for_each(|block| self.count_block(page, block));
    }

    fn count_gold(&mut self, page: &Page, gold: &Gold, article: &Article) {
        let Some(block) = block_for(gold, article) else { panic!("a lost line in {}", page.name) };
        let kind = self.kinds.entry(gold.kind.as_str()).or_default();
        kind.n_gold += 1;
        kind.n_recalled += usize::from(block.kind == gold.kind);
        self.set_aside.n_gold += usize::from(!gold.kept);
        self.set_aside.n_recalled += usize::from(!gold.kept && !block.kept);
        let is_prose = gold.kept && gold.kind.is_prose();
        self.n_prose += usize::from(is_prose);
        self.n_prose_lost += usize::from(is_prose && !block.kept);
        if (block.kept, block.kind) != (gold.kept, gold.kind) {
            self.disagreements.push(disagreement(page, gold, block));
        }
    }

    fn count_block(&mut self, page: &Page, block: &Block) {
        let Some(gold) = gold_for(block, page) else { return };
        let kind = self.kinds.entry(block.kind.as_str()).or_default();
        kind.n_found += 1;
        kind.n_precise += usize::from(block.kind == gold.kind);
        self.set_aside.n_found += usize::from(!block.kept);
        self.set_aside.n_precise += usize::from(!block.kept && !gold.kept);
    }

    fn share_of_prose_lost(&self) -> f64 {
        self.n_prose_lost as f64 / self.n_prose.max(1) as f64
    }

    fn report(&self, name: &str) -> String {
        let row = |name: &str, s: &Score| {
            let (p, r, f1) = (s.precision(), s.recall(), s.f1());
            format!("{name:<12} {:>5} {:>5}  {p:.3} {r:.3} {f1:.3}", s.n_gold, s.n_found)
        };
        let mut lines = vec![format!("{name:<12}  gold found  prec. rec.  F1")];
        lines.extend(self.kinds.iter().map(|(kind, score)| row(kind, score)));
        lines.push(row("set aside", &self.set_aside));
        let (lost, all) = (self.n_prose_lost, self.n_prose);
        let share = 100.0 * self.share_of_prose_lost();
        lines.push(format!("prose wrongly removed: {lost} of {all} ({share:.2} %)"));
        lines.join("\n")
    }
}

fn disagreement(page: &Page, gold: &Gold, block: &Block) -> String {
    let sign = |kept| if kept { '+' } else { '-' };
    let rule = block.rule.map(|rule| format!(" {rule}")).unwrap_or_default();
    format!(
        "{} {} -> {} {}{rule} | {}",
        sign(gold.kept),
        gold.kind.as_str(),
        sign(block.kept),
        block.kind.as_str(),
        &page.text[gold.start..gold.end],
    )
}

fn corpus() -> Vec<(String, Vec<Page>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/dirt");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let name = |file: &Path| file.file_stem().unwrap().to_string_lossy().into_owned();
    files.iter().map(|file| (name(file), pages(file))).collect()
}

fn scores<'a>(pages: impl Iterator<Item = &'a Page>) -> Scores {
    let mut scores = Scores::default();
    pages.for_each(|page| scores.count(page));
    scores
}

/// `DEPECHE_DIRT=1` lists every disagreement; `DEPECHE_DIRT=a-` those in files of that name.
fn list_disagreements(corpus: &[(String, Vec<Page>)]) {
    let Ok(prefix) = std::env::var("DEPECHE_DIRT") else { return };
    for (file, pages) in corpus.iter().filter(|(f, _)| prefix == "1" || f.starts_with(&prefix)) {
        for page in pages {
            let found = scores(std::iter::once(page)).disagreements;
            found.iter().for_each(|line| println!("{file}: {line}"));
        }
    }
}

#[test]
fn the_corpus_is_cleaned() {
    let corpus = corpus();
    list_disagreements(&corpus);
    for part in ["a-", "b-"] {
        let files = corpus.iter().filter(|(file, _)| file.starts_with(part));
        println!("{}\n", scores(files.flat_map(|(_, pages)| pages)).report(part));
    }
    let all = scores(corpus.iter().flat_map(|(_, pages)| pages));
    println!("{}", all.report("all"));
    for kind in COUNTED {
        let n_gold = all.kinds.get(kind).map_or(0, |score| score.n_gold);
        assert!(n_gold >= MIN_BLOCKS, "only {n_gold} blocks of kind {kind}");
    }
    assert!(all.set_aside.precision() >= 0.97, "too much is set aside");
    assert!(all.set_aside.recall() >= 0.82, "too little is set aside");
    assert!(all.share_of_prose_lost() < 0.002, "prose is lost");
}
