//! The decoder written out plainly: a whole text at once, in 64-bit floats, position by position.
//!
//! For files of 32-bit floats; what the fast code does otherwise for speed, it does not do.

use std::path::Path;

use candle_core::Device;
use depeche::network::gguf::GgufFile;

use crate::tiny::Tiny;

/// In what the architectures differ.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Whether rotary pairs stand side by side, not half a head apart.
    pub neighbours: bool,
    pub qk_norm: bool,
    pub post_norm: bool,
    pub gelu: bool,
    /// Whether the mean is taken off before a norm.
    pub centred: bool,
    /// Whether feed-forward reads what attention reads, without a gate.
    pub parallel: bool,
    pub scales_embeddings: bool,
    /// The rotary base of a layer, if it has one.
    pub base: fn(usize) -> Option<f64>,
    /// The positions that a layer sees.
    pub window: fn(usize, usize) -> usize,
    /// Whether keys and values are kept in 16 bits.
    pub short_keys: bool,
}

const PLAIN: Rules = Rules {
    neighbours: false,
    qk_norm: false,
    post_norm: false,
    gelu: false,
    centred: false,
    parallel: false,
    scales_embeddings: false,
    base: |_| Some(1e6),
    window: |_, _| usize::MAX,
    short_keys: true,
};

/// Of networks that run through candle.
const CANDLES: Rules = Rules { short_keys: false, ..PLAIN };

/// Every sixth layer of Gemma 3 sees everything.
fn is_global(layer: usize) -> bool {
    layer % 6 == 5
}

pub const GEMMA3: Rules = Rules {
    qk_norm: true,
    post_norm: true,
    gelu: true,
    scales_embeddings: true,
    base: |layer| Some(if is_global(layer) { 1e6 } else { 1e4 }),
    window: |layer, window| if is_global(layer) { usize::MAX } else { window },
    ..PLAIN
};

pub fn rules(architecture: &str) -> Rules {
    match architecture {
        "qwen2" => PLAIN,
        "qwen3" => Rules { qk_norm: true, ..PLAIN },
        "llama" => Rules { neighbours: true, ..PLAIN },
        "smollm3" => {
            Rules { neighbours: true, base: |layer| (layer % 4 != 3).then_some(1e6), ..PLAIN }
        }
        "gemma3" => GEMMA3,
        "phi2" => {
            Rules { gelu: true, centred: true, parallel: true, base: |_| Some(1e4), ..CANDLES }
        }
        "phi3" => Rules { base: |_| Some(1e4), ..CANDLES },
        "glm4" => Rules { neighbours: true, post_norm: true, ..CANDLES },
        other => panic!("no rules for {other}"),
    }
}

pub struct Reference<'t> {
    tiny: &'t Tiny,
    rules: Rules,
    file: GgufFile,
}

type Rows = Vec<Vec<f64>>;

impl<'t> Reference<'t> {
    pub fn open(tiny: &'t Tiny, rules: Rules, dir: &Path) -> Self {
        Self { tiny, rules, file: GgufFile::open(&tiny.write_into(dir)).unwrap() }
    }

    /// A weight with one row, or many.
    fn weight(&self, name: &str) -> Option<Rows> {
        self.file.shape(name)?;
        let tensor = self.file.dequantized(name, &Device::Cpu).unwrap();
        let width = *tensor.dims().last().unwrap();
        let floats: Vec<f32> = tensor.flatten_all().unwrap().to_vec1().unwrap();
        Some(floats.chunks(width).map(|row| row.iter().map(|x| f64::from(*x)).collect()).collect())
    }

    fn linear(&self, name: &str, rows: &Rows) -> Rows {
        let weight = self.weight(&format!("{name}.weight")).unwrap();
        let bias = self.weight(&format!("{name}.bias")).map(|bias| bias[0].clone());
        let bias = bias.unwrap_or_else(|| vec![0.0; weight.len()]);
        let output = |x: &Vec<f64>| -> Vec<f64> {
            weight.iter().zip(&bias).map(|(w, b)| dot(w, x) + b).collect()
        };
        rows.iter().map(output).collect()
    }

