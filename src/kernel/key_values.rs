//! The keys and values of one layer of a sequence, laid out as attention reads them.
//!
//! Positions come in panels of sixteen. In a panel the keys of all positions lie side by side for
//! each number of the head, so that one query meets sixteen keys at once; the values lie row by
//! row. Each key head has its panel to itself: what one unit of work reads is in one piece.
//!
//! They are kept in 16 bits: behind a long prompt, reading them is what the writing of an answer
//! waits for, next to the weights.

use std::collections::TryReserveError;

use half::f16;

use super::attention::Heads;

/// Positions in a panel; also the numbers that are computed side by side.
pub const PANEL: usize = 16;

/// Keys and values of the positions so far.
#[derive(Debug, Clone)]
pub struct KeyValues {
    heads: Heads,
    n_tokens: usize,
    /// `[n_panels, n_kv_heads, head_dim, PANEL]`
    keys: Vec<f16>,
    /// `[n_panels, n_kv_heads, PANEL, padded_dim]`
    values: Vec<f16>,
}

impl KeyValues {
    /// Nothing yet, with room for `capacity` positions.
    ///
    /// # Errors
    /// When the memory is not to be had.
    pub fn with_capacity(heads: Heads, capacity: usize) -> Result<Self, TryReserveError> {
        let n_panels = capacity.div_ceil(PANEL);
        let room = |panel_len: usize| {
            let mut numbers = Vec::new();
            numbers.try_reserve_exact(n_panels * panel_len).map(|()| numbers)
        };
        let keys = room(heads.n_kv_heads * heads.key_panel_len())?;
        let values = room(heads.n_kv_heads * heads.value_panel_len())?;
        Ok(Self { heads, n_tokens: 0, keys, values })
    }

    /// The keys and values of the first `n_tokens` positions, with room for `capacity`.
    ///
    /// # Errors
    /// When the memory is not to be had.
    ///
    /// # Panics
    /// When there are not so many positions.
    pub fn beginning(&self, n_tokens: usize, capacity: usize) -> Result<Self, TryReserveError> {
        assert!(n_tokens <= self.n_tokens, "there are {} positions", self.n_tokens);
        let mut copy = Self::with_capacity(self.heads, capacity.max(n_tokens))?;
        let n_panels = n_tokens.div_ceil(PANEL) * self.heads.n_kv_heads;
        // The last panel may have later positions in it; nobody sees them, and they are
        // overwritten.
        copy.keys.extend_from_slice(&self.keys[..n_panels * self.heads.key_panel_len()]);
        copy.values.extend_from_slice(&self.values[..n_panels * self.heads.value_panel_len()]);
        copy.n_tokens = n_tokens;
        Ok(copy)
    }

    /// Positions that are here.
    pub fn n_tokens(&self) -> usize {
        self.n_tokens
    }

    /// Appends the keys and values of the next positions, each `[n, n_kv_heads, head_dim]`.
    pub fn append(&mut self, keys: &[f32], values: &[f32]) {
        let width = self.heads.kv_width();
        for (keys, values) in keys.chunks_exact(width).zip(values.chunks_exact(width)) {
            if self.n_tokens.is_multiple_of(PANEL) {
                self.open_panel();
            }
            self.write(keys, values);
            self.n_tokens += 1;
        }
    }

    /// Forgets all positions behind the first `n_tokens`.
    pub fn truncate(&mut self, n_tokens: usize) {
        // As in `beginning`, the last panel may keep later positions.
        let n_panels = n_tokens.div_ceil(PANEL) * self.heads.n_kv_heads;
        self.keys.truncate(n_panels * self.heads.key_panel_len());
        self.values.truncate(n_panels * self.heads.value_panel_len());
        self.n_tokens = self.n_tokens.min(n_tokens);
    }

    fn open_panel(&mut self) {
        let more = self.heads.n_kv_heads * self.heads.key_panel_len();
        self.keys.resize(self.keys.len() + more, f16::ZERO);
        let more = self.heads.n_kv_heads * self.heads.value_panel_len();
        self.values.resize(self.values.len() + more, f16::ZERO);
    }

