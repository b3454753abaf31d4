//! What a page says of its article outside the text: title, names, address.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::days;
use super::json_ld::{self, Object};
use super::names::Role;
use super::page::Page;
use super::text::one_line;
use super::tree::Element;
use crate::article::{BlockKind, Declared};

/// The lists of `fields.txt`.
static LISTS: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut lists: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut current = "";
    let lines = include_str!("fields.txt").lines();
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(name) => current = name,
            None => lists.entry(current).or_default().push(line),
        }
    }
    lists
});

fn list(name: &str) -> &'static [&'static str] {
    LISTS.get(name).map(Vec::as_slice).unwrap_or_default()
}

/// Names of sites have fewer.
const MIN_TITLE_WORDS: usize = 3;
/// Lists of other articles name their authors too.
const MAX_BYLINES: usize = 3;

/// What the head of the page and its scripts say.
pub fn declared(page: &Page, objects: &[Object]) -> Declared {
    let facts = Facts { page, objects };
    let day = |fields: &[&str], metas| days::in_head(page, objects, fields, list(metas));
    let site = facts.site();
    Declared {
        title: facts.title(site.as_deref()),
        published: day(&["datePublished", "dateCreated", "uploadDate"], "published"),
        modified: day(&["dateModified"], "modified"),
        agency: facts.agency(),
        author: facts.author(site.as_deref()),
        section: facts.section(),
        url: facts.url(),
        language: facts.language(),
        site,
    }
}

struct Facts<'a> {
    page: &'a Page<'a>,
    objects: &'a [Object],
}

impl Facts<'_> {
    /// The content of the first `meta` element of that name.
    fn meta(&self, name: &str) -> Option<String> {
        let mut found = self.page.metas(name).map(|content| one_line(content.value()));
        found.find(|value| !value.is_empty())
    }

    /// The content of the first `meta` element of a list of names.
    fn first_meta(&self, names: &str) -> Option<String> {
        list(names).iter().find_map(|name| self.meta(name))
    }

    fn article(&self, name: &str) -> Option<String> {
        self.objects
            .iter()
            .filter(|object| object.is_article())
            .find_map(|object| object.text(name))
    }

    fn title(&self, site: Option<&str>) -> Option<String> {
        let said = self.article("headline").or_else(|| self.first_meta("title"));
        let mut heading = self.headings();
        let title = said.or_else(|| heading.next()).or_else(|| self.first("title"))?;
        Some(without_site(&title, site, self.first("h1").as_deref()))
    }

    /// The headings that the title of the window repeats, then the first of the page: many sites
    /// have their own name in an `h1` above the headline.
    fn headings(&self) -> impl Iterator<Item = String> {
        let window = fold(&self.first("title").unwrap_or_default());
        let is_heading = |element: &Element| matches!(&*element.name, "h1" | "h2");
        let headings = self.page.tree.iter().filter(move |(_, element)| is_heading(element));
        let texts = headings.filter_map(|(idx, _)| self.page.text_of(idx));
        let is_long = |text: &String| text.split_whitespace().count() >= MIN_TITLE_WORDS;
        let repeated = texts.filter(move |text| is_long(text) && window.contains(&fold(text)));
        repeated.chain(self.first("h1"))
    }

    /// The text of the first element of that name.
    fn first(&self, name: &str) -> Option<String> {
        let mut found = self.page.tree.iter().filter(|(_, element)| element.name == name);
        found.find_map(|(idx, _)| self.page.text_of(idx))
    }

    fn site(&self) -> Option<String> {
        let publisher = || self.article("publisher");
        let metas = || self.first_meta("site");
        let site = self.meta("og:site_name").or_else(publisher).or_else(metas);
        site.or_else(|| {
            self.objects.iter().find(|o| o.is_a("WebSite")).and_then(|o| o.text("name"))
        })
    }

    fn author(&self, site: Option<&str>) -> Option<String> {
        let mut metas = list("author").iter().map(|name| self.person(self.meta(name), site));
        let said =
            self.person(self.article("author"), site).or_else(|| metas.find_map(|name| name));
        said.or_else(|| self.marked_author(site)).or_else(|| self.named_author(site))
    }

    /// `<a rel="author">` and `<span itemprop="author">`.
    fn marked_author(&self, site: Option<&str>) -> Option<String> {
        let is_marked = |element: &Element| {
            element.value("rel").split_whitespace().any(|rel| rel == "author")
                || (element.value("itemprop") == "author" && element.name != "meta")
        };
        let found =
            self.page.tree.iter().filter(|(idx, e)| is_marked(e) && !self.page.is_elsewhere(*idx));
        found.take(MAX_BYLINES).find_map(|(idx, _)| self.person(self.page.text_of(idx), site))
    }

    /// An element with a name such as `signature` in which names stand alone.
    fn named_author(&self, site: Option<&str>) -> Option<String> {
        let is_byline = |idx: usize| self.page.roles[idx] == Some(Role::Block(BlockKind::Byline));
        let found = self
            .page
            .tree
            .iter()
            .filter(|(idx, _)| is_byline(*idx) && !self.page.is_elsewhere(*idx));
        let names = found.take(MAX_BYLINES).filter_map(|(idx, _)| self.page.text_of(idx));
        names.filter_map(|name| self.person(Some(name), site)).find(|name| is_name(name))
    }

    /// A name of people, without what pages write before it; not the site, an address, an account.
    fn person(&self, name: Option<String>, site: Option<&str>) -> Option<String> {
        let name = name?;
        let name = list("by")
            .iter()
            .find_map(|by| name.strip_prefix(by)?.strip_prefix(' '))
            .unwrap_or(&name);
        let name = name.trim().trim_end_matches([',', '.', '|', '-']).trim_end();
        // `lefigaro.fr` is Le Figaro.
        let is_site =
            site.map(fold).is_some_and(|site| !site.is_empty() && fold(name).starts_with(&site));
        let is_account = name.starts_with('@')
            || (name.contains(['.', '/', '@']) && !name.contains(' '))
            || ["admin", "administrateur", "webmaster"].contains(&&*name.to_lowercase())
            || list("agency").contains(&name);
        let fits = (3..=120).contains(&name.len()) && !name.contains('\n');
        (fits && !is_site && !is_account).then(|| name.to_owned())
    }

    fn agency(&self) -> Option<String> {
        let said = list("source").iter().filter_map(|name| self.article(name));
        let metas = list("source").iter().filter_map(|name| self.meta(name));
        said.chain(metas).find_map(|text| agency_in(&text))
    }

    fn section(&self) -> Option<String> {
        let section =
            |object: &Object| json_ld::names(object.field("articleSection")?).into_iter().next();
        let said = || self.objects.iter().filter(|o| o.is_article()).find_map(section);
        let is_name = |section: &String| !section.contains('/');
        let section = self.meta("article:section").or_else(said).filter(is_name);
        section.or_else(|| self.breadcrumb())
    }

    /// The last link of the way from the front page; the article itself is none.
    fn breadcrumb(&self) -> Option<String> {
        let list = self.objects.iter().find(|object| object.is_a("BreadcrumbList"))?;
        let items = list.field("itemListElement")?.as_array()?;
        let named = |item: &serde_json::Value| {
            json_ld::names(item)
                .into_iter()
                .next()
                .or_else(|| json_ld::names(item.get("item")?).into_iter().next())
        };
        let names: Vec<String> = items.iter().filter_map(named).collect();
        let last = names.len().checked_sub(2).filter(|&last| last > 0);
        names.into_iter().nth(last.unwrap_or(usize::MAX))
    }

    fn url(&self) -> Option<String> {
        let mut links = self.page.tree.elements.iter().filter(|e| e.name == "link");
        let canonical = links.find(|link| link.value("rel").eq_ignore_ascii_case("canonical"));
        let canonical = canonical.map(|link| link.value("href").to_owned());
        let urls =
            [canonical, self.meta("og:url"), self.article("url"), self.article("mainEntityOfPage")];
        urls.into_iter().flatten().find(|url| url.starts_with("http"))
    }

    fn language(&self) -> Option<String> {
        let mut html = self.page.tree.elements.iter().filter(|element| element.name == "html");
        let lang = html.find_map(|html| {
            [html.value("lang"), html.value("xml:lang")].into_iter().find(|l| !l.is_empty())
        });
        let metas = || self.first_meta("language");
        let said = lang.map(str::to_owned).or_else(metas).or_else(|| self.article("inLanguage"))?;
        let code: String = said.chars().take_while(char::is_ascii_alphabetic).collect();
        (code.len() == 2).then(|| code.to_lowercase())
    }
}

