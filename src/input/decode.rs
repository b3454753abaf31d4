//! From bytes to text, with the way back.
//!
//! What is valid UTF-8 is UTF-8, whatever else the file says of itself. Else a declared encoding
//! counts, and where there is none, a guess. Bytes that no encoding knows become the replacement
//! character: nothing is lost but what they meant.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::traced::Traced;
use crate::article::Span;
use crate::source_map::SourceMap;

/// How much is looked at to tell text from other data, in bytes.
const HEAD: usize = 8 * 1024;
/// How far into a page its encoding is looked for, in bytes; browsers stop at 1024, which is too
/// early for pages that begin with scripts.
const META_HEAD: usize = 4 * 1024;

/// A text, as decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decoded {
    pub text: String,
    /// From the text to the bytes.
    pub map: SourceMap,
    /// Its name in the WHATWG standard.
    pub encoding: &'static str,
    /// Places that no character could be made of.
    pub n_errors: usize,
}

/// Decodes `bytes`, of which some header or element says that they are in the encoding `label`.
pub(super) fn decode(bytes: &[u8], label: Option<&str>) -> Decoded {
    if !is_utf16(bytes)
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        let map = SourceMap::identity();
        return Decoded { text: text.to_owned(), map, encoding: UTF_8.name(), n_errors: 0 };
    }
    let encoding = encoding_of(bytes, label);
    let mut decoding =
        Decoding { encoding, bytes, at: 0, start: 0, n_errors: 0, to: Traced::new() };
    decoding.run();
    let Decoding { to, n_errors, .. } = decoding;
    Decoded { text: to.text, map: to.map, encoding: encoding.name(), n_errors }
}

/// The name of the encoding that [`decode`] finds.
pub(super) fn encoding_name(bytes: &[u8]) -> &'static str {
    let is_utf8 = std::str::from_utf8(bytes).is_ok();
    if is_utf8 { UTF_8.name() } else { encoding_of(bytes, None).name() }
}

fn encoding_of(bytes: &[u8], label: Option<&str>) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return encoding;
    }
    if is_mostly_utf8(bytes) {
        return UTF_8;
    }
    let declared = label.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    declared
        .filter(|own| *own != UTF_8 && own.is_ascii_compatible())
        .unwrap_or_else(|| guess(bytes))
}

/// What a page in a French-speaking country is likely to be in.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(Some(b"fr"), Utf8Detection::Deny)
}

/// UTF-8 with a few broken places: in any other encoding its accents would hardly form characters.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut n_good, mut n_bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        n_good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        n_bad += usize::from(!chunk.invalid().is_empty());
    }
    n_good > 4 * n_bad
}

/// Whether the bytes are text in UTF-16.
pub(super) fn is_utf16(bytes: &[u8]) -> bool {
    let by_mark = Encoding::for_bom(bytes).is_some_and(|(encoding, _)| encoding != UTF_8);
    by_mark || utf16_without_mark(bytes).is_some()
}

/// In a text in Latin letters nearly every second byte is zero, and which says in which order.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let pairs = bytes.get(..HEAD).unwrap_or(bytes).as_chunks::<2>().0;
    let n_first = pairs.iter().filter(|pair| pair[0] == 0).count();
    let n_second = pairs.iter().filter(|pair| pair[1] == 0).count();
    let most = |n: usize| pairs.len() >= 4 && n * 10 >= pairs.len() * 7;
    match (most(n_first), most(n_second)) {
        (true, false) if n_second * 20 <= pairs.len() => Some(UTF_16BE),
        (false, true) if n_first * 20 <= pairs.len() => Some(UTF_16LE),
        _ => None,
    }
}

/// Whether the bytes are no text at all: a zero byte, or one control character in twenty.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    let is_control = |byte: &&u8| **byte < 0x20 && !matches!(**byte, b'\t'..=b'\r' | 0x1B);
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    !is_utf16(bytes)
        && (bytes.contains(&0) || head.iter().filter(is_control).count() * 20 > head.len())
}

/// The encoding that a page declares in a `meta` element or an XML declaration near its beginning.
pub(super) fn declared_in_page(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..META_HEAD).unwrap_or(bytes).to_ascii_lowercase();
    let head = String::from_utf8_lossy(&head);
    let after = |mark: &str| head.split_once(mark).map(|(_, rest)| rest);
    let rest = after("charset").or_else(|| after("encoding"))?.trim_start().strip_prefix('=')?;
    let value = rest.trim_start().trim_start_matches(['"', '\'']);
    let is_of_label = |c: &char| c.is_ascii_alphanumeric() || "-_:.".contains(*c);
    let label: String = value.chars().take_while(is_of_label).collect();
    Some(label).filter(|label| !label.is_empty())
}

/// A decoder that is fed byte by byte where it matters which bytes made which character.
struct Decoding<'a> {
    encoding: &'static Encoding,
    bytes: &'a [u8],
    at: usize,
    /// The first byte that has not become text yet.
    start: usize,
    n_errors: usize,
    to: Traced,
}

