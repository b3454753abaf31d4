//! The XML inside a word processor's file; the packing around it is another crate's.
#![no_main]

use std::io::{Cursor, Write};

use depeche::article::Format;
use depeche_fuzz::assert_readable;
use libfuzzer_sys::fuzz_target;
use zip::CompressionMethod::Stored;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fuzz_target!(|data: &[u8]| {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(Stored);
    zip.start_file("word/document.xml", options).expect("a name that zip takes");
    zip.write_all(data).expect("room in memory");
    let file = zip.finish().expect("room in memory").into_inner();
    assert_readable(&file, Some(Format::Docx));
});
