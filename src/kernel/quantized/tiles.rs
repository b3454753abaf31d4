//! Weights and activations as the kernels read them: sixteen rows of a matrix lie side by side.

use half::f16;

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
    pub scale: [f16; TILE],
    pub min: [f16; TILE],
}

/// One block of sixteen rows of a Q6_K matrix.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct Q6Tile {
    /// The four low bits of the values, which have 32 too much, as in [`Q4Tile`].
    pub low: [[u8; 64]; 32],
    /// The two high bits, `[k / 16][row][k % 4]`: those of the value at `k % 16 < 4` lowest, above
    /// them those of the values four, eight and twelve further.
    pub high: [[u8; 64]; 16],
    /// `[sub-block / 2][row][sub-block % 2]`.
    pub scales: [[i8; 32]; 8],
    pub scale: [f32; TILE],
}

/// Values in a block of the formats without sub-blocks.
pub const SHORT_BLOCK: usize = 32;

/// One block of sixteen rows of a matrix whose values have no sign once `BIAS` is added.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct ShortTile<const BIAS: u8> {
    /// `[k / 4][row][k % 4]`, `BIAS` too much.
    pub values: [[u8; 64]; SHORT_BLOCK / 4],
    pub scale: [f32; TILE],
}

/// Of a Q5_0 matrix.
pub type Q5Tile = ShortTile<16>;
/// Of a Q8_0 matrix.
pub type Q8Tile = ShortTile<128>;

/// One block of 256 of sixteen rows of a matrix, with one scale a row.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct ByteTile {
    /// `[k / 4][row][k % 4]`, 128 too much.
    pub values: [[u8; 64]; BLOCK / 4],
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

/// As [`Q8Panel`], for weights with one scale a block.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct BytePanel {
    /// `[k / 4][row][k % 4]`.
    pub values: [[[i8; 4]; PANEL]; BLOCK / 4],
    /// What takes off the 128 that every weight has too much.
    pub too_much: [i32; PANEL],
    pub scale: [f32; PANEL],
}

/// As [`Q8Panel`], for the formats with short blocks.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct ShortPanel {
    /// `[k / 4][row][k % 4]`.
    pub values: [[[i8; 4]; PANEL]; SHORT_BLOCK / 4],
    /// The sum of the values at `k % 4 < 2`, and that of the others.
    pub sums: [[i16; 2]; PANEL],
    pub scale: [f32; PANEL],
}

impl Default for Q4Tile {
    fn default() -> Self {
        Self {
            values: [[0; 64]; 32],
            scales: [[0; 32]; 4],
            mins: [[0; 32]; 4],
            scale: [f16::ZERO; TILE],
            min: [f16::ZERO; TILE],
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
        Self { low: [[0; 64]; 32], high: [[0; 64]; 16], scales: [[0; 32]; 8], scale: [0.0; TILE] }
    }
}

impl Q6Tile {
    /// From the blocks of sixteen rows.
    pub fn pack(rows: [&[u8]; TILE]) -> Self {
        let mut tile = Self::default();
        for (row, block) in rows.into_iter().enumerate() {
            tile.scale[row] = half_at(block, 208).to_f32();
            for sub in 0..16 {
                tile.scales[sub / 2][2 * row + sub % 2] = block[192 + sub] as i8;
            }
            for eighth in 0..8 {
                let values = six_bits(block, eighth);
                for (group, values) in values.as_chunks::<4>().0.iter().enumerate() {
                    tile.write(8 * eighth + group, row, *values);
                }
            }
        }
        tile
    }

    fn write(&mut self, group: usize, row: usize, values: [u8; 4]) {
        let low = &mut self.low[group / 2][4 * row..][..4];
        let high = &mut self.high[group / 4][4 * row..][..4];
        for (k, value) in values.into_iter().enumerate() {
            low[k] |= (value & 15) << (group % 2 * 4);
            high[k] |= (value >> 4) << (group % 4 * 2);
        }
    }