    /// The matrices that one matrix of the file has below each other, or each by itself.
    fn split(&self, fused: &str, names: &[&str], widths: &[usize], rows: &Rows) -> Vec<Rows> {
        if names.iter().all(|name| self.weight(&format!("{name}.weight")).is_some()) {
            return names.iter().map(|name| self.linear(name, rows)).collect();
        }
        let rows = self.linear(fused, rows);
        let first = |n: usize| widths[..n].iter().sum::<usize>();
        let part = |n: usize| rows.iter().map(|row| row[first(n)..first(n + 1)].to_vec()).collect();
        (0..widths.len()).map(part).collect()
    }

    /// Of parts as long as the weight.
    fn norm(&self, name: &str, rows: &Rows) -> Rows {
        let weight = &self.weight(&format!("{name}.weight")).unwrap()[0];
        let bias = self.weight(&format!("{name}.bias")).map(|bias| bias[0].clone());
        let bias = bias.unwrap_or_else(|| vec![0.0; weight.len()]);
        let part = |x: &[f64]| -> Vec<f64> {
            let sum: f64 = x.iter().sum();
            let mean = if self.rules.centred { sum / x.len() as f64 } else { 0.0 };
            let x: Vec<f64> = x.iter().map(|x| x - mean).collect();
            let rms = (dot(&x, &x) / x.len() as f64 + 1e-6).sqrt();
            x.iter().zip(weight).zip(&bias).map(|((x, w), b)| x / rms * w + b).collect()
        };
        rows.iter().map(|row| row.chunks(weight.len()).flat_map(part).collect()).collect()
    }

    /// The logits behind the last token.
    pub fn logits(&self, tokens: &[u32]) -> Vec<f32> {
        let table = self.weight("token_embd.weight").unwrap();
        let scale =
            if self.rules.scales_embeddings { (self.tiny.width as f64).sqrt() } else { 1.0 };
        let embedded = |t: &u32| table[*t as usize].iter().map(|x| x * scale).collect();
        let mut x: Rows = tokens.iter().map(embedded).collect();
        for layer in 0..self.tiny.n_layers {
            let name = |part: &str| format!("blk.{layer}.{part}");
            let normed = self.norm(&name("attn_norm"), &x);
            let attended = self.attention(layer, &normed);
            if self.rules.parallel {
                x = add(&add(&x, &attended), &self.feed_forward(layer, &normed));
                continue;
            }
            x = add(&x, &self.post_norm(&name("post_attention_norm"), attended));
            let fed = self.feed_forward(layer, &self.norm(&name("ffn_norm"), &x));
            x = add(&x, &self.post_norm(&name("post_ffw_norm"), fed));
        }
        let last = self.norm("output_norm", &vec![x.pop().unwrap()]);
        let output = if self.tiny.tied { "token_embd" } else { "output" };
        self.linear(output, &last)[0].iter().map(|x| *x as f32).collect()
    }

    fn post_norm(&self, name: &str, rows: Rows) -> Rows {
        if self.rules.post_norm { self.norm(name, &rows) } else { rows }
    }

    fn feed_forward(&self, layer: usize, x: &Rows) -> Rows {
        let name = |part: &str| format!("blk.{layer}.{part}");
        let activation = |x: f64| match self.rules.gelu {
            true => {
                let y = (2.0 / std::f64::consts::PI).sqrt() * (x + 0.044_715 * x.powi(3));
                0.5 * x * (1.0 + y.tanh())
            }
            false => x / (1.0 + (-x).exp()),
        };
        let up = name("ffn_up");
        if self.rules.parallel {
            let row = |up: &Vec<f64>| up.iter().map(|up| activation(*up)).collect();
            return self.linear(&name("ffn_down"), &self.linear(&up, x).iter().map(row).collect());
        }
        let parts = self.split(&up, &[&name("ffn_gate"), &up], &[self.tiny.ffn_width; 2], x);
        let row = |(gate, up): (&Vec<f64>, &Vec<f64>)| {
            gate.iter().zip(up).map(|(gate, up)| activation(*gate) * up).collect()
        };
        self.linear(&name("ffn_down"), &parts[0].iter().zip(&parts[1]).map(row).collect())
    }

