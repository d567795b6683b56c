use super::*;
use crate::encode::Encoder;

fn encoder() -> Arc<OnBoard> {
    OnBoard::shared().unwrap()
}

/// Another hash is another encoder: what a store has of vectors would be compared with what it is none of.
#[test]
fn its_name_has_the_hash_of_its_data() {
    let data = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/data/reference/encoder.zst")).unwrap();
    let (_, hash) = NAME.split_once('@').unwrap();
    assert_eq!(format!("{:016x}", xxhash_rust::xxh3::xxh3_64(&data)), hash);
}

/// Pieces by their spelling, which only these tests need.
fn spelt(text: &str) -> String {
    String::from_utf8(encoder().normaliser.normalise(text)).unwrap()
}

#[test]
fn spelling_as_the_vocabulary_has_it() {
    for (text, expected) in [
        ("Le bac", "▁Le▁bac"),
        ("  two \t spaces\u{a0}\u{3000}\n", "▁two▁spaces"),
        ("ＡＢＣ １２３", "▁ABC▁123"),
        ("ﬁn de l’eﬀort", "▁fin▁de▁l’effort"),
        ("de\u{301}ja\u{300}", "▁déjà"),
        ("①㈱", "▁1(株)"),
        ("", ""),
    ] {
        assert_eq!(spelt(text), expected, "{text:?}");
    }
}

#[test]
fn every_text_begins_and_ends_and_unknown_characters_are_one_piece_each() {
    let encoder = encoder();
    assert_eq!(encoder.pieces_of(""), [1, 0, 2]);
    assert_eq!(encoder.pieces_of("</s>").iter().filter(|&&piece| piece == 2).count(), 1);
    let unknown = encoder.pieces_of("𒀀𒀀");
    assert_eq!(unknown.iter().filter(|&&piece| piece == 0).count(), 2, "{unknown:?}");
}

#[test]
fn a_megabyte_is_read_and_no_more() {
    let text = "é".repeat(LONGEST_TEXT);
    let short = &text[..LONGEST_TEXT];
    assert_eq!(encoder().pieces_of(&text), encoder().pieces_of(short));
}

/// A cut that lost a neighbour would change the numbers of the pieces beside it.
#[test]
fn stretches_of_a_long_text_add_up_to_the_whole() {
    let encoder = encoder();
    let text = "Le bac de nuit reprendra ses traversées jeudi, a annoncé la mairie. ".repeat(140);
    let ids = encoder.pieces_of(&text);
    assert!(ids.len() > 2 * BATCH, "{}", ids.len());
    let whole = encoder.sums(&[Stretch::whole(&ids)]);
    let mut parts = vec![0.0; forward::WIDTH];
    for (start, end) in [(0, 3), (3, 700), (700, 701), (701, ids.len())] {
        let stretch = Stretch::within(&ids, start, end);
        for (sum, part) in parts.iter_mut().zip(encoder.sums(&[stretch])) {
            *sum += part;
        }
    }
    for (whole, parts) in whole.iter().zip(&parts) {
        assert!((whole - parts).abs() < 0.05 + whole.abs() * 1e-4, "{whole} {parts}");
    }
    let (mut once, mut cut) = (Vec::new(), Vec::new());
    encoder.encode(std::slice::from_ref(&ids), &mut once);
    encoder.encode_long(&ids, &mut cut);
    let cosine: f32 = once[0].iter().zip(&cut[0]).map(|(a, b)| a * b).sum();
    assert!(cosine > 0.999_99, "{cosine}");
}

#[test]
fn the_whole_table_unpacks() {
    let encoder = encoder();
    let mut row = [0.0; DIM];
    for piece in (0..encoder.pieces.len() as u32).step_by(16) {
        encoder.table.row(piece, &mut row);
        assert!(row.iter().all(|value| value.is_finite()));
    }
}

#[test]
fn languages_that_it_was_trained_on() {
    for (lang, known) in [
        ("fr", true),
        ("zh-Hant", true),
        ("pt-BR", true),
        ("no", false),
        ("fro", false),
        ("und", false),
    ] {
        assert_eq!(Encoder::OnBoard(encoder()).knows(lang), known, "{lang}");
    }
}
