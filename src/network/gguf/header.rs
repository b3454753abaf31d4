//! What candle takes on trust when it reads a header.

use candle_core::{Result, bail};

const ALIGNMENT: &[u8] = b"general.alignment";
/// Lists in lists; no file has a use for them.
const MAX_DEPTH: usize = 4;

/// Refuses an alignment of zero, by which candle would divide. What else is wrong with the header
/// it says itself.
///
/// # Errors
/// When a key for the alignment has a value of zero.
pub fn check(file: &[u8]) -> Result<()> {
    match Walk::new(file).and_then(|mut walk| walk.has_zero_alignment()) {
        Some(true) => bail!("the file's alignment is zero"),
        _ => Ok(()),
    }
}

/// A place in the header; `None` where the header is not what it should be.
struct Walk<'a> {
    rest: &'a [u8],
    /// Bytes of a length.
    n_wide: usize,
}

impl<'a> Walk<'a> {
    fn new(file: &'a [u8]) -> Option<Self> {
        // candle takes the magic word backwards, too.
        let rest = file.strip_prefix(b"GGUF").or_else(|| file.strip_prefix(b"FUGG"))?;
        let mut walk = Self { rest, n_wide: 8 };
        if walk.number(4)? == 1 {
            walk.n_wide = 4;
        }
        Some(walk)
    }

    fn has_zero_alignment(&mut self) -> Option<bool> {
        let (_n_weights, n_values) = (self.length()?, self.length()?);
        for _ in 0..n_values {
            let key = self.string()?;
            let is_alignment = trimmed(key) == ALIGNMENT;
            let kind = self.number(4)?;
            let value = self.value(kind, MAX_DEPTH)?;
            if is_alignment && !value.is_empty() && value.iter().all(|&byte| byte == 0) {
                return Some(true);
            }
        }
        Some(false)
    }

    /// Passes over a value; its bytes where it is a number.
    fn value(&mut self, kind: u64, depth: usize) -> Option<&'a [u8]> {
        match kind {
            8 => self.string(),
            9 => self.list(depth.checked_sub(1)?),
            _ => self.take(size(kind)?),
        }
    }

    fn list(&mut self, depth: usize) -> Option<&'a [u8]> {
        let (kind, n) = (self.number(4)?, self.length()?);
        match size(kind) {
            Some(size) => self.take(n.checked_mul(size)?),
            None => {
                (0..n).try_for_each(|_| self.value(kind, depth).map(|_| ())).map(|()| [].as_slice())
            }
        }
    }

    fn string(&mut self) -> Option<&'a [u8]> {
        let n = self.length()?;
        self.take(n)
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.number(self.n_wide)?).ok()
    }

    /// A number of so many bytes, the least first.
    fn number(&mut self, n_bytes: usize) -> Option<u64> {
        let bytes = self.take(n_bytes)?;
        Some(bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte)))
    }

    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(n)?;
        self.rest = rest;
        Some(taken)
    }
}

/// Bytes of a number of that kind.
fn size(kind: u64) -> Option<usize> {
    match kind {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}

/// candle drops the zero bytes behind a key.
fn trimmed(key: &[u8]) -> &[u8] {
    let end = key.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
    key.get(..end).unwrap_or_default()
}
