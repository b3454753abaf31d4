use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn every_chunk_comes_with_its_index(len in 0usize..500, n in 1usize..60) {
        let mut found = vec![usize::MAX; len];
        in_chunks(&mut found, n, |idx, chunk| {
            for (offset, item) in chunk.iter_mut().enumerate() {
                *item = idx * 1000 + offset;
            }
        });
        let expected: Vec<usize> = (0..len).map(|at| at / n * 1000 + at % n).collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
#[should_panic(expected = "part of the slice")]
fn a_part_lies_inside_the_slice() {
    let mut items = [0; 3];
    // SAFETY: nobody else has a part.
    unsafe { Parts::of(&mut items).part(2..4) };
}
