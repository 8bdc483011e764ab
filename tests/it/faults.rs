//! Faults: a run that is killed, interrupted, out of room or out of readers leaves a whole run directory or
//! none, and names nobody.

use super::run::{Scratch, files, recount, shell};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const HEADER: &str = "first_name,last_name,email,phone,country,unsubscribed\n";
/// Stands in every value of the lists: no message may hold it.
const CANARY: &str = "canary";

fn list(rows: usize) -> String {
    use std::fmt::Write as _;
    let mut text = HEADER.to_owned();
    for i in 0..rows {
        let _ = writeln!(
            text,
            "Ann{i},Lee{CANARY},{CANARY}{i}@fernhill.co.uk,+44 20 7946 {:04},GB,no",
            i % 10_000
        );
    }
    text
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_contactable"))
}

/// `clean IN --out OUT` in its own directory.
fn clean(source: &Path, out: &Path) -> Command {
    let mut command = program();
    command.arg("clean").arg(source).arg("--out").arg(out).args(["--send-date", "2026-11-21"]);
    command.stdin(Stdio::null());
    command
}

/// Fails when a message names somebody.
fn names_nobody(output: &Output) {
    for stream in [&output.stdout, &output.stderr] {
        let text = String::from_utf8_lossy(stream);
        assert!(!text.contains(CANARY), "{text}");
        assert!(!text.contains("panicked"), "{text}");
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What else stands beside the sources: run directories, partial ones, locks.
fn beside(scratch: &Scratch) -> Vec<String> {
    let entries = fs::read_dir(scratch.path("")).unwrap().flatten();
    let mut names: Vec<_> = entries.map(|e| e.file_name().into_string().unwrap()).collect();
    names.retain(|name| name.contains("run"));
    names.sort();
    names
}

/// Fails unless the manifest names every file of the directory with its true digest.
fn whole(dir: &Path) {
    let mut found = files(dir);
    let manifest: Value = serde_json::from_slice(&found.remove("manifest.json").unwrap()).unwrap();
    for output in manifest["outputs"].as_array().unwrap() {
        let bytes = found.remove(output["name"].as_str().unwrap()).unwrap();
        let digest: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(output["sha256"], digest.as_str(), "{}", output["name"]);
    }
    assert!(found.is_empty(), "{:?} are in no manifest", found.keys());
}

/// A run that must fail and leave nothing.
fn fails(scratch: &Scratch, output: &Output, says: &str) {
    assert_eq!(output.status.code(), Some(1), "{}", stderr(output));
    assert!(stderr(output).contains(says), "{}", stderr(output));
    names_nobody(output);
    assert_eq!(beside(scratch), Vec::<String>::new(), "something was left");
}

#[test]
fn killed_at_any_moment_a_run_directory_is_whole_or_absent() {
    let scratch = Scratch::new();
    let source = scratch.write(&[("in.csv", list(4_000))]).remove(0);
    let out = scratch.path("run");
    let begun = Instant::now();
    assert!(clean(&source, &out).output().unwrap().status.success());
    let usual = begun.elapsed();
    whole(&out);
    let expected = files(&out);
    fs::remove_dir_all(&out).unwrap();

    let (mut killed, mut finished) = (0, 0);
    for step in 0..24 {
        let mut child = clean(&source, &out).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(usual.mul_f64(f64::from(step) / 18.0));
        child.kill().unwrap();
        let status = child.wait().unwrap();
        if out.exists() {
            whole(&out);
            assert_eq!(files(&out), expected);
            fs::remove_dir_all(&out).unwrap();
        } else {
            assert_eq!(status.signal(), Some(9));
        }
        (killed, finished) = if status.success() { (killed, finished + 1) } else { (killed + 1, finished) };
    }
    assert!(killed > 3, "{killed} killed, {finished} finished: the delays show nothing");

    // The next run sweeps what the killed ones left.
    fs::create_dir(scratch.path(".run.partial-1")).unwrap();
    assert!(clean(&source, &out).output().unwrap().status.success());
    assert_eq!(beside(&scratch), ["run"]);
    assert_eq!(files(&out), expected);
}

#[test]
fn an_interrupted_run_ends_with_130_and_leaves_nothing() {
    let scratch = Scratch::new();
    let source = scratch.write(&[("in.csv", list(60_000))]).remove(0);
    let out = scratch.path("run");
    for signal in ["INT", "TERM", "HUP"] {
        let child = clean(&source, &out).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // The partial directory stands as soon as signals are caught.
        while beside(&scratch).is_empty() {
            sleep(Duration::from_millis(1));
        }
        let kill = Command::new("kill").arg(format!("-{signal}")).arg(child.id().to_string()).status();
        assert!(kill.unwrap().success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{signal}: {}", stderr(&output));
        assert!(stderr(&output).contains("nothing was published"));
        names_nobody(&output);
        assert_eq!(beside(&scratch), Vec::<String>::new());
    }
}

#[test]
fn no_room_for_the_files_publishes_nothing() {
    let scratch = Scratch::new();
    let source = scratch.write(&[("in.csv", list(2_000))]).remove(0);
    let out = scratch.path("run");
    for blocks in [1, 64, 512] {
        let output = shell(&format!("ulimit -f {blocks};"), &clean(&source, &out), "");
        fails(&scratch, &output, "nothing was published");
    }
}

#[test]
fn a_reader_that_goes_away_or_is_full_costs_no_file() {
    let scratch = Scratch::new();
    let source = scratch.write(&[("in.csv", list(200))]).remove(0);
    let out = scratch.path("run");
    let mut gate = clean(&source, &out);
    gate.args(["--fail-on", "consent-never-asked=1"]);
    let mut json = clean(&source, &out);
    json.arg("--json");
    let gone = "| true; exit ${PIPESTATUS[0]}";
    for (command, after, code) in [
        (&clean(&source, &out), gone, 0),
        (&clean(&source, &out), ">/dev/full", 0),
        (&clean(&source, &out), ">&- 2>&-", 0),
        (&json, gone, 0),
        // Here the output is what was asked for.
        (&json, ">/dev/full", 1),
        // A gate is heard even when nobody reads the summary.
        (&gate, gone, 3),
    ] {
        let output = shell("", command, after);
        assert_eq!(output.status.code(), Some(code), "{after}: {}", stderr(&output));
        names_nobody(&output);
        whole(&out);
        fs::remove_dir_all(&out).unwrap();
    }
}

#[test]
fn tables_end_quietly_when_their_reader_goes() {
    let scratch = Scratch::new();
    let source = scratch.write(&[("in.csv", list(20))]).remove(0);
    let source = source.to_str().unwrap();
    for args in [
        &["reasons"][..],
        &["rules"],
        &["rules", "GB"],
        &["formats"],
        &["inspect", source],
        &["inspect", "--json", source],
        &["validate", "email", "a@example.com"],
        &["--help"],
    ] {
        let mut command = program();
        command.args(args);
        for after in ["| true; exit ${PIPESTATUS[0]}", "| head -1; exit ${PIPESTATUS[0]}"] {
            let output = shell("", &command, after);
            assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
            assert_eq!(stderr(&output), "", "{args:?}");
        }
    }
}

#[test]
fn quiet_says_nothing() {
    let scratch = Scratch::new();
    let source = scratch.write(&[("in.csv", list(20))]).remove(0);
    let output = clean(&source, &scratch.path("run")).arg("--quiet").output().unwrap();
    assert!(output.status.success());
    assert_eq!((output.stdout.len(), stderr(&output)), (0, String::new()));
}

#[test]
fn what_stands_in_the_place_of_the_run_directory_stays() {
    let scratch = Scratch::new();
    let source = scratch.write(&[("in.csv", list(20))]).remove(0);
    let refused = |out: &Path, more: &[&str], code: i32| {
        let output = clean(&source, out).args(more).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
        names_nobody(&output);
    };

    let foreign = scratch.path("run-foreign");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("precious"), "x").unwrap();
    let link = scratch.path("run-link");
    symlink(&foreign, &link).unwrap();
    let file = scratch.write(&[("run-file", "x")]).remove(0);
    for place in [&foreign, &link, &file] {
        refused(place, &[], 2);
        refused(place, &["--replace"], 2);
    }
    assert_eq!(fs::read_to_string(foreign.join("precious")).unwrap(), "x");
    assert_eq!(fs::read_to_string(&file).unwrap(), "x");
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());

    // A link planted where the lock belongs is not followed.
    symlink(scratch.path("elsewhere"), scratch.path(".run-locked.lock")).unwrap();
    refused(&scratch.path("run-locked"), &[], 1);
    assert!(!scratch.path("elsewhere").exists());
    refused(&scratch.path("absent/run"), &[], 1);

    let out = scratch.path("run");
    assert!(clean(&source, &out).output().unwrap().status.success());
    refused(&out, &[], 2);
    whole(&out);
    assert!(clean(&source, &out).arg("--replace").output().unwrap().status.success());
    whole(&out);
}

#[test]
fn a_parent_that_cannot_be_written_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new();
    let source = scratch.write(&[("in.csv", list(20))]).remove(0);
    let parent = scratch.path("closed");
    fs::create_dir(&parent).unwrap();
    fs::set_permissions(&parent, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(parent.join("probe"), "").is_ok() {
        // Nothing is closed to the superuser.
        fs::remove_file(parent.join("probe")).unwrap();
        return;
    }
    let output = clean(&source, &parent.join("run")).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("is its parent directory writable?"));
}

