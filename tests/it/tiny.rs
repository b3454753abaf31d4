//! Tiny random networks in files of the real format: everything but the sense is there.
//!
//! The same seed gives the same bytes, so a test can be repeated; the weights are drawn wide
//! enough that the likeliest token changes from step to step.

use std::fs::File;
use std::path::{Path, PathBuf};

use candle_core::quantized::gguf_file::{self, Value};
use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};

/// Writes the default network into `dir` and returns its path.
pub fn model_file(dir: &Path) -> PathBuf {
    Tiny::default().write_into(dir)
}

/// What a tiny network is like.
#[derive(Debug, Clone)]
pub struct Tiny {
    pub architecture: &'static str,
    /// Of the matrices.
    pub dtype: GgmlDType,
    /// Of ffn_down, attn_v and the output, to which mixed files give more bits.
    pub fine_dtype: GgmlDType,
    /// Whether the embedding table serves as the output too.
    pub tied: bool,
    pub n_layers: usize,
    pub n_heads: usize,
    pub n_kv_heads: usize,
    pub width: usize,
    /// Floats of a head, when they are not the width over the heads.
    pub head_dim: Option<usize>,
    pub ffn_width: usize,
    /// Positions that the layers with a window see.
    pub window: u32,
    /// Whether the file divides the rotary frequencies.
    pub rope_factors: bool,
    /// The rules by which the vocabulary divides texts.
    pub pre: &'static str,
    pub context_length: u32,
    /// Tokens without a use, by which the vocabulary gets a round number of rows.
    pub n_spare_tokens: usize,
    pub chat_template: Option<String>,
    pub seed: u64,
    /// Metadata under the name of the architecture, beside or instead of the usual.
    pub more: Vec<(&'static str, Value)>,
    /// Weights that are left out of the file.
    pub missing: Vec<&'static str>,
}

impl Default for Tiny {
    /// As Q4_K_M files are: Q4_K, and Q6_K where it matters.
    fn default() -> Self {
        Self {
            architecture: "qwen2",
            dtype: GgmlDType::Q4K,
            fine_dtype: GgmlDType::Q6K,
            tied: false,
            n_layers: 2,
            n_heads: 4,
            n_kv_heads: 2,
            width: 256,
            head_dim: None,
            ffn_width: 512,
            window: 8,
            rope_factors: false,
            pre: "qwen2",
            context_length: 4096,
            n_spare_tokens: 1,
            chat_template: Some(CHATML.into()),
            seed: 7,
            more: Vec::new(),
            missing: Vec::new(),
        }
    }
}

const CHATML: &str = "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + \
    message['content'] + '<|im_end|>' + '\n' }}{% endfor %}\
    {% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

/// Pairs that the vocabulary merges, in the alphabet of byte-level vocabularies.
const MERGES: [(&str, &str); 12] = [
    ("Ġ", "d"),
    ("Ġ", "l"),
    ("e", "s"),
    ("Ġd", "e"),
    ("o", "n"),
    ("Ġl", "a"),
    ("Ã", "©"),
    ("q", "u"),
    ("qu", "e"),
    ("e", "n"),
    ("en", "t"),
    ("Ċ", "Ċ"),
];

const CONTROL: [&str; 3] = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];

impl Tiny {
    /// All matrices in one type.
    pub fn of(dtype: GgmlDType) -> Self {
        Self { dtype, fine_dtype: dtype, ..Self::default() }
    }

    /// The same network in 32-bit floats: for what is to be exact.
    pub fn exact(self) -> Self {
        Self { dtype: GgmlDType::F32, fine_dtype: GgmlDType::F32, ..self }
    }

    /// Neighbouring rotary pairs, the output tied.
    pub fn llama() -> Self {
        Self { architecture: "llama", tied: true, ..Self::default() }
    }

    /// Heads wider than their share, normed.
    pub fn qwen3() -> Self {
        Self { architecture: "qwen3", head_dim: Some(128), ..Self::default() }
    }