    /// The values at `k / 4`.
    pub fn values(&self, group: usize) -> [u8; 64] {
        let (low, high) = (&self.low[group / 2], &self.high[group / 4]);
        let (low_shift, high_shift) = (group % 2 * 4, group % 4 * 2);
        std::array::from_fn(|i| joined(low[i] >> low_shift, high[i] >> high_shift))
    }
}

/// Four low bits and two high ones; what lies above them does not count.
fn joined(low: u8, high: u8) -> u8 {
    low & 15 | (high & 3) << 4
}

/// 32 values of Q6_K: their four low bits lie in the first 128 bytes, the two high ones in the next
/// 64.
fn six_bits(block: &[u8], eighth: usize) -> [u8; 32] {
    let (half, quarter) = (eighth / 4, eighth % 4);
    let low = &block[64 * half + 32 * (quarter % 2)..][..32];
    let high = &block[128 + 32 * half..][..32];
    let (low_shift, high_shift) = (quarter / 2 * 4, quarter * 2);
    std::array::from_fn(|j| joined(low[j] >> low_shift, high[j] >> high_shift))
}

impl<const BIAS: u8> Default for ShortTile<BIAS> {
    fn default() -> Self {
        Self { values: [[BIAS; 64]; SHORT_BLOCK / 4], scale: [0.0; TILE] }
    }
}

impl<const BIAS: u8> ShortTile<BIAS> {
    /// From the scale and the biased values of sixteen rows.
    fn of(rows: [(f32, [u8; SHORT_BLOCK]); TILE]) -> Self {
        let mut tile = Self::default();
        for (row, (scale, values)) in rows.into_iter().enumerate() {
            tile.scale[row] = scale;
            for (group, values) in values.as_chunks::<4>().0.iter().enumerate() {
                tile.values[group][4 * row..4 * row + 4].copy_from_slice(values);
            }
        }
        tile
    }
}

impl Default for ByteTile {
    fn default() -> Self {
        Self { values: [[128; 64]; BLOCK / 4], scale: [0.0; TILE] }
    }
}

impl ByteTile {
    /// Rounds the floats of sixteen rows.
    pub fn pack(rows: [&[f32]; TILE]) -> Self {
        let mut tile = Self::default();
        for (row, floats) in rows.into_iter().enumerate() {
            let (scale, values) = quantized::<BLOCK>(floats);
            tile.scale[row] = scale;
            for (group, values) in values.as_chunks::<4>().0.iter().enumerate() {
                tile.values[group][4 * row..4 * row + 4]
                    .copy_from_slice(&values.map(|v| v as u8 ^ 128));
            }
        }
        tile
    }
}

impl Q5Tile {
    /// From the blocks of sixteen rows.
    pub fn pack(rows: [&[u8]; TILE]) -> Self {
        Self::of(rows.map(|block| (half_at(block, 0).to_f32(), five_bits(block))))
    }
}

impl Q8Tile {
    /// From the blocks of sixteen rows.
    pub fn pack(rows: [&[u8]; TILE]) -> Self {
        let biased = |block: &[u8]| std::array::from_fn(|k| block[2 + k] ^ 128);
        Self::of(rows.map(|block| (half_at(block, 0).to_f32(), biased(block))))
    }
}

/// 32 values of Q5_0: their high bits lie in four bytes, their four low ones in the next sixteen.
fn five_bits(block: &[u8]) -> [u8; SHORT_BLOCK] {
    std::array::from_fn(|k| {
        let low = block[6 + k % 16] >> (k / 16 * 4) & 15;
        let high = block[2 + k / 8] >> (k % 8) & 1;
        low | high << 4
    })
}

fn half_at(block: &[u8], at: usize) -> f16 {
    f16::from_le_bytes([block[at], block[at + 1]])
}

/// Rows of activations in blocks, as the tiles of some formats want them.
pub trait Panel: Copy + Send + Sync {
    /// Values of a row in a block.
    const BLOCK: usize;
    const ZERO: Self;

    /// Quantizes the floats of one row's block.
    fn quantize(&mut self, row: usize, x: &[f32]);
}

impl Panel for Q8Panel {
    const BLOCK: usize = BLOCK;
    const ZERO: Self = Self {
        values: [[[0; 4]; PANEL]; BLOCK / 4],
        sums_32: [[[0; 2]; PANEL]; 4],
        sums_16: [[[0; 2]; PANEL]; 8],
        scale: [0.0; PANEL],
    };

    fn quantize(&mut self, row: usize, x: &[f32]) {
        let (scale, values) = quantized::<BLOCK>(x);
        self.scale[row] = scale;
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

impl Panel for BytePanel {
    const BLOCK: usize = BLOCK;
    const ZERO: Self =
        Self { values: [[[0; 4]; PANEL]; BLOCK / 4], too_much: [0; PANEL], scale: [0.0; PANEL] };

    fn quantize(&mut self, row: usize, x: &[f32]) {
        let (scale, values) = quantized::<BLOCK>(x);
        self.scale[row] = scale;
        for (group, values) in self.values.iter_mut().zip(values.as_chunks::<4>().0) {
            group[row] = *values;
        }
        self.too_much[row] = -128 * values.iter().map(|&v| i32::from(v)).sum::<i32>();
    }
}

impl Panel for ShortPanel {
    const BLOCK: usize = SHORT_BLOCK;
    const ZERO: Self = Self {
        values: [[[0; 4]; PANEL]; SHORT_BLOCK / 4],
        sums: [[0; 2]; PANEL],
        scale: [0.0; PANEL],
    };

    fn quantize(&mut self, row: usize, x: &[f32]) {
        let (scale, values) = quantized::<SHORT_BLOCK>(x);
        self.scale[row] = scale;
        self.sums[row] = [0; 2];
        for (group, values) in self.values.iter_mut().zip(values.as_chunks::<4>().0) {
            group[row] = *values;
            let [a, b, c, d] = values.map(i16::from);
            self.sums[row][0] += a + b;
            self.sums[row][1] += c + d;
        }
    }
}

/// Floats as bytes from -127 to 127, with their scale. Floats too small for a scale become zeros.
fn quantized<const N: usize>(x: &[f32]) -> (f32, [i8; N]) {
    let mut largest = [0f32; 16];
    for chunk in x.as_chunks::<16>().0 {
        for (largest, x) in largest.iter_mut().zip(chunk) {
            *largest = largest.max(x.abs());
        }
    }
    let largest = largest.iter().copied().fold(0.0, f32::max);
    let inverse = 127.0 / largest;
    let inverse = if inverse.is_finite() { inverse } else { 0.0 };
    // Beside this number floats have no room for a fraction, and their last bits are those of the integer.
    // Where there is no instruction that rounds, the function for it is a slow call.
    const NO_FRACTION: f32 = (3 << 22) as f32;
    let mut values = [0i8; N];
    for (value, x) in values.iter_mut().zip(x) {
        *value = (x * inverse + NO_FRACTION).to_bits() as i8;
    }
    (largest / 127.0, values)
}