impl Decoding<'_> {
    fn run(&mut self) {
        let mut decoder = self.encoding.new_decoder_without_bom_handling();
        while self.at < self.bytes.len() {
            if self.start == self.at {
                self.copy_ascii();
            }
            self.step(&mut decoder);
        }
        self.finish(&mut decoder);
    }

    /// Runs of ASCII need no decoder; between two characters they are what they seem.
    fn copy_ascii(&mut self) {
        if !self.encoding.is_ascii_compatible() {
            return;
        }
        let rest = &self.bytes[self.at..];
        let n = rest.iter().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        if let Ok(run) = std::str::from_utf8(&rest[..n])
            && n > 0
        {
            self.to.push(run, Span::new(self.at, self.at + n));
            self.at += n;
            self.start = self.at;
        }
    }

    fn step(&mut self, decoder: &mut encoding_rs::Decoder) {
        let Some(byte) = self.bytes.get(self.at..=self.at) else { return };
        let mut out = [0; 16];
        let (result, n_read, n_written) =
            decoder.decode_to_utf8_without_replacement(byte, &mut out, false);
        self.at += n_read;
        self.put(&out[..n_written]);
        if let DecoderResult::Malformed(_, n_after) = result {
            self.replace(n_after);
        }
    }

    fn finish(&mut self, decoder: &mut encoding_rs::Decoder) {
        loop {
            let mut out = [0; 16];
            let (result, _, n_written) =
                decoder.decode_to_utf8_without_replacement(&[], &mut out, true);
            self.put(&out[..n_written]);
            let DecoderResult::Malformed(_, n_after) = result else { return };
            self.replace(n_after);
        }
    }

    fn put(&mut self, out: &[u8]) {
        if let Ok(text) = std::str::from_utf8(out)
            && !text.is_empty()
        {
            self.to.push(text, Span::new(self.start, self.at));
            self.start = self.at;
        }
    }

    /// The bytes up to here make no character; the decoder keeps the last `n_after` of them for the
    /// next one.
    fn replace(&mut self, n_after: u8) {
        let end = self.start.max(self.at.saturating_sub(usize::from(n_after)));
        self.n_errors += 1;
        self.to.push("\u{fffd}", Span::new(self.start, end));
        self.start = end;
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{GB18030, ISO_2022_JP, SHIFT_JIS, WINDOWS_1252};
    use proptest::prelude::*;

    use super::*;

    fn decode_as(bytes: &[u8], encoding: &'static Encoding) -> Decoded {
        decode(bytes, Some(encoding.name()))
    }

    #[test]
    fn latin_text_is_recognised_and_leads_back() {
        let (bytes, ..) = WINDOWS_1252.encode("Déjà 12 œuvres, l’été « à Sète ».");
        let decoded = decode(&bytes, None);
        assert_eq!(decoded.text, "Déjà 12 œuvres, l’été « à Sète ».");
        assert_eq!((decoded.encoding, decoded.n_errors), ("windows-1252", 0));
        let at = decoded.text.find("12").unwrap();
        assert_eq!(decoded.map.locate(Span::new(at, at + 2)), Span::new(5, 7));
        let at = decoded.text.find('œ').unwrap();
        assert_eq!(decoded.map.locate(Span::new(at, at + 2)), Span::new(8, 9));
    }

    #[test]
    fn utf16_is_read_with_and_without_its_mark() {
        let text = "L’été à Sète : 340 ponts.";
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!((&*decode(&big, None).text, decode(&big, None).encoding), (text, "UTF-16BE"));
        let marked = [&[0xFF, 0xFE], &little[..]].concat();
        let decoded = decode(&marked, None);
        assert_eq!((&*decoded.text, decoded.encoding), (&*format!("\u{feff}{text}"), "UTF-16LE"));
        let at = decoded.text.find("340").unwrap();
        let place = decoded.map.locate(Span::new(at, at + 3));
        assert_eq!(&marked[place.start..place.end], b"3\x004\x000\0");
    }

    #[test]
    fn a_broken_place_spoils_no_other() {
        let mut bytes = "Été, café, déjà, hélas, forêt, ".as_bytes().to_vec();
        bytes.extend(b"\xC3 fin");
        let decoded = decode(&bytes, None);
        assert_eq!(decoded.text, "Été, café, déjà, hélas, forêt, \u{fffd} fin");
        assert_eq!((decoded.encoding, decoded.n_errors), ("UTF-8", 1));
    }

    #[test]
    fn a_page_says_its_encoding_in_several_ways() {
        let label = |page: &str| declared_in_page(page.as_bytes());
        assert_eq!(label("<meta charset=iso-8859-15>").as_deref(), Some("iso-8859-15"));
        let long = "<META http-equiv=\"Content-Type\" content=\"text/html; charset=Windows-1252\">";
        assert_eq!(label(long).as_deref(), Some("windows-1252"));
        assert_eq!(label("<?xml version='1.0' encoding='latin1'?>").as_deref(), Some("latin1"));
        assert_eq!(label("<p>charset</p>"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_give_the_text_that_the_crate_gives(
            bytes in proptest::collection::vec(any::<u8>(), 0..60),
            idx in 0..4_usize,
        ) {
            let encoding = [ISO_2022_JP, WINDOWS_1252, SHIFT_JIS, GB18030][idx];
            let mut decoding =
                Decoding { encoding, bytes: &bytes, at: 0, start: 0, n_errors: 0, to: Traced::new() };
            decoding.run();
            let (text, _) = encoding.decode_without_bom_handling(&bytes);
            prop_assert_eq!(&decoding.to.text, &*text);
            let place = decoding.to.map.locate(Span::new(0, text.len()));
            // The bytes that switch the alphabet of ISO-2022-JP show nothing.
            prop_assert!(place.end == bytes.len() || idx == 0);
        }

        #[test]
        fn ascii_stands_in_the_file_as_it_stands_in_the_text(
            text in "[ -~éàœ’€]{0,40}",
            idx in 0..3_usize,
        ) {
            let encoding = [WINDOWS_1252, UTF_8, GB18030][idx];
            let (bytes, ..) = encoding.encode(&text);
            let decoded = decode_as(&bytes, encoding);
            for (at, byte) in decoded.text.bytes().enumerate().filter(|(_, b)| b.is_ascii()) {
                let place = decoded.map.locate(Span::new(at, at + 1));
                prop_assert_eq!(&bytes[place.start..place.end], &[byte]);
            }
        }
    }
}