#[test]
fn of_runs_at_once_one_wins() {
    let scratch = Scratch::new();
    let source = scratch.write(&[("in.csv", list(20_000))]).remove(0);
    let out = scratch.path("run");
    let spawn = || clean(&source, &out).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let children: Vec<_> = (0..4).map(|_| spawn()).collect();
    let codes: Vec<_> = children.into_iter().map(|mut c| c.wait().unwrap().code().unwrap()).collect();
    assert_eq!(codes.iter().filter(|c| **c == 0).count(), 1, "{codes:?}");
    whole(&out);
    assert_eq!(beside(&scratch), ["run"]);
}

#[test]
fn a_source_that_grows_meanwhile_publishes_nothing() {
    let scratch = Scratch::new();
    let source = scratch.write(&[("in.csv", list(60_000))]).remove(0);
    let out = scratch.path("run");
    let child = clean(&source, &out).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while beside(&scratch).is_empty() {
        sleep(Duration::from_millis(1));
    }
    sleep(Duration::from_millis(30));
    let mut file = File::options().append(true).open(&source).unwrap();
    file.write_all(b"Late,Comer,late@example.com,,,\n").unwrap();
    drop(file);
    fails(&scratch, &child.wait_with_output().unwrap(), "the file changed while it was read");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[test]
fn packed_sources_are_read_whole_or_not_at_all() {
    let scratch = Scratch::new();
    let text = list(3_000);
    let (gz, zst) = (gzip(text.as_bytes()), compress_to_vec(text.as_bytes(), CompressionLevel::Fastest));
    let (front, back) = text.as_bytes().split_at(5_000);
    let members = [gzip(front), gzip(back)].concat();
    let flipped = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0xFF;
        bytes
    };
    let out = scratch.path("run");
    let mut contacts = Vec::new();
    for (name, bytes) in [("in.csv", text.as_bytes()), ("a.gz", &gz), ("b.gz", &members), ("c.zst", &zst)] {
        let source = scratch.write(&[(name, bytes)]).remove(0);
        let output = clean(&source, &out).output().unwrap();
        assert!(output.status.success(), "{name}: {}", stderr(&output));
        recount(&out);
        contacts.push(fs::read_to_string(out.join("contacts.csv")).unwrap().replace(name, "in.csv"));
        fs::remove_dir_all(&out).unwrap();
    }
    assert!(contacts.iter().all(|c| *c == contacts[0]), "the same bytes give the same contacts");
    for (name, bytes) in [
        ("cut.gz", gz[..gz.len() / 2].to_vec()),
        ("cut-at-the-end.gz", gz[..gz.len() - 4].to_vec()),
        ("flipped.gz", flipped(&gz)),
        ("garbage-behind.gz", [&gz[..], b"garbage"].concat()),
        ("cut.zst", zst[..zst.len() / 2].to_vec()),
        ("flipped.zst", flipped(&zst)),
    ] {
        let source = scratch.write(&[(name, bytes)]).remove(0);
        fails(&scratch, &clean(&source, &out).output().unwrap(), "damaged or cut off");
    }
}

