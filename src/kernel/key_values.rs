//! The keys and values of one layer of a sequence, laid out as attention reads them.
//!
//! Positions come in panels of sixteen. In a panel the keys of all positions lie side by side for
//! each number of the head, so that one query meets sixteen keys at once; the values lie row by
//! row. Each key head has its part to itself: what one unit of work reads is in one piece.
//!
//! Sequences with a common beginning share its panels (as the blocks of Kwon et al. 2023,
//! <https://arxiv.org/abs/2309.06180>); one that goes on from the middle of a panel gets a copy of it.

use std::collections::TryReserveError;
use std::sync::Arc;

use super::attention::Heads;

/// Positions in a panel; also the floats that are computed side by side.
pub const PANEL: usize = 16;

/// Keys and values of the positions so far.
#[derive(Debug, Clone)]
pub struct KeyValues {
    heads: Heads,
    n_tokens: usize,
    panels: Vec<Arc<Panel>>,
    /// Room for the panels to come.
    spare: Vec<Panel>,
}

/// Sixteen positions of all heads.
#[derive(Debug, Clone)]
struct Panel {
    /// `[n_kv_heads, head_dim, PANEL]`
    keys: Vec<f32>,
    /// `[n_kv_heads, PANEL, padded_dim]`
    values: Vec<f32>,
}

impl KeyValues {
    /// Nothing yet, with room for `capacity` positions.
    ///
    /// # Errors
    /// When the memory is not to be had.
    pub fn with_capacity(heads: Heads, capacity: usize) -> Result<Self, TryReserveError> {
        let nothing = Self { heads, n_tokens: 0, panels: Vec::new(), spare: Vec::new() };
        nothing.fork(capacity)
    }

    /// The same keys and values, shared, with room for `capacity` positions.
    ///
    /// # Errors
    /// When the memory is not to be had.
    pub fn fork(&self, capacity: usize) -> Result<Self, TryReserveError> {
        let n_panels = capacity.div_ceil(PANEL).saturating_sub(self.panels.len());
        let mut spare = Vec::new();
        spare.try_reserve_exact(n_panels)?;
        for _ in 0..n_panels {
            spare.push(Panel::reserve(self.heads)?);
        }
        let Self { heads, n_tokens, .. } = *self;
        Ok(Self { heads, n_tokens, panels: self.panels.clone(), spare })
    }

    /// Positions that are here.
    pub fn n_tokens(&self) -> usize {
        self.n_tokens
    }

    /// Appends the keys and values of the next positions, each `[n, n_kv_heads, head_dim]`.
    pub fn append(&mut self, keys: &[f32], values: &[f32]) {
        let width = self.heads.kv_width();
        for (keys, values) in keys.chunks_exact(width).zip(values.chunks_exact(width)) {
            let lane = self.n_tokens % PANEL;
            if lane == 0 {
                let mut panel = self.spare.pop().unwrap_or_else(Panel::empty);
                panel.open(self.heads);
                self.panels.push(Arc::new(panel));
            }
            if let Some(panel) = self.panels.last_mut() {
                Arc::make_mut(panel).write(self.heads, lane, keys, values);
            }
            self.n_tokens += 1;
        }
    }

    /// The keys of one head, panel by panel: `[head_dim, PANEL]` each.
    pub(super) fn key_panels(&self, kv_head: usize) -> impl Iterator<Item = &[[f32; PANEL]]> {
        let len = self.heads.key_panel_len();
        let at = kv_head * len..(kv_head + 1) * len;
        self.panels.iter().map(move |panel| panel.keys[at.clone()].as_chunks().0)
    }

    /// The values of one head, panel by panel: `[PANEL, padded_dim]` each.
    pub(super) fn value_panels(&self, kv_head: usize) -> impl Iterator<Item = &[f32]> {
        let len = self.heads.value_panel_len();
        let at = kv_head * len..(kv_head + 1) * len;
        self.panels.iter().map(move |panel| &panel.values[at.clone()])
    }
}

impl Panel {
    fn empty() -> Self {
        Self { keys: Vec::new(), values: Vec::new() }
    }

    fn reserve(heads: Heads) -> Result<Self, TryReserveError> {
        let mut panel = Self::empty();
        panel.keys.try_reserve_exact(heads.n_kv_heads * heads.key_panel_len())?;
        panel.values.try_reserve_exact(heads.n_kv_heads * heads.value_panel_len())?;
        Ok(panel)
    }

    /// Fills the panel with zeros.
    fn open(&mut self, heads: Heads) {
        self.keys.resize(heads.n_kv_heads * heads.key_panel_len(), 0.0);
        self.values.resize(heads.n_kv_heads * heads.value_panel_len(), 0.0);
    }

    fn write(&mut self, heads: Heads, lane: usize, keys: &[f32], values: &[f32]) {
        for head in 0..heads.n_kv_heads {
            let of_head = head * heads.head_dim..(head + 1) * heads.head_dim;
            let to = &mut self.keys[head * heads.key_panel_len()..];
            for (to, from) in to.chunks_exact_mut(PANEL).zip(&keys[of_head.clone()]) {
                to[lane] = *from;
            }
            let at = head * heads.value_panel_len() + lane * heads.padded_dim();
            self.values[at..at + heads.head_dim].copy_from_slice(&values[of_head]);
        }
    }
}

impl Heads {
    fn key_panel_len(&self) -> usize {
        self.head_dim * PANEL
    }

    fn value_panel_len(&self) -> usize {
        PANEL * self.padded_dim()
    }

    /// Floats that a head takes where it must be a whole number of registers.
    pub(super) fn padded_dim(&self) -> usize {
        self.head_dim.next_multiple_of(PANEL)
    }
}
