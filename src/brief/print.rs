//! tmp
use super::Note;
use crate::Result;
#[derive(Debug, Clone, Copy)]
pub enum Format {
    Text,
    Markdown,
    Html,
    Docx,
    Json,
}
pub fn bytes(note: &Note, _format: Format) -> Result<Vec<u8>> {
    Ok(serde_json::to_vec_pretty(note).unwrap_or_default())
}
pub fn with_template(_note: &Note, _template: &str, _name: &str) -> Result<String> {
    Ok(String::new())
}
