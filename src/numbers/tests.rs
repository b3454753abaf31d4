use super::*;

fn values(text: &str, language: &str) -> Vec<f64> {
    find(text, language, &[]).into_iter().map(|q| q.value).collect()
}

#[test]
fn french_figures() {
    assert_eq!(
        values("1.400 km, 1 400 hommes, 12,5 % et 2026", "fr"),
        [1400.0, 1400.0, 12.5, 2026.0]
    );
    assert_eq!(values("3,5 milliards d'euros", "fr"), [3.5e9]);
}
