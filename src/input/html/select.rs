//! Which paragraphs of a page are its article.

use super::blocks::Block;
use super::facts::fold;
use super::names::Role;
use super::page::Page;
use super::tree::Tree;
use crate::article::BlockKind;

/// What a container may leave outside and still be the article's.
const MIN_SHARE: f64 = 0.8;
/// Below this much prose outside what looks like clutter, the names must be wrong.
const MIN_PROSE_BYTES: usize = 200;
/// Lines above the text that are no prose and longer than this are something else.
const MAX_HEAD_BYTES: usize = 300;

/// A paragraph longer than the summary of another article.
const MIN_BOX_BYTES: usize = 300;
/// How many paragraphs may stand above a lead.
const MAX_BEFORE_LEAD: usize = 2;

/// A chosen paragraph and what it is.
#[derive(Debug, Clone, Copy)]
pub struct Chosen {
    /// In the blocks.
    pub block: usize,
    /// What the markup says of it.
    pub kind: Option<BlockKind>,
}

/// The paragraphs of the article in order, what stands among them with a hint that says so.
pub fn choose(page: &Page, blocks: &[Block], title: Option<&str>) -> Vec<Chosen> {
    let tree = &page.tree;
    let clutter = clutter(page, blocks);
    let weights = weights(tree, blocks, &clutter);
    let container = container(tree, &weights);
    let inside: Vec<bool> = blocks.iter().map(|b| tree.is_in(b.owner, container)).collect();
    let Some(first) = (0..blocks.len()).find(|&idx| inside[idx] && clutter[idx].is_none()) else {
        return Vec::new();
    };
    let headline = headline(blocks, first, title);
    let head = headline.map_or(first, |idx| idx.min(first));
    let above = (head..first)
        .filter(|&idx| Some(idx) == headline || (clutter[idx].is_none() && is_head(&blocks[idx])));
    let within = (first..blocks.len()).filter(|&idx| inside[idx]);
    let mut n_prose = 0;
    let mut chosen = Vec::new();
    let told = |idx: &usize| headline == Some(*idx) || is_told(clutter[*idx]);
    for idx in above.chain(within).filter(told) {
        let block = &blocks[idx];
        let kind = kind(block, clutter[idx], headline == Some(idx));
        // Below the first paragraphs, what is named so is an offer or the next article's.
        let is_late_lead = kind == Some(BlockKind::Lead) && n_prose >= MAX_BEFORE_LEAD;
        n_prose += usize::from(block.prose() > 0 && kind != Some(BlockKind::Lead));
        chosen.push(Chosen { block: idx, kind: kind.filter(|_| !is_late_lead) });
    }
    chosen
}

/// What each block is that is clutter by the roles of the elements around it, the outermost first.
/// An element that holds most of what the page has to read is none, whatever its name: paywalls
/// wrap whole articles. Comments may well be longer than the article.
fn clutter(page: &Page, blocks: &[Block]) -> Vec<Option<Role>> {
    let (tree, roles) = (&page.tree, &page.roles);
    let weights = weights(tree, blocks, &vec![None; blocks.len()]);
    let named = of_blocks(tree, blocks, |idx| roles[idx]);
    let clean = blocks.iter().zip(&named).filter(|(_, named)| named.is_none());
    let clean: usize = clean.map(|(block, _)| block.prose()).sum();
    let trusts_names = clean >= MIN_PROSE_BYTES.min(weights[0] / 2);
    of_blocks(tree, blocks, |idx| {
        let comments = roles[idx] == Some(Role::Comments) && trusts_names;
        roles[idx].filter(|_| comments || weights[idx] * 2 <= weights[0])
    })
}

fn of_blocks(
    tree: &Tree,
    blocks: &[Block],
    role: impl Fn(usize) -> Option<Role>,
) -> Vec<Option<Role>> {
    let mut clutter: Vec<Option<Role>> = vec![None; tree.elements.len()];
    for (idx, element) in tree.iter().skip(1) {
        clutter[idx] =
            clutter[element.parent].or_else(|| role(idx).filter(|role| role.is_clutter()));
    }
    blocks.iter().map(|block| clutter[block.holder]).collect()
}