    /// Five layers with a window and one without, one key head, and a width that no block of 256
    /// divides.
    pub fn gemma3() -> Self {
        Self {
            architecture: "gemma3",
            dtype: GgmlDType::Q5_0,
            fine_dtype: GgmlDType::Q8_0,
            tied: true,
            n_layers: 6,
            n_kv_heads: 1,
            width: 96,
            head_dim: Some(32),
            ffn_width: 160,
            ..Self::default()
        }
    }

    /// One of those that candle runs.
    pub fn phi3() -> Self {
        Self { architecture: "phi3", ..Self::default() }
    }

    /// Attention and feed-forward side by side, biases everywhere, as many key heads as heads.
    pub fn phi2() -> Self {
        Self { architecture: "phi2", n_kv_heads: 4, ..Self::default() }
    }

    /// Gate and values in one matrix, norms behind attention and feed-forward.
    pub fn glm4() -> Self {
        Self { architecture: "glm4", ..Self::default() }
    }

    /// Floats of a head.
    pub fn head_dim(&self) -> usize {
        self.head_dim.unwrap_or(self.width / self.n_heads)
    }

    /// Floats of a head that are rotated.
    pub fn rotary_dim(&self) -> usize {
        match self.architecture {
            "phi2" | "glm4" => self.head_dim() / 2,
            _ => self.head_dim(),
        }
    }

    /// Writes `tiny.gguf` into `dir` and returns its path.
    pub fn write_into(&self, dir: &Path) -> PathBuf {
        let path = dir.join("tiny.gguf");
        self.write(&path);
        path
    }

    pub fn write(&self, path: &Path) {
        let metadata = self.metadata();
        let metadata: Vec<(&str, &Value)> = metadata.iter().map(|(k, v)| (k.as_str(), v)).collect();
        let tensors = self.tensors();
        let tensors: Vec<(&str, &QTensor)> = tensors
            .iter()
            .filter(|(name, _)| !self.missing.contains(&name.as_str()))
            .map(|(name, tensor)| (name.as_str(), tensor))
            .collect();
        gguf_file::write(&mut File::create(path).unwrap(), &metadata, &tensors).unwrap();
    }

    fn metadata(&self) -> Vec<(String, Value)> {
        let name = |key: &str| format!("{}.{key}", self.architecture);
        let tokens = self.tokens();
        let id = |token: &str| Value::U32(tokens.iter().position(|t| t == token).unwrap() as u32);
        let types = tokens.iter().map(|t| Value::I32(if is_control(t) { 3 } else { 1 }));
        let merges = MERGES.iter().map(|(a, b)| Value::String(format!("{a} {b}")));
        let mut metadata = vec![
            ("general.architecture".into(), Value::String(self.architecture.into())),
            (name("context_length"), Value::U32(self.context_length)),
            (name("embedding_length"), Value::U32(self.width as u32)),
            (name("feed_forward_length"), Value::U32(self.ffn_width as u32)),
            (name("block_count"), Value::U32(self.n_layers as u32)),
            (name("attention.head_count"), Value::U32(self.n_heads as u32)),
            (name("attention.head_count_kv"), Value::U32(self.n_kv_heads as u32)),
            (name("attention.layer_norm_rms_epsilon"), Value::F32(1e-6)),
            (name("attention.layer_norm_epsilon"), Value::F32(1e-6)),
            (name("rope.freq_base"), Value::F32(1e6)),
            // candle's Qwen3 rotates in half precision unless it is told.
            ("general.dtype".into(), Value::U32(0)),
            ("tokenizer.ggml.model".into(), Value::String("gpt2".into())),
            ("tokenizer.ggml.pre".into(), Value::String(self.pre.into())),
            ("tokenizer.ggml.token_type".into(), Value::Array(types.collect())),
            ("tokenizer.ggml.merges".into(), Value::Array(merges.collect())),
            ("tokenizer.ggml.bos_token_id".into(), id("<|endoftext|>")),
            ("tokenizer.ggml.eos_token_id".into(), id("<|im_end|>")),
            ("tokenizer.ggml.add_bos_token".into(), Value::Bool(false)),
        ];
        // Those that need no further keys stay without, as files of them are.
        if self.architecture != "qwen2" {
            let head_dim = Value::U32(self.head_dim() as u32);
            metadata.extend([
                (name("attention.key_length"), head_dim.clone()),
                (name("attention.value_length"), head_dim),
                (name("rope.dimension_count"), Value::U32(self.rotary_dim() as u32)),
                (name("attention.sliding_window"), Value::U32(self.window)),
            ]);
        }
        for (key, value) in &self.more {
            metadata.retain(|(other, _)| *other != name(key));
            metadata.push((name(key), value.clone()));
        }
        let template = self.chat_template.iter().cloned().map(Value::String);
        metadata.extend(template.map(|t| ("tokenizer.chat_template".into(), t)));
        let tokens = tokens.into_iter().map(Value::String).collect();
        metadata.push(("tokenizer.ggml.tokens".into(), Value::Array(tokens)));
        metadata
    }

