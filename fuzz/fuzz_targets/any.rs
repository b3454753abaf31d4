//! Bytes whose kind must be recognised, packed or not.
#![no_main]

use depeche_fuzz::assert_readable;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| assert_readable(data, None));
