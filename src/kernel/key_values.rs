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
    fn what_is_too_large_stays_finite() {
        assert_eq!(narrowed(1e9), f16::MAX);
        assert_eq!(narrowed(-1e9), f16::MIN);
        assert_eq!(narrowed(-0.1), f16::from_f32(-0.1));
    }
}
