//! Never reached: nothing is packed where [`super::is_best_here`] says no.

use super::{Q4Tile, Q6Tile, Q8Block, TILE};

pub unsafe fn q4<const M: usize>(
    _: &[Q4Tile],
    _: &[Q4Tile],
    _: [&[Q8Block]; M],
) -> [[f32; 2 * TILE]; M] {
    unreachable!("no matrix is packed on this CPU")
}

pub unsafe fn q6<const M: usize>(
    _: &[Q6Tile],
    _: &[Q6Tile],
    _: [&[Q8Block]; M],
) -> [[f32; 2 * TILE]; M] {
    unreachable!("no matrix is packed on this CPU")
}