/// Whether a line of a byline can be nothing but names.
fn is_name(line: &str) -> bool {
    (2..=6).contains(&line.split_whitespace().count())
        && !line.contains(|c: char| c.is_ascii_digit() || c == '|')
}

/// Whether a part of a title is the site's name, or its address: `Le Point` may end in `.fr`, but a
/// headline `le point sur la réforme` is not the site's name.
fn is_name_of(part: &str, site: &str) -> bool {
    !site.is_empty() && part.starts_with(site) && part.len() <= site.len() + 4
}

/// The title without the site's name behind or before it.
fn without_site(title: &str, site: Option<&str>, h1: Option<&str>) -> String {
    let parts = [" | ", " - ", " – ", " — ", " • ", " · ", " : "];
    let is_site = |part: &str| site.is_some_and(|site| is_name_of(&fold(part), &fold(site)));
    let is_h1 = |part: &str| h1.is_some_and(|h1| fold(h1) == fold(part));
    if is_h1(title) {
        return title.to_owned();
    }
    for (at, part) in parts.iter().flat_map(|part| title.rmatch_indices(part)) {
        let (head, tail) = (&title[..at], &title[at + part.len()..]);
        if is_h1(head) || (is_site(tail) && tail.len() < 60) {
            return head.trim().to_owned();
        }
        if is_h1(tail) {
            return tail.trim().to_owned();
        }
    }
    title.to_owned()
}

fn agency_in(text: &str) -> Option<String> {
    let words = format!(" {} ", text.replace(|c: char| !c.is_alphanumeric() && c != '-', " "));
    let found = list("agency").iter().find(|agency| words.contains(&format!(" {agency} ")))?;
    Some((*found).to_owned())
}

/// Letters and digits in lower case.
pub fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
