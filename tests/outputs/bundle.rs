//! The bundle that a stranger checks a comparison with.

use super::*;

#[test]
fn a_stranger_can_check_the_bundle() {
    let copy = place().copy();
    let ran = copy.compare(&["--bundle", "a.zip"]).exits(0);
    assert!(
        ran.out.is_empty() && ran.err.starts_with("wrote a.zip ("),
        "{}",
        ran.err
    );
    copy.compare(&["--bundle", "b.zip"]).exits(0);
    let bytes = std::fs::read(copy.path().join("a.zip")).expect("a bundle");
    assert!(
        bytes == std::fs::read(copy.path().join("b.zip")).expect("another"),
        "the same bytes"
    );
    let files = unzip(&bytes);
    let sums = String::from_utf8(files["SHA256SUMS"].clone()).expect("text");
    assert_eq!(sums.lines().count(), files.len() - 1, "every other file has its digest");
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").expect("a digest and a name");
        let actual: String = Sha256::digest(&files[name])
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(sum, actual, "{name}");
    }
    for name in [
        "README.txt",
        "comparison.html",
        "comparison.json",
        "csv/looks.csv",
        "citations.ris",
        "records.warc.gz",
    ] {
        assert!(files.contains_key(name), "{name}");
    }
    // Every record of the index is in the file where it says, and is whole.
    std::fs::write(copy.path().join("records.warc.gz"), &files["records.warc.gz"]).expect("a file");
    std::fs::write(copy.path().join("records.csv"), &files["records.csv"]).expect("a file");
    let (header, rows) = table(&copy.path().join("records.csv"));
    let column = |name: &str| header.iter().position(|column| column == name).expect("a column");
    // Seven versions of six articles; four sources without one, of seventeen looks each.
    assert_eq!(rows.iter().filter(|row| row[column("what")] == "version").count(), 7);
    assert_eq!(rows.iter().filter(|row| row[column("what")] == "look").count(), 4 * 17);
    let path = copy.path().join("records.warc.gz");
    for row in &rows {
        let offset = row[column("offset")].parse().expect("an offset");
        let mut reader = vigie::archive::Reader::open_at(&path, offset).expect("a WARC file");
        let record = reader.next().expect("a record").expect("undamaged");
        assert!(record.observation().is_some(), "{row:?}");
    }
    // The file says first what it is (ISO 28500 §6.2).
    let first = vigie::archive::Reader::open_at(&path, 0).expect("a WARC file").next();
    let first = first.expect("a record").expect("undamaged");
    assert_eq!(first.kind, vigie::archive::Kind::Warcinfo);
    let said = String::from_utf8(first.block).expect("text");
    assert!(
        said.contains("software: vigie/") && said.contains("the comparison france-north-korea"),
        "{said}"
    );
    let slim = copy.compare(&["--bundle", "slim.zip", "--without-pages"]).exits(0);
    assert!(slim.err.contains("wrote slim.zip"), "{}", slim.err);
    let slim = unzip(&std::fs::read(copy.path().join("slim.zip")).expect("a bundle"));
    assert!(!slim.contains_key("records.warc.gz") && !String::from_utf8_lossy(&slim["README.txt"]).contains("warcio"));
}

fn unzip(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a ZIP");
    (0..zip.len())
        .map(|at| {
            let mut file = zip.by_index(at).expect("a file");
            let name = file.name().expect("a name").into_owned();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("its bytes");
            (name, bytes)
        })
        .collect()
}
