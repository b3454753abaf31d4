//! Weights and activations as the kernels read them: sixteen rows of a matrix lie side by side.

/// Values in a block of the k-quants.
pub const BLOCK: usize = 256;
/// Rows of the matrix in a tile: one register of sixteen 32-bit lanes, or two of eight.
pub const TILE: usize = 16;

/// One block of sixteen rows of a Q4_K matrix.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct Q4Tile {
    /// `[k / 8][row][k % 4]`: the low half of a byte is the value at `k % 8 < 4`, the high half
    /// the one four further.
    pub values: [[u8; 64]; 32],
    /// `[sub-block / 2][row][sub-block % 2]`, 6 bits.
    pub scales: [[u8; 32]; 4],
    /// As `scales`.
    pub mins: [[u8; 32]; 4],
    pub scale: [f32; TILE],
    pub min: [f32; TILE],
}

/// One block of sixteen rows of a Q6_K matrix.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct Q6Tile {
    /// `[k / 4][row][k % 4]`: 6 bits, 32 too much.
    pub values: [[u8; 64]; 64],
    /// `[sub-block / 2][row][sub-block % 2]`.
    pub scales: [[i8; 32]; 8],
    pub scale: [f32; TILE],
}

/// Rows of activations that lie side by side.
pub const PANEL: usize = 8;

/// Sixteen columns of the result for each row of a panel.
pub type Sums = [[f32; TILE]; PANEL];

/// A block of eight rows of activations.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct Q8Panel {
    /// `[k / 4][row][k % 4]`.
    pub values: [[[i8; 4]; PANEL]; BLOCK / 4],
    /// Sums of 32 values, `[sub-block / 2][row][sub-block % 2]`.
    pub sums_32: [[[i16; 2]; PANEL]; 4],
    /// Sums of 16 values, in the same way.
    pub sums_16: [[[i16; 2]; PANEL]; 8],
    pub scale: [f32; PANEL],
}

impl Default for Q4Tile {
    fn default() -> Self {
        Self {
            values: [[0; 64]; 32],
            scales: [[0; 32]; 4],
            mins: [[0; 32]; 4],
            scale: [0.0; TILE],
            min: [0.0; TILE],
        }
    }
}

impl Q4Tile {
    /// From the blocks of sixteen rows.
    pub fn pack(rows: [&[u8]; TILE]) -> Self {
        let mut tile = Self::default();
        for (row, block) in rows.into_iter().enumerate() {
            tile.scale[row] = half_at(block, 0);
            tile.min[row] = half_at(block, 2);
            for sub in 0..8 {
                let (scale, min) = scale_and_min(&block[4..16], sub);
                tile.scales[sub / 2][2 * row + sub % 2] = scale;
                tile.mins[sub / 2][2 * row + sub % 2] = min;
            }
            for sub in 0..8 {
                // 32 bytes hold one sub-block in their low halves, the next in their high ones.
                let bytes = &block[16 + sub / 2 * 32..][..32];
                let shift = sub % 2 * 4;
                for (group, bytes) in bytes.as_chunks::<8>().0.iter().enumerate() {
                    for k in 0..4 {
                        let (first, second) = (bytes[k] >> shift & 15, bytes[k + 4] >> shift & 15);
                        tile.values[4 * sub + group][4 * row + k] = first | second << 4;
                    }
                }
            }
        }
        tile
    }
}

/// The 6-bit scale and minimum of a sub-block of Q4_K.
fn scale_and_min(packed: &[u8], sub: usize) -> (u8, u8) {
    if sub < 4 {
        return (packed[sub] & 63, packed[sub + 4] & 63);
    }
    let low = packed[sub + 4];
    (low & 15 | (packed[sub - 4] >> 6) << 4, low >> 4 | (packed[sub] >> 6) << 4)
}

impl Default for Q6Tile {
    fn default() -> Self {
        Self { values: [[0; 64]; 64], scales: [[0; 32]; 8], scale: [0.0; TILE] }
    }
}

impl Q6Tile {
    /// From the blocks of sixteen rows.
    pub fn pack(rows: [&[u8]; TILE]) -> Self {
        let mut tile = Self::default();
        for (row, block) in rows.into_iter().enumerate() {
            tile.scale[row] = half_at(block, 208);
            for sub in 0..16 {
                tile.scales[sub / 2][2 * row + sub % 2] = block[192 + sub] as i8;
            }
            for eighth in 0..8 {
                let values = six_bits(block, eighth);
                for (group, values) in values.as_chunks::<4>().0.iter().enumerate() {
                    let at = &mut tile.values[8 * eighth + group];
                    at[4 * row..4 * row + 4].copy_from_slice(values);
                }
            }
        }
        tile
    }
}

/// 32 values of Q6_K: their four low bits lie in the first 128 bytes, the two high ones in the next
/// 64.
fn six_bits(block: &[u8], eighth: usize) -> [u8; 32] {
    let (half, quarter) = (eighth / 4, eighth % 4);
    let low = &block[64 * half + 32 * (quarter % 2)..][..32];
    let high = &block[128 + 32 * half..][..32];
    let (low_shift, high_shift) = (quarter / 2 * 4, quarter * 2);
    std::array::from_fn(|j| low[j] >> low_shift & 15 | (high[j] >> high_shift & 3) << 4)
}

fn half_at(block: &[u8], at: usize) -> f32 {
    half::f16::from_le_bytes([block[at], block[at + 1]]).to_f32()
}

impl Q8Panel {
    pub const ZERO: Self = Self {
        values: [[[0; 4]; PANEL]; BLOCK / 4],
        sums_32: [[[0; 2]; PANEL]; 4],
        sums_16: [[[0; 2]; PANEL]; 8],
        scale: [0.0; PANEL],
    };

    /// Quantizes 256 floats of one row.
    pub fn quantize(&mut self, row: usize, x: &[f32]) {
        let mut largest = [0f32; 16];
        for chunk in x.as_chunks::<16>().0 {
            for (largest, x) in largest.iter_mut().zip(chunk) {
                *largest = largest.max(x.abs());
            }
        }
        let largest = largest.iter().copied().fold(0.0, f32::max);
        self.scale[row] = largest / 127.0;
        let inverse = if largest > 0.0 { 127.0 / largest } else { 0.0 };
        let mut values = [0i8; BLOCK];
        for (value, x) in values.iter_mut().zip(x) {
            *value = (x * inverse).round_ties_even() as i8;
        }
        for (group, values) in self.values.iter_mut().zip(values.as_chunks::<4>().0) {
            group[row] = *values;
        }
        for (sub, values) in values.as_chunks::<16>().0.iter().enumerate() {
            let sum = values.iter().map(|&v| i16::from(v)).sum();
            self.sums_16[sub / 2][row][sub % 2] = sum;
        }
        for sub in 0..8 {
            let [first, second] = self.sums_16[sub][row];
            self.sums_32[sub / 2][row][sub % 2] = first + second;
        }
    }
}
