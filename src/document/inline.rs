//! Text with tags inside it.

/// What a tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Begins something: `<b>`, `**`.
    Open,
    /// Ends it.
    Close,
    /// Stands alone: an image, a line break.
    Alone,
    /// Parts two pieces of which neither may be empty: what stands between two subtitles.
    Break,
}

/// Something in a text that is not read but must stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The byte of the text that it stands before.
    pub at: usize,
    /// As it is written in the file.
    pub raw: String,
    pub side: Side,
}

/// A text, and the tags inside it in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inline {
    pub text: String,
    pub tags: Vec<Tag>,
}

impl Inline {
    /// A text without tags.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), tags: Vec::new() }
    }

    /// Adds text; a run of blanks counts as one, and none stands at the beginning.
    pub fn push_words(&mut self, text: &str) {
        for c in text.chars() {
            let is_break = matches!(c, ' ' | '\n' | '\r' | '\t');
            if !is_break {
                self.text.push(c);
            } else if !self.text.is_empty() && !self.text.ends_with(' ') {
                self.text.push(' ');
            }
        }
    }

    /// Adds a tag behind the text so far.
    pub fn push_tag(&mut self, side: Side, raw: impl Into<String>) {
        self.tags.push(Tag { at: self.text.len(), raw: raw.into(), side });
    }

    /// Takes the blanks at the end away.
    pub fn trim_end(&mut self) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.tags.iter_mut().for_each(|tag| tag.at = tag.at.min(self.text.len()));
    }

    /// Whether there is anything to read.
    pub fn has_words(&self) -> bool {
        self.text.chars().any(char::is_alphanumeric)
    }

    /// For each tag that opens, the one that closes it, by their indices. Tags that are not nested
    /// have none.
    pub fn pairs(&self) -> Vec<(usize, usize)> {
        let mut open = Vec::new();
        let mut pairs = Vec::new();
        for (idx, tag) in self.tags.iter().enumerate() {
            match tag.side {
                Side::Open => open.push(idx),
                Side::Close => pairs.extend(open.pop().map(|first| (first, idx))),
                Side::Alone | Side::Break => {}
            }
        }
        pairs.sort_unstable();
        pairs
    }

    /// The text and the tags in their order; each tag behind the text before it.
    pub fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        let mut at = 0;
        let tags = self.tags.iter().flat_map(move |tag| {
            let text = self.text.get(at..tag.at).unwrap_or_default();
            at = tag.at.max(at);
            [Piece::Text(text), Piece::Tag(tag)]
        });
        let last = self.tags.last().map_or(0, |tag| tag.at);
        let rest = self.text.get(last..).unwrap_or_default();
        let all = tags.chain([Piece::Text(rest)]);
        all.filter(|piece| !matches!(piece, Piece::Text("")))
    }
}

/// A piece of an inline text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'i> {
    Text(&'i str),
    Tag(&'i Tag),
}