    /// The 256 bytes, what they merge to, the control tokens: any text can be spelt.
    fn tokens(&self) -> Vec<String> {
        let bytes = (0..=255).map(|byte| char_of(byte).to_string());
        let merged = MERGES.iter().map(|(a, b)| format!("{a}{b}"));
        let spare = (0..self.n_spare_tokens).map(|i| format!("<|spare_{i}|>"));
        bytes.chain(merged).chain(CONTROL.map(String::from)).chain(spare).collect()
    }

    fn tensors(&self) -> Vec<(String, QTensor)> {
        let mut random = Random(self.seed);
        let n_vocab = self.tokens().len();
        let (coarse, fine) = (self.dtype, self.fine_dtype);
        let mut tensors =
            vec![matrix("token_embd", if self.tied { fine } else { coarse }, n_vocab, self.width)];
        for layer in 0..self.n_layers {
            let weights = match self.architecture {
                "phi2" => self.phi2_layer(),
                "phi3" => self.phi3_layer(),
                _ => self.layer(),
            };
            let named = |w: Weight| Weight { name: format!("blk.{layer}.{}", w.name), ..w };
            tensors.extend(weights.into_iter().map(named));
        }
        tensors.push(norm("output_norm", self.width));
        if !self.tied {
            tensors.push(matrix("output", fine, n_vocab, self.width));
        }
        if self.architecture == "phi2" {
            tensors.extend([bias("output_norm", self.width), bias("output", n_vocab)]);
        }
        if self.rope_factors {
            tensors.push(Weight {
                mean: 4.0,
                spread: 1.0,
                ..norm("rope_freqs", self.head_dim() / 2)
            });
        }
        tensors.into_iter().map(|weight| (weight.name.clone(), weight.draw(&mut random))).collect()
    }

    fn layer(&self) -> Vec<Weight> {
        let (width, head_dim) = (self.width, self.head_dim());
        let (q_width, kv_width) = (self.n_heads * head_dim, self.n_kv_heads * head_dim);
        let (coarse, fine) = (self.dtype, self.fine_dtype);
        let is = |names: &[&str]| names.contains(&self.architecture);
        let only = |wanted: bool, weight: Weight| wanted.then_some(weight);
        let (biases, qk_norm) = (is(&["qwen2", "glm4"]), is(&["qwen3", "gemma3"]));
        let (post_norm, fused) = (is(&["gemma3", "glm4"]), is(&["glm4"]));
        let up_width = if fused { 2 * self.ffn_width } else { self.ffn_width };
        let weights = [
            Some(norm("attn_norm", width)),
            Some(matrix("attn_q", coarse, q_width, width)),
            only(biases, bias("attn_q", q_width)),
            Some(matrix("attn_k", coarse, kv_width, width)),
            only(biases, bias("attn_k", kv_width)),
            Some(matrix("attn_v", fine, kv_width, width)),
            only(biases, bias("attn_v", kv_width)),
            only(qk_norm, norm("attn_q_norm", head_dim)),
            only(qk_norm, norm("attn_k_norm", head_dim)),
            Some(matrix("attn_output", coarse, width, q_width)),
            only(post_norm, norm("post_attention_norm", width)),
            Some(norm("ffn_norm", width)),
            only(!fused, matrix("ffn_gate", coarse, self.ffn_width, width)),
            Some(matrix("ffn_up", coarse, up_width, width)),
            Some(matrix("ffn_down", fine, width, self.ffn_width)),
            only(post_norm, norm("post_ffw_norm", width)),
        ];
        weights.into_iter().flatten().collect()
    }