#[test]
fn the_standard_input_gives_what_a_file_gives() {
    let scratch = Scratch::new();
    let source = scratch.write(&[("stdin", list(500))]).remove(0);
    let (piped, named) = (scratch.path("run-piped"), scratch.path("run-named"));
    let mut command = clean(Path::new("-"), &piped);
    let output = command.stdin(File::open(&source).unwrap()).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(clean(&source, &named).output().unwrap().status.success());
    assert_eq!(fs::read(piped.join("contacts.csv")).unwrap(), fs::read(named.join("contacts.csv")).unwrap());
}

#[test]
fn files_with_nothing_in_them_are_a_valid_run() {
    let scratch = Scratch::new();
    for (name, bytes) in [("empty.csv", ""), ("header.csv", HEADER), ("blank.csv", "\n\n\n")] {
        let source = scratch.write(&[(name, bytes)]).remove(0);
        let out = scratch.path("run");
        let output = clean(&source, &out).output().unwrap();
        assert!(output.status.success(), "{name}: {}", stderr(&output));
        recount(&out);
        whole(&out);
        fs::remove_dir_all(&out).unwrap();
    }
}

#[test]
fn a_cell_of_fifty_megabytes_harms_only_its_row() {
    let scratch = Scratch::new();
    let path = scratch.path("in.csv");
    let mut file = File::create(&path).unwrap();
    write!(file, "{HEADER}Ann,Lee,ann@example.org,,,\nBig,\"").unwrap();
    std::io::copy(&mut std::io::repeat(b'x').take(50_000_000), &mut file).unwrap();
    write!(file, "\",big@example.org,,,\nBob,Ray,bob@example.org,,,\n").unwrap();
    drop(file);
    let out = scratch.path("run");
    let output = clean(&path, &out).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    recount(&out);
    let contacts = super::run::read_csv(&out.join("contacts.csv"));
    let found: Vec<_> = contacts.iter().map(|c| c["email"].as_str()).collect();
    assert_eq!(found, ["ann@example.org", "bob@example.org"]);
}

