//! Web pages saved with their parts in one file, which is written as a mail.

use mail_parser::MimeHeaders;

use super::eml::{Body, body, is_html, parse};
use super::{Extracted, html};
use crate::article::Declared;
use crate::error::{Error, Result};

/// What a reader of the page sees, its encoding, and the number of places that are no characters.
pub(super) fn read(bytes: &[u8], name: &str) -> Result<(Extracted, &'static str, usize)> {
    let saved = parse(bytes, name)?;
    // Frames and advertisements follow the page.
    let part = saved.parts.iter().find(is_html);
    let part = part.ok_or_else(|| Error::Empty { name: name.to_owned() })?;
    let Body { text, map, encoding } = body(part, bytes);
    let read = html::read(text).through(&map);
    let location = part.content_location().or(saved.content_location());
    let headers = Declared {
        title: saved.subject().map(str::to_owned),
        url: location.filter(|url| url.starts_with("http")).map(str::to_owned),
        ..Declared::default()
    };
    // The date in the headers is the day on which the page was saved.
    let declared = read.declared.clone().or(headers);
    Ok((Extracted { declared, ..read }, encoding, usize::from(part.is_encoding_problem)))
}