    fn attention(&self, layer: usize, x: &Rows) -> Rows {
        let name = |part: &str| format!("blk.{layer}.{part}");
        let head_dim = self.tiny.head_dim();
        let kv_width = self.tiny.n_kv_heads * head_dim;
        let widths = [self.tiny.n_heads * head_dim, kv_width, kv_width];
        let names = ["attn_q", "attn_k", "attn_v"].map(name);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let [mut q, mut k, mut v] =
            self.split(&name("attn_qkv"), &names, &widths, x).try_into().unwrap();
        if self.rules.qk_norm {
            q = self.norm(&name("attn_q_norm"), &q);
            k = self.norm(&name("attn_k_norm"), &k);
        }
        for rows in [&mut q, &mut k] {
            for (position, row) in rows.iter_mut().enumerate() {
                row.chunks_mut(head_dim).for_each(|head| self.rotate(layer, position, head));
            }
        }
        if self.rules.short_keys {
            let numbers = k.iter_mut().chain(&mut v).flatten();
            numbers.for_each(|x| *x = half::f16::from_f64(*x).to_f64());
        }
        let window = (self.rules.window)(layer, self.tiny.window as usize);
        let row = |position: usize| -> Vec<f64> {
            let first = (position + 1).saturating_sub(window);
            let head =
                |head: usize| self.head(head, &q[position], &k[first..=position], &v[first..]);
            (0..self.tiny.n_heads).flat_map(head).collect()
        };
        self.linear(&name("attn_output"), &(0..x.len()).map(row).collect())
    }

    fn head(&self, head: usize, q: &[f64], k: &[Vec<f64>], v: &[Vec<f64>]) -> Vec<f64> {
        let head_dim = self.tiny.head_dim();
        let kv_head = head / (self.tiny.n_heads / self.tiny.n_kv_heads);
        let part = |row: &[f64], head: usize| row[head * head_dim..][..head_dim].to_vec();
        let score =
            |k: &Vec<f64>| dot(&part(q, head), &part(k, kv_head)) / (head_dim as f64).sqrt();
        let weights: Vec<f64> = k.iter().map(|k| score(k).exp()).collect();
        let sum: f64 = weights.iter().sum();
        let mut out = vec![0.0; head_dim];
        for (weight, v) in weights.iter().zip(v) {
            out.iter_mut().zip(part(v, kv_head)).for_each(|(out, v)| *out += weight / sum * v);
        }
        out
    }

    fn rotate(&self, layer: usize, position: usize, head: &mut [f64]) {
        let Some(base) = (self.rules.base)(layer) else { return };
        let factors = self.weight("rope_freqs.weight").map(|factors| factors[0].clone());
        let half = self.tiny.rotary_dim() / 2;
        for i in 0..half {
            let (a, b) = if self.rules.neighbours { (2 * i, 2 * i + 1) } else { (i, i + half) };
            let factor = factors.as_ref().map_or(1.0, |factors| factors[i]);
            let angle = position as f64 * base.powf(-(i as f64) / half as f64) / factor;
            let (x, y) = (head[a], head[b]);
            head[a] = x * angle.cos() - y * angle.sin();
            head[b] = x * angle.sin() + y * angle.cos();
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(a: &Rows, b: &Rows) -> Rows {
    let row = |(a, b): (&Vec<f64>, &Vec<f64>)| a.iter().zip(b).map(|(a, b)| a + b).collect();
    a.iter().zip(b).map(row).collect()
}