#[test]
fn a_hundred_thousand_columns_pass() {
    let scratch = Scratch::new();
    let header: String = (0..100_000).map(|i| format!(",c{i}")).collect();
    let cells = ",v".repeat(100_000);
    let text = format!("email{header}\nann@example.org{cells}\nbob@example.org{cells}\n");
    let source = scratch.write(&[("in.csv", text)]).remove(0);
    let out = scratch.path("run");
    let begun = Instant::now();
    let output = clean(&source, &out).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(begun.elapsed() < Duration::from_secs(30), "the time grows with the square of the columns");
    recount(&out);
    let contacts = super::run::read_csv(&out.join("contacts.csv"));
    assert_eq!(contacts.len(), 2);
    assert_eq!(contacts[1]["c99999"], "v");
}

/// Descriptors written to and synced, and renames, as the kernel saw them.
fn traced(scratch: &Scratch, command: &Command) -> Option<String> {
    let log: PathBuf = scratch.path("trace");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-y", "-qq", "-e", "trace=write,fsync,fdatasync,renameat2", "-o"]).arg(&log);
    strace.arg(command.get_program()).args(command.get_args());
    let ran = strace.stdin(Stdio::null()).output().ok()?;
    ran.status.success().then(|| fs::read_to_string(log).unwrap())
}

#[test]
fn every_file_is_on_disk_before_the_directory_gets_its_name() {
    let scratch = Scratch::new();
    let source = scratch.write(&[("in.csv", list(200))]).remove(0);
    let Some(log) = traced(&scratch, &clean(&source, &scratch.path("run"))) else { return };
    let (mut dirty, mut renamed, mut synced_behind) = (Vec::new(), false, false);
    for line in log.lines() {
        let file = || line.split_once('<').and_then(|(_, l)| l.split_once('>')).map(|(f, _)| f.to_owned());
        if line.contains("renameat2(") {
            assert_eq!(dirty, Vec::<String>::new(), "renamed before these were synced");
            renamed = true;
        } else if line.contains("sync(") {
            dirty.retain(|f| Some(f) != file().as_ref());
            synced_behind |= renamed;
        } else if let Some(file) = file().filter(|f| f.contains(".run.partial-") && !f.contains("deleted")) {
            // Temporary files have no name and need not last.
            if !file.contains("/#") && !dirty.contains(&file) {
                dirty.push(file);
            }
        }
    }
    assert!(renamed && synced_behind, "the parent is synced after the rename");
}

/// `validate` answers a pipe in its order, whatever the lines hold, and by as many processors as there are.
#[test]
fn a_pipe_is_answered_line_by_line_in_its_order() {
    let mut lines: Vec<Vec<u8>> =
        (0..20_000).map(|n| format!("person{n}@acme{}.com\r", n % 700).into_bytes()).collect();
    lines[3] = b"m\xfcller@acme.com".to_vec();
    lines[4] = b"a\0b@acme.com".to_vec();
    lines[5] = Vec::new();
    lines[6] = vec![b'x'; 300_000];
    for shape in ["--csv", "--json"] {
        let mut child = program()
            .args(["validate", "email", shape])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (mut stdin, text) = (child.stdin.take().unwrap(), lines.join(&b'\n'));
        let feeder = std::thread::spawn(move || stdin.write_all(&text).unwrap());
        let output = child.wait_with_output().unwrap();
        feeder.join().unwrap();
        let said: Vec<&str> = std::str::from_utf8(&output.stdout).unwrap().lines().collect();
        let said = &said[usize::from(shape == "--csv")..];
        assert_eq!(said.len(), lines.len(), "{shape}");
        for (n, line) in said.iter().enumerate().skip(7) {
            assert!(line.contains(&format!("person{n}@acme{}.com", n % 700)), "{shape} {n}: {line}");
        }
        assert!(
            said[3].contains("email-unsafe-unicode-local") && said[4].contains("email-control-char"),
            "{shape}"
        );
        assert!(said[5].contains("email-empty") && said[6].contains("email-no-at"), "{shape}");
    }
    let mut child = program()
        .args(["validate", "phone", "--strict", "--csv"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"07400 123456\tUK\n030 901820\tGermany\r\n07400 123456").unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("+447400123456") && said.contains("+4930901820"), "{said}");
    assert!(said.ends_with("phone-region-missing,,\n") && output.status.code() == Some(3), "{said}");
}
