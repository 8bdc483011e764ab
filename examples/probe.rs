use contactable::email::*;
use std::io::Read;
fn main() {
    let mut s = String::new();
    std::io::stdin().read_to_string(&mut s).unwrap();
    let t0 = std::time::Instant::now();
    let tables = Tables::builtin();
    let start = t0.elapsed();
    let mut sc = Scratch::new();
    for line in s.lines() {
        let v: serde_json::Value = serde_json::from_str(line).unwrap();
        let mut one = |a: &str| {
            let c = check(a, &tables, &mut sc);
            serde_json::json!({"in": a, "v": c.verdict.word(), "r": c.reasons.iter().map(|r| r.id().to_string()).collect::<Vec<_>>(), "at": c.at, "addr": c.address, "key": c.key, "exact": c.exact, "fold": c.fold, "s": c.suggestion, "sure": c.facts.typo_sure, "dom": c.domain})
        };
        if let Some(cell) = v.get("cell") {
            let mut out = vec![];
            split_cell(cell.as_str().unwrap(), |p| out.push(one(p)));
            println!("{}", serde_json::json!(out));
        } else {
            println!("{}", one(v["address"].as_str().unwrap()));
        }
    }
    eprintln!("start-up {start:?}");
}