/// How much prose each element holds.
fn weights(tree: &Tree, blocks: &[Block], clutter: &[Option<Role>]) -> Vec<usize> {
    let mut weights = vec![0; tree.elements.len()];
    for (block, _) in blocks.iter().zip(clutter).filter(|(_, clutter)| clutter.is_none()) {
        weights[block.owner] += block.prose();
    }
    // Elements stand behind those around them.
    for idx in (1..weights.len()).rev() {
        weights[tree.elements[idx].parent] += weights[idx];
    }
    weights
}

/// The smallest element that holds nearly all prose of the page.
fn container(tree: &Tree, weights: &[usize]) -> usize {
    let mut heaviest = vec![0; weights.len()];
    for (idx, element) in tree.iter().skip(1) {
        let best = heaviest[element.parent];
        if best == 0 || weights[idx] > weights[best] {
            heaviest[element.parent] = idx;
        }
    }
    let mut idx = 0;
    loop {
        let inner = heaviest[idx];
        let enough = weights[inner] as f64 >= MIN_SHARE * weights[idx] as f64;
        if inner == 0 || weights[inner] == 0 || !enough || holds_one(&tree.elements[inner].name) {
            return idx;
        }
        idx = inner;
    }
}

/// Elements that hold one paragraph, and so never an article.
fn holds_one(name: &str) -> bool {
    matches!(name, "p" | "li" | "blockquote" | "dd")
}

/// The headline: the heading before the text that reads like the title, or the last `h1`.
fn headline(blocks: &[Block], first: usize, title: Option<&str>) -> Option<usize> {
    let is_h1 = |idx: &usize| blocks[*idx].kind() == Some(BlockKind::Title);
    let is_heading = |idx: &usize| is_h1(idx) || blocks[*idx].kind() == Some(BlockKind::Intertitle);
    let folded = title.map(fold).filter(|title| !title.is_empty());
    let reads_like = |idx: &usize| {
        let text = fold(blocks[*idx].text.as_str());
        folded.as_ref().is_some_and(|title| *title == text)
    };
    let n = (first + 12).min(blocks.len());
    (0..n).rev().find(|idx| is_heading(idx) && reads_like(idx)).or_else(|| (0..n).rev().find(is_h1))
}

/// Whether a line between headline and text belongs to the article: lead, day, name, caption.
fn is_head(block: &Block) -> bool {
    use BlockKind::{Byline, Caption, Credit, Date, Intertitle, Lead};
    let short = block.text.as_str().len() <= MAX_HEAD_BYTES;
    match block.kind() {
        Some(Lead) => true,
        Some(Byline | Caption | Credit | Date | Intertitle) => short,
        _ => block.prose() > 0,
    }
}

/// Menus and comments are not told of, teasers in mid-text are.
fn is_told(clutter: Option<Role>) -> bool {
    !matches!(clutter, Some(Role::Furniture | Role::Comments))
}

/// Announcements are short and linked; a box of running text beside the article belongs to it.
fn is_box(block: &Block) -> bool {
    block.prose() >= MIN_BOX_BYTES && block.n_link_bytes == 0
}

fn kind(block: &Block, clutter: Option<Role>, is_headline: bool) -> Option<BlockKind> {
    use BlockKind::{Byline, Credit, Date, Intertitle, Teaser, Title};
    let long = block.text.as_str().len() > MAX_HEAD_BYTES;
    match (clutter, block.kind()) {
        _ if is_headline => Some(Title),
        (Some(Role::Block(Teaser)), _) if is_box(block) => None,
        (Some(Role::Block(kind)), _) => Some(kind),
        (_, None | Some(Intertitle)) if block.is_link() => Some(Teaser),
        // Sites that head their sections with `h1` use it for intertitles too.
        (_, Some(Title)) => Some(Intertitle),
        (_, Some(Byline | Date | Credit)) if long => None,
        (_, Some(kind)) if Role::Block(kind).is_clutter() => None,
        (_, kind) => kind,
    }
}
