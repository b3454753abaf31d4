//! A model file that is damaged, or none: an error, never a weight beyond the file.
#![no_main]

use std::io::Write;

use candle_core::Device;
use depeche::network::gguf::GgufFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("a folder for temporary files");
    file.write_all(data).expect("room for a file");
    let Ok(gguf) = GgufFile::open(file.path()) else { return };
    let names: Vec<String> = gguf.content().tensor_infos.keys().cloned().collect();
    for name in names {
        assert!(gguf.shape(&name).is_some());
        let _ = gguf.dequantized(&name, &Device::Cpu);
    }
});
