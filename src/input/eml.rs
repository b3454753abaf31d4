//! Mails: the words of the text part, or else of the HTML part.

use jiff::civil::Date;
use mail_parser::{Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::decode::decode;
use super::traced::shifted;
use super::{Extracted, html};
use crate::article::{Dated, Declared, Span};
use crate::error::{Error, Result};
use crate::source_map::SourceMap;

/// What a reader of the mail sees, its encoding, and the number of places that are no characters.
pub(super) fn read(bytes: &[u8], name: &str) -> Result<(Extracted, &'static str, usize)> {
    let message = parse(bytes, name)?;
    let part = text_part(&message).ok_or_else(|| Error::Empty { name: name.to_owned() })?;
    let Body { text, map, encoding } = body(part, bytes);
    let n_errors = usize::from(part.is_encoding_problem);
    let read = match part.body {
        PartType::Html(_) => html::read(text).through(&map),
        _ => Extracted { text: text.to_owned(), map, ..Extracted::default() },
    };
    let declared = declared(&message).or(read.declared);
    Ok((Extracted { declared, ..read }, encoding, n_errors))
}

/// The mail in these bytes.
pub(super) fn parse<'x>(bytes: &'x [u8], name: &str) -> Result<Message<'x>> {
    let parsed = MessageParser::default().parse(bytes).filter(has_headers);
    parsed.ok_or_else(|| Error::Broken {
        name: name.to_owned(),
        what: "a mail",
        reason: "it has no headers".into(),
    })
}

fn has_headers(mail: &Message) -> bool {
    let is_sent = mail.from().is_some() || mail.date().is_some();
    is_sent || mail.subject().is_some() || mail.content_type().is_some()
}

/// Text first: a mail with both says the same in both, and the text needs no guess at what is
/// layout.
fn text_part<'m, 'x>(message: &'m Message<'x>) -> Option<&'m MessagePart<'x>> {
    let is_text =
        |part: &&MessagePart| matches!(&part.body, PartType::Text(t) if !t.trim().is_empty());
    let is_attached = |part: &&MessagePart| part.attachment_name().is_some();
    let texts = message.parts.iter().filter(|part| !is_attached(part));
    texts.clone().find(is_text).or_else(|| texts.clone().find(is_html))
}

/// Whether a part is a page.
pub(super) fn is_html(part: &&MessagePart) -> bool {
    matches!(part.body, PartType::Html(_))
}

/// A part as text.
pub(super) struct Body<'m> {
    pub text: &'m str,
    /// From the text to the file.
    pub map: SourceMap,
    pub encoding: &'static str,
}

/// The text of a part and its way back, character by character where the way that it was packed
/// allows, else as a whole.
pub(super) fn body<'m>(part: &'m MessagePart, file: &[u8]) -> Body<'m> {
    let text = part.text_contents().unwrap_or_default();
    let place = Span::new(part.offset_body as usize, part.offset_end as usize);
    let packed = file.get(place.start..place.end).unwrap_or_default();
    let (bytes, unpacking) = match part.encoding {
        Encoding::None => (packed.to_vec(), SourceMap::identity()),
        Encoding::QuotedPrintable => quoted_printable(packed),
        Encoding::Base64 => (Vec::new(), SourceMap::empty()),
    };
    let label = part.content_type().and_then(|kind| kind.attribute("charset"));
    let decoded = decode(&bytes, label);
    let map = if decoded.text.trim_end() == text.trim_end() {
        decoded.map.through(&unpacking).through(&shifted(place))
    } else {
        let mut whole = SourceMap::empty();
        whole.push(Span::new(0, text.len()), place);
        whole
    };
    let named = label.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
    Body { text, map, encoding: named.map_or(decoded.encoding, encoding_rs::Encoding::name) }
}

/// Unpacks `=C3=A9` and joins the lines that end with `=`.
fn quoted_printable(packed: &[u8]) -> (Vec<u8>, SourceMap) {
    let (mut bytes, mut map, mut at) = (Vec::new(), SourceMap::empty(), 0);
    while let Some(&first) = packed.get(at) {
        let rest = &packed[at..];
        let (byte, len) = match rest {
            [b'=', b'\r', b'\n', ..] => (None, 3),
            [b'=', b'\n', ..] => (None, 2),
            [b'=', high, low, ..] => match hex(*high, *low) {
                Some(byte) => (Some(byte), 3),
                None => (Some(first), 1),
            },
            _ => (Some(first), 1),
        };
        if let Some(byte) = byte {
            map.push(Span::new(bytes.len(), bytes.len() + 1), Span::new(at, at + len));
            bytes.push(byte);
        }
        at += len;
    }
    (bytes, map)
}

fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// What the headers say. A mail may be newer than the article in it.
pub(super) fn declared(message: &Message) -> Declared {
    let from = message.from().and_then(|from| from.first());
    let owned = |text: Option<&str>| {
        text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    };
    let domain = from.and_then(|from| from.address()).and_then(|address| address.split_once('@'));
    Declared {
        title: owned(message.subject().map(subject)),
        published: sent(message),
        author: owned(from.and_then(|from| from.name())),
        site: owned(domain.map(|(_, domain)| domain)),
        ..Declared::default()
    }
}

/// The subject without the marks of answers and forwards, which programs write in their language.
fn subject(text: &str) -> &str {
    const MARKS: [&str; 8] = ["re:", "re :", "fwd:", "fw:", "tr:", "tr :", "réf:", "réf :"];
    let mut text = text.trim();
    let behind = |text: &'_ str, mark: &str| {
        text.get(..mark.len()).is_some_and(|start| start.to_lowercase() == mark)
    };
    while let Some(mark) = MARKS.into_iter().find(|mark| behind(text, mark)) {
        text = text.get(mark.len()..).unwrap_or_default().trim();
    }
    text
}

fn sent(message: &Message) -> Option<Dated> {
    let sent = message.date()?;
    let (year, month, day) = (sent.year, sent.month, sent.day);
    let date =
        Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    let is_date = |name: &str| name.eq_ignore_ascii_case("date");
    let header = message.headers().iter().find(|header| is_date(header.name()))?;
    let evidence = Span::new(header.offset_start as usize, header.offset_end as usize);
    Some(Dated { date: date.ok()?, evidence, confidence: 0.8 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_printable_leads_back() {
        let packed = b"l'=C3=A9t=C3=A9 =\r\nfin=3D=zz";
        let (bytes, map) = quoted_printable(packed);
        assert_eq!(std::str::from_utf8(&bytes).unwrap(), "l'été fin==zz");
        assert_eq!(map.locate(Span::new(2, 4)), Span::new(2, 8));
        let at = bytes.iter().position(|&b| b == b'f').unwrap();
        assert_eq!(map.locate(Span::new(at, at + 3)), Span::new(19, 22));
    }

    #[test]
    fn a_subject_loses_what_programs_add() {
        assert_eq!(subject("TR : Re: Le pont ferme"), "Le pont ferme");
        assert_eq!(subject("Reportage"), "Reportage");
    }
}
