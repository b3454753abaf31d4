//! The networks that candle has itself, to compare with.

use candle_core::quantized::gguf_file::Content;
use candle_core::{DType, Device, Tensor};
use candle_transformers::models::{
    quantized_gemma3, quantized_glm4, quantized_llama, quantized_phi, quantized_phi3,
    quantized_qwen2, quantized_qwen3,
};

use crate::tiny::Tiny;

/// candle's own networks read a sequence at a time and dequantize the embedding table.
pub enum Candle {
    Qwen2(quantized_qwen2::ModelWeights),
    Qwen3(quantized_qwen3::ModelWeights),
    Llama(quantized_llama::ModelWeights),
    Gemma3(quantized_gemma3::ModelWeights),
    Phi2(quantized_phi::ModelWeights),
    Phi3(quantized_phi3::ModelWeights),
    Glm4(quantized_glm4::ModelWeights),
}

impl Candle {
    pub fn load(tiny: &Tiny) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let file = &mut std::fs::File::open(tiny.write_into(dir.path())).unwrap();
        let content = Content::read(file).unwrap();
        let cpu = &Device::Cpu;
        match tiny.architecture {
            "qwen2" => {
                quantized_qwen2::ModelWeights::from_gguf(content, file, cpu).map(Self::Qwen2)
            }
            "qwen3" => {
                quantized_qwen3::ModelWeights::from_gguf(content, file, cpu).map(Self::Qwen3)
            }
            "llama" => {
                quantized_llama::ModelWeights::from_gguf(content, file, cpu).map(Self::Llama)
            }
            "gemma3" => {
                quantized_gemma3::ModelWeights::from_gguf(content, file, cpu).map(Self::Gemma3)
            }
            "phi2" => quantized_phi::ModelWeights::from_gguf(content, file, cpu).map(Self::Phi2),
            "glm4" => quantized_glm4::ModelWeights::from_gguf(content, file, cpu, DType::F32)
                .map(Self::Glm4),
            "phi3" => {
                quantized_phi3::ModelWeights::from_gguf(false, content, file, cpu).map(Self::Phi3)
            }
            other => panic!("candle has no {other}"),
        }
        .unwrap()
    }

    pub fn logits(&mut self, tokens: &[u32], position: usize) -> Vec<f32> {
        let tokens = &Tensor::new(tokens, &Device::Cpu).unwrap().unsqueeze(0).unwrap();
        let logits = match self {
            Self::Qwen2(model) => model.forward(tokens, position),
            Self::Qwen3(model) => model.forward(tokens, position),
            Self::Llama(model) => model.forward(tokens, position),
            Self::Gemma3(model) => model.forward(tokens, position),
            Self::Phi2(model) => model.forward(tokens, position),
            Self::Glm4(model) => model.forward(tokens, position),
            Self::Phi3(model) => model.forward(tokens, position),
        };
        logits.unwrap().flatten_all().unwrap().to_vec1().unwrap()
    }
}
