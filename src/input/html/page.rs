//! A page with its elements and what each says of the text in it.

use super::names::{Role, role_of, role_of_tag};
use super::text::Text;
use super::tree::{Attribute, Child, Element, Tree};
use crate::article::BlockKind;

/// A page, read once.
#[derive(Debug)]
pub struct Page<'a> {
    /// As it was read.
    pub source: &'a str,
    /// Its elements.
    pub tree: Tree,
    /// What each element says by itself of the text in it.
    pub roles: Vec<Option<Role>>,
}

impl<'a> Page<'a> {
    /// Reads a page.
    pub fn parse(source: &'a str) -> Self {
        let tree = Tree::parse(source);
        // A headline stays one, whatever else its names say of it.
        let by_names = |element: &Element| role_of(element).filter(|_| element.name != "h1");
        let roles = tree.elements.iter().map(|e| by_names(e).or_else(|| role_of_tag(e))).collect();
        Self { source, tree, roles }
    }

    /// The contents of the `meta` elements of that name.
    pub fn metas(&self, name: &str) -> impl Iterator<Item = &Attribute> {
        let metas = self.tree.elements.iter().filter(|element| element.name == "meta");
        let named = metas.filter(move |element| {
            let mut names = ["property", "name", "itemprop", "http-equiv"].iter();
            names.any(|key| element.value(key).eq_ignore_ascii_case(name))
        });
        named.filter_map(|element| element.attribute("content"))
    }

    /// Whether an element is in a comment or in what announces another article.
    pub fn is_elsewhere(&self, idx: usize) -> bool {
        use BlockKind::{Boilerplate, Teaser};
        let is_other =
            |role| matches!(role, Some(Role::Comments | Role::Block(Teaser | Boilerplate)));
        std::iter::once(idx).chain(self.tree.around(idx)).any(|idx| is_other(self.roles[idx]))
    }

    /// All text inside an element on one line.
    pub fn text(&self, idx: usize) -> Text {
        let mut text = Text::default();
        self.gather(idx, &mut text);
        text
    }

    /// The text inside an element, where it has one.
    pub fn text_of(&self, idx: usize) -> Option<String> {
        let text = self.text(idx);
        (!text.is_empty()).then(|| text.as_str().to_owned())
    }

    fn gather(&self, idx: usize, text: &mut Text) {
        for child in &self.tree.elements[idx].children {
            match *child {
                Child::Text(span) => text.add(self.source, span),
                Child::Plain(span) => text.add_plain(self.source, span),
                Child::Element(inner) if self.is_code(inner) => {}
                Child::Element(inner) => {
                    text.add_blank();
                    self.gather(inner, text);
                }
            }
        }
    }

    fn is_code(&self, idx: usize) -> bool {
        matches!(&*self.tree.elements[idx].name, "script" | "style" | "noscript" | "template")
    }
}
