//! Bytes read as a saved page with its parts.
#![no_main]

use depeche::article::Format;
use depeche_fuzz::assert_readable;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| assert_readable(data, Some(Format::Mhtml)));
