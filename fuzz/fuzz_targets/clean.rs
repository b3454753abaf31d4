//! Any text. What follows a byte 0xFF, which no UTF-8 holds, are hints of a format.
#![no_main]

use depeche::article::RawArticle;
use depeche_fuzz::{assert_settled, assert_whole, hints};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(2, |&byte| byte == 0xFF);
    let text = String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let mut raw = RawArticle::new("fuzz", text);
    match parts.next() {
        None => assert_settled(&assert_whole(&raw)),
        Some(bytes) => {
            raw.hints = hints(&raw.text, bytes);
            assert_whole(&raw);
        }
    }
});
