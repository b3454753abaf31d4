use super::Extracted;
use crate::error::{Error, Result};

pub(super) fn read(_bytes: &[u8], name: &str) -> Result<Extracted> {
    Err(Error::NotText { name: name.to_owned() })
}