    fn write(&mut self, keys: &[f32], values: &[f32]) {
        let Heads { n_kv_heads, head_dim, .. } = self.heads;
        let (panel, lane) = (self.n_tokens / PANEL, self.n_tokens % PANEL);
        for head in 0..n_kv_heads {
            let (key, value) = (head * head_dim, head * head_dim + head_dim);
            let panel = panel * n_kv_heads + head;
            let to = &mut self.keys[panel * self.heads.key_panel_len()..];
            for (to, from) in to.chunks_exact_mut(PANEL).zip(&keys[key..value]) {
                to[lane] = narrowed(*from);
            }
            let at = panel * self.heads.value_panel_len() + lane * self.heads.padded_dim();
            let to = &mut self.values[at..at + head_dim];
            to.iter_mut().zip(&values[key..value]).for_each(|(to, from)| *to = narrowed(*from));
        }
    }

    /// The keys of one head, panel by panel: `[head_dim, PANEL]` each.
    pub(super) fn key_panels(&self, kv_head: usize) -> impl Iterator<Item = &[[f16; PANEL]]> {
        let panels = self.keys.chunks_exact(self.heads.key_panel_len());
        panels.skip(kv_head).step_by(self.heads.n_kv_heads).map(|panel| panel.as_chunks().0)
    }

    /// The values of one head, panel by panel: `[PANEL, padded_dim]` each.
    pub(super) fn value_panels(&self, kv_head: usize) -> impl Iterator<Item = &[f16]> {
        let panels = self.values.chunks_exact(self.heads.value_panel_len());
        panels.skip(kv_head).step_by(self.heads.n_kv_heads)
    }
}

/// The nearest 16-bit float; the largest one for what is beyond it, because an infinite key would
/// leave nothing of the others.
fn narrowed(x: f32) -> f16 {
    f16::from_f32(x.clamp(f16::MIN.to_f32(), f16::MAX.to_f32()))
}

impl Heads {
    fn key_panel_len(&self) -> usize {
        self.head_dim * PANEL
    }

    fn value_panel_len(&self) -> usize {
        PANEL * self.padded_dim()
    }

    /// Numbers that a head takes where it must be a whole number of registers.
    pub(super) fn padded_dim(&self) -> usize {
        self.head_dim.next_multiple_of(PANEL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_to_the_nearest_and_stay_finite() {
        let cases: [(f32, u16); 7] = [
            (1.0, 0x3C00),
            // Halfway between two numbers, and to the one whose last bit is not set.
            (1.0 + 1.0 / 2048.0, 0x3C00),
            (1.0 + 3.0 / 2048.0, 0x3C02),
            (-0.1, 0xAE66),
            (65_519.9, 0x7BFF),
            (1e9, 0x7BFF),
            (f32::NEG_INFINITY, 0xFBFF),
        ];
        for (x, bits) in cases {
            assert_eq!(narrowed(x).to_bits(), bits, "{x}");
        }
    }

    #[test]
    fn what_is_forgotten_leaves_no_trace() {
        let heads = Heads { n_heads: 2, n_kv_heads: 2, head_dim: 3 };
        let rows: Vec<f32> = (0..40 * 6).map(|i| i as f32).collect();
        let of = |n: usize| {
            let mut key_values = KeyValues::with_capacity(heads, 40).unwrap();
            key_values.append(&rows[..n * 6], &rows[..n * 6]);
            key_values
        };
        for (n, n_left) in [(20, 17), (20, 16), (20, 15), (33, 16), (33, 1), (33, 0), (20, 20)] {
            let mut key_values = of(n);
            key_values.truncate(n_left);
            assert_eq!(key_values.n_tokens(), n_left);
            key_values.append(&rows[n_left * 6..], &rows[n_left * 6..]);
            let (all, whole) = (key_values, of(40));
            assert_eq!((all.keys, all.values), (whole.keys, whole.values), "{n} {n_left}");
        }
    }

    #[test]
    fn keys_and_values_lie_where_they_are_read() {
        let heads = Heads { n_heads: 2, n_kv_heads: 2, head_dim: 3 };
        let mut key_values = KeyValues::with_capacity(heads, 20).unwrap();
        let rows: Vec<f32> = (0..20 * 6).map(|i| i as f32).collect();
        let negative: Vec<f32> = rows.iter().map(|x| -x).collect();
        key_values.append(&rows, &negative);
        for (position, head, d) in [(0, 0, 0), (15, 1, 2), (16, 0, 1), (19, 1, 0)] {
            let expected = (position * 6 + head * 3 + d) as f32;
            let (panel, lane) = (position / PANEL, position % PANEL);
            let keys = key_values.key_panels(head).nth(panel).unwrap();
            assert_eq!(keys[d][lane].to_f32(), expected);
            let values = key_values.value_panels(head).nth(panel).unwrap();
            assert_eq!(values[lane * heads.padded_dim() + d].to_f32(), -expected);
        }
    }
}
