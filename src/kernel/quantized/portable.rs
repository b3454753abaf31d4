//! The inner loops in plain Rust: for CPUs without the instructions of the others, and the simple
//! version that those are held against. Up to the block's scale all sums are exact, and behind it
//! they are made in the same order as there, so that all kernels give the same floats.

use super::tiles::{PANEL, Q4Tile, Q6Tile, Q8Panel, ShortPanel, ShortTile, Sums, TILE};

/// The columns of the first `n` rows of a panel, each made by itself.
pub fn of_rows(n: usize, columns: impl Fn(usize) -> [f32; TILE]) -> Sums {
    let mut sums = [[0f32; TILE]; PANEL];
    sums.iter_mut().take(n).enumerate().for_each(|(row, sums)| *sums = columns(row));
    sums
}

/// Sixteen columns of a Q4_K matrix for one row of the panels.
pub fn q4(tiles: &[Q4Tile], panels: &[Q8Panel], row: usize) -> [f32; TILE] {
    let mut sums = [0f32; TILE];
    for (tile, panel) in tiles.iter().zip(panels) {
        let (mut products, mut offsets) = ([0i32; TILE], [0i32; TILE]);
        for sub in 0..8 {
            let mut dots = [0i32; TILE];
            for group in 0..4 {
                let values = &tile.values[4 * sub + group];
                let at = 8 * sub + 2 * group;
                add_products(&mut dots, values, |value| value & 15, panel.values[at][row]);
                add_products(&mut dots, values, |value| value >> 4, panel.values[at + 1][row]);
            }
            for column in 0..TILE {
                let at = 2 * column + sub % 2;
                products[column] += dots[column] * i32::from(tile.scales[sub / 2][at]);
                let sum = i32::from(panel.sums_32[sub / 2][row][sub % 2]);
                offsets[column] += sum * i32::from(tile.mins[sub / 2][at]);
            }
        }
        for column in 0..TILE {
            let (scale, min) = (tile.scale[column].to_f32(), tile.min[column].to_f32());
            let product = scale * products[column] as f32;
            let value = (-min).mul_add(offsets[column] as f32, product);
            sums[column] = panel.scale[row].mul_add(value, sums[column]);
        }
    }
    sums
}

/// Sixteen columns of a Q6_K matrix for one row of the panels.
pub fn q6(tiles: &[Q6Tile], panels: &[Q8Panel], row: usize) -> [f32; TILE] {
    let mut sums = [0f32; TILE];
    for (tile, panel) in tiles.iter().zip(panels) {
        let mut products = [0i32; TILE];
        for sub in 0..16 {
            let mut dots = [-32 * i32::from(panel.sums_16[sub / 2][row][sub % 2]); TILE];
            for group in 0..4 {
                let at = 4 * sub + group;
                add_products(&mut dots, &tile.values(at), |value| value, panel.values[at][row]);
            }
            for column in 0..TILE {
                let scale = tile.scales[sub / 2][2 * column + sub % 2];
                products[column] += dots[column] * i32::from(scale);
            }
        }
        for column in 0..TILE {
            let value = tile.scale[column] * products[column] as f32;
            sums[column] = panel.scale[row].mul_add(value, sums[column]);
        }
    }
    sums
}

/// Sixteen columns of a Q5_0 or Q8_0 matrix for one row of the panels.
pub fn short<const BIAS: u8>(
    tiles: &[ShortTile<BIAS>],
    panels: &[ShortPanel],
    row: usize,
) -> [f32; TILE] {
    let mut sums = [0f32; TILE];
    for (tile, panel) in tiles.iter().zip(panels) {
        let [first, second] = panel.sums[row].map(i32::from);
        let mut dots = [-i32::from(BIAS) * (first + second); TILE];
        for (values, a) in tile.values.iter().zip(&panel.values) {
            add_products(&mut dots, values, |value| value, a[row]);
        }
        for column in 0..TILE {
            let value = tile.scale[column] * dots[column] as f32;
            sums[column] = panel.scale[row].mul_add(value, sums[column]);
        }
    }
    sums
}

/// Adds four products to each of sixteen columns.
#[inline(always)]
fn add_products(dots: &mut [i32; TILE], values: &[u8; 64], part: impl Fn(u8) -> u8, a: [i8; 4]) {
    for (dot, values) in dots.iter_mut().zip(values.as_chunks::<4>().0) {
        for (value, a) in values.iter().zip(a) {
            *dot += i32::from(part(*value)) * i32::from(a);
        }
    }
}