    fn phi2_layer(&self) -> Vec<Weight> {
        let with_bias = |weight: Weight, name: &str| {
            let bias = bias(name, weight.shape[0]);
            [weight, bias]
        };
        let (coarse, fine) = (self.dtype, self.fine_dtype);
        let (width, ffn_width) = (self.width, self.ffn_width);
        [
            with_bias(norm("attn_norm", width), "attn_norm"),
            with_bias(matrix("attn_qkv", coarse, 3 * width, width), "attn_qkv"),
            with_bias(matrix("attn_output", coarse, width, width), "attn_output"),
            with_bias(matrix("ffn_up", coarse, ffn_width, width), "ffn_up"),
            with_bias(matrix("ffn_down", fine, width, ffn_width), "ffn_down"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn phi3_layer(&self) -> Vec<Weight> {
        let qkv_width = (self.n_heads + 2 * self.n_kv_heads) * self.head_dim();
        vec![
            norm("attn_norm", self.width),
            matrix("attn_qkv", self.dtype, qkv_width, self.width),
            matrix("attn_output", self.dtype, self.width, self.width),
            norm("ffn_norm", self.width),
            matrix("ffn_up", self.dtype, 2 * self.ffn_width, self.width),
            matrix("ffn_down", self.fine_dtype, self.width, self.ffn_width),
        ]
    }
}

/// A weight that is still to be drawn: `spread` around `mean`.
struct Weight {
    name: String,
    dtype: GgmlDType,
    shape: Vec<usize>,
    mean: f32,
    spread: f32,
}

impl Weight {
    fn draw(&self, random: &mut Random) -> QTensor {
        let n = self.shape.iter().product();
        let values = (0..n).map(|_| self.mean + self.spread * random.normal()).collect();
        let values: Vec<f32> = values;
        let tensor = Tensor::from_vec(values, self.shape.as_slice(), &Device::Cpu).unwrap();
        QTensor::quantize(&tensor, self.dtype).unwrap()
    }
}

/// Scaled so that what goes out is a little wider than what comes in.
fn matrix(name: &str, dtype: GgmlDType, n_out: usize, n_in: usize) -> Weight {
    let spread = 2.0 / (n_in as f32).sqrt();
    Weight { name: format!("{name}.weight"), dtype, shape: vec![n_out, n_in], mean: 0.0, spread }
}

fn norm(name: &str, width: usize) -> Weight {
    let (name, dtype) = (format!("{name}.weight"), GgmlDType::F32);
    Weight { name, dtype, shape: vec![width], mean: 1.0, spread: 0.1 }
}

fn bias(name: &str, width: usize) -> Weight {
    let (name, dtype) = (format!("{name}.bias"), GgmlDType::F32);
    Weight { name, dtype, shape: vec![width], mean: 0.0, spread: 0.1 }
}

fn is_control(token: &str) -> bool {
    CONTROL.contains(&token) || token.starts_with("<|spare_")
}

/// The character that stands for a byte in byte-level vocabularies: itself if it is printable,
/// else the next free one from U+0100.
fn char_of(byte: u8) -> char {
    let printable = |b: u8| matches!(b, 33..=126 | 161..=172 | 174..=255);
    if printable(byte) {
        return char::from(byte);
    }
    let n_before = (0..byte).filter(|&b| !printable(b)).count();
    char::from_u32(256 + n_before as u32).unwrap()
}

/// SplitMix64 (Steele, Lea & Flood 2014): enough for weights and prompts.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// In `0..n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// In [-1, 1).
    pub fn signed(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    }

    /// About normal, variance 1: the sum of three uniform numbers.
    pub fn normal(&mut self) -> f32 {
        self.signed() + self.signed() + self.signed()
    }

    /// Tokens that are no control tokens.
    pub fn tokens(&mut self, n: usize) -> Vec<u32> {
        (0..n).map(|_| self.below(256 + MERGES.len()) as u32).collect()
    }
}
