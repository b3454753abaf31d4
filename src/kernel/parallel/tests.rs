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
        let made = made_in_chunks(len, n, usize::MAX, |idx, chunk| {
            for (offset, item) in chunk.iter_mut().enumerate().skip(1) {
                assert_eq!(*item, usize::MAX);
                *item = idx * 1000 + offset;
            }
        });
        let as_found = |at: usize| if at.is_multiple_of(n) { usize::MAX } else { found[at] };
        let expected: Vec<usize> = (0..len).map(as_found).collect();
        prop_assert_eq!(made, expected);
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

#[test]
#[should_panic(expected = "chunks of some items")]
fn chunks_of_nothing_are_refused() {
    made_in_chunks(3, 0, 0, |_, _| {});
}
