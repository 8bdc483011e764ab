//! Who is meant: a household, a number, a name is found again in whatever writing, and a neighbour is not taken for it.

use crate::run::{Record, Scratch, clean, contactable, read_csv, recount};
use contactable::cli::Exit;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// What a run over files leaves.
struct Run {
    contacts: Vec<Record>,
    out: PathBuf,
    _scratch: Scratch,
}

fn run_with(files: &[(&str, &str)], more: &[&str]) -> Run {
    let scratch = Scratch::new();
    let sources = scratch.write(files);
    let out = scratch.path("run");
    clean(&sources, &out, more);
    recount(&out);
    Run { contacts: read_csv(&out.join("contacts.csv")), out, _scratch: scratch }
}

fn run(files: &[(&str, &str)]) -> Run {
    run_with(files, &["--country", "US"])
}

impl Run {
    fn refused(&self, email: &str, channel: &str) -> bool {
        let contact = self.contacts.iter().find(|c| c["email"].starts_with(email));
        let contact = contact.unwrap_or_else(|| panic!("{email} is no contact: {:?}", self.contacts));
        contact[&format!("{channel}_reason")].starts_with("refusal-")
    }

    fn post(&self) -> Vec<bool> {
        (0..self.contacts.len()).map(|i| self.refused(&format!("p{i}@"), "post")).collect()
    }
}

fn path(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

/// A list of households, `family,street,city,code` each.
fn list(homes: &[&str]) -> String {
    let mut text = String::from("email,first name,last name,street,city,postal code\n");
    for (i, home) in homes.iter().enumerate() {
        let _ = writeln!(text, "p{i}@stonemill{i}.org,N{i},{home}");
    }
    text
}

/// Writings of one home: family, street, city, code. Who is refused by one must be found by every other.
const WRITINGS: &[&[&str]] = &[
    &[
        "Ferris,8 Bay Street,Newark,07105",
        "Ferris,8 Bay St.,Newark,7105",
        "FERRIS,8 bay st,,07105-1188",
        "Ferris,8 Bay Street,Newark,",
        "Ferris,8 Bay Street,Newark,NJ 07105",
        "Ferris,8 Bay Street,,7105.0",
    ],
    &[
        "Osei,40 Quarry Rd Apt 7,Dover,03820",
        "Osei,40 Quarry Road #7,Dover,3820",
        "Osei,Unit 7 40 Quarry Road,Dover,03820",
        "Osei,40 Quarry Rd. No. 7,,03820",
        "Osei,\"40 Quarry Road, Suite 07\",Dover,",
        "Osei,40 Quarry Road 7,Dover,03820",
    ],
    &[
        "Lind,PO Box 915,Salem,01970",
        "Lind,P.O. Box 915,Salem,1970",
        "Lind,Post Office Box #915,Salem,",
        "Lind,Postfach 915,,01970",
    ],
    &[
        "Brandt,Garten Str. 9,Düren,D-52349",
        "Brandt,Gartenstraße 9,Dueren,52349",
        "Brandt,Gartenstr. Nr. 9,Düren,DE-52349",
        "Brandt,Garten-Strasse 9,Düren,",
    ],
    &["Krüger,Bäckerweg 3,Lübeck,23552", "Krueger,Baeckerweg 3,Luebeck,23552", "Kruger,Bäckerweg 3,Lübeck,"],
    &["Holm,Skovvej 2,Aalborg,9000", "Holm,Skovvej 2,Ålborg,DK-9000", "Holm,Skovvej 2,Ålborg,"],
    &[
        "Ross,5 Saint Anne Avenue,Saint Cloud,56301",
        "Ross,5 St. Anne Ave,St. Cloud,56301",
        "Ross,5 St Anne Ave,St Cloud,",
    ],
];

#[test]
fn a_household_refused_in_one_writing_is_found_in_every_other() {
    for writings in WRITINGS {
        let homes = list(writings);
        for writing in *writings {
            let (family, home) = writing.split_once(',').unwrap();
            let refused = format!("last name,street,city,postal code\n{family},{home}\n");
            // A city alone and a code alone have nothing in common; whoever lacks both parts of a place tells too little.
            let told = |home: &str| {
                let parts: Vec<&str> = home.rsplitn(3, ',').collect();
                (!parts[0].is_empty(), !parts[1].is_empty())
            };
            let found = run(&[("crm.csv", &homes), ("do-not-mail.csv", &refused)]).post();
            for (other, found) in writings.iter().zip(found) {
                let ((code, city), (other_code, other_city)) = (told(writing), told(other));
                let may_meet = code && other_code || city && other_city;
                assert!(found || !may_meet, "refused {writing:?}, listed {other:?}");
            }
        }
    }
}

#[test]
fn neighbours_of_a_refused_household_get_their_letters() {
    for (refused, neighbours) in [
        (
            "Osei,40 Quarry Rd Apt 7,Dover,03820",
            &[
                "Osei,40 Quarry Rd Apt 8,Dover,03820",
                "Osei,41 Quarry Rd Apt 7,Dover,03820",
                "Osei,40 Quarry Rd #17,Dover,",
                "Osei,40 Quarry Rd Apt 7,Dover,03821",
                "Osei,40 Quarry Rd Apt 7,Keene,",
                "Mensah,40 Quarry Rd Apt 7,Dover,03820",
                "Osei,40 Quarry Ln Apt 7,Dover,03820",
            ][..],
        ),
        ("Lind,PO Box 915,Salem,01970", &["Lind,PO Box 916,Salem,01970", "Lind,915 Box Street,Salem,01970"]),
        (
            "Brandt,Gartenstraße 9,Düren,52349",
            &[
                "Brandt,Gartenstraße 9a,Düren,52349",
                "Brandt,Gartenweg 9,Düren,52349",
                "Brandt,Gartenstr. 9,Bonn,",
            ],
        ),
    ] {
        let (family, home) = refused.split_once(',').unwrap();
        let refused = format!("last name,street,city,postal code\n{family},{home}\n");
        let found = run(&[("crm.csv", &list(neighbours)), ("do-not-mail.csv", &refused)]).post();
        for (neighbour, found) in neighbours.iter().zip(found) {
            assert!(!found, "{refused:?} refuses {neighbour:?}");
        }
    }
}

#[test]
fn a_house_without_names_and_a_row_of_people_refuse_in_other_writings_too() {
    let homes = list(&[
        "Ferris,8 Bay Street #2,Newark,07105",
        "Poole,8 Bay St,Newark,",
        "Poole,9 Bay St,Newark,07105",
    ]);
    let house = "street,city,postal code\n8 Bay St.,Newark,7105\n";
    assert_eq!(run(&[("crm.csv", &homes), ("do-not-mail.csv", house)]).post(), [true, true, false]);
    let shop = "email,last name,street,city,postal code,no post\n\
        p3@stonemill3.org,Ferris,8 Bay St. Apt 2,Newark,7105,yes\np4@stonemill4.org,Moss,1 Elm Rd,Newark,7105,\n";
    let found = run_with(
        &[("crm.csv", &homes), ("shop.csv", shop)],
        &["--country", "US", "--as", "contacts=shop.csv"],
    );
    assert_eq!(found.post(), [true, false, false, true, false]);
}

#[test]
fn suppression_files_of_earlier_runs_still_bind() {
    let homes = list(&[
        "Ferris,8 Bay Street #2,Newark,07105",
        "Brandt,Karl-Marx-Straße 9,Köln,",
        "Moss,5 Oak Ln,Newark,07105",
    ]);
    for points in [
        // As versions before this one folded them.
        ["ferris | 8 bay st 2 | 07105", "brandt | karl marx st 9 | koln"],
        ["ferris | 8 bay st apt 2 | 7105", "brandt | karl marx strasse 9 | koeln"],
    ] {
        let mut earlier =
            String::from("point,kind,channels,reason,since,first_seen,source,reached_through\n");
        for point in points {
            let _ = writeln!(earlier, "{point},post,post,do_not_contact,,2026-05-01,dnc.csv:2,");
        }
        assert_eq!(
            run(&[("crm.csv", &homes), ("suppression.csv", &earlier)]).post(),
            [true, true, false],
            "{points:?}"
        );
    }
    // And what this run writes leads the next one to the same.
    let first = run(&[
        ("crm.csv", &homes),
        ("do-not-mail.csv", "last name,street,city,zip\nFerris,8 Bay St Unit 2,Newark,7105\n"),
    ]);
    let written = std::fs::read_to_string(first.out.join("suppression.csv")).unwrap();
    assert_eq!(
        run(&[("crm.csv", &homes), ("suppression.csv", &written)]).post(),
        [true, false, false],
        "{written}"
    );
}

#[test]
fn an_index_finds_a_household_in_other_writings() {
    let scratch = Scratch::new();
    let list = "first name,last name,street,city,postal code,email\n\
        A,Ferris,8 Bay St. #2,Newark,7105,a@fernhill.org\nB,Ferris,8 Bay St,Newark,,b@fernhill.org\n\
        C,Ferris,8 Bay St Unit 3,Newark,07105,c@fernhill.org\nD,Poole,8 Bay St #2,Newark,07105,d@fernhill.org\n";
    let refused = "last name,street,city,postal code\nFerris,8 Bay Street Apt 2,Newark,07105\n";
    let sources = scratch.write(&[("suppression.csv", refused), ("list.csv", list)]);
    let index = path(&scratch.path("refusals.idx"));
    let said = contactable(&["suppress", &path(&sources[0]), "--out", &index, "--quiet"]);
    assert_eq!(said.exit, Exit::Done, "{}", said.stderr);
    for against in [index, path(&sources[0])] {
        let args = ["check", &path(&sources[1]), "--channel", "email", "--quiet", "--against", &against];
        let said = contactable(&args);
        let passed: Vec<&str> = said.stdout.lines().skip(1).map(|line| &line[..1]).collect();
        assert_eq!(passed, ["C", "D"], "{against}: {}{}", said.stdout, said.stderr);
    }
}

#[test]
fn flags_behind_an_address_bind_that_address() {
    let crm = "email,first name,email_addresses_non_primary\n\
        ann@fernhill.org,Ann,\"ann@home1.org,0,1;ann@work1.org,0,0\"\n\
        bea@fernhill.org,Bea,\"bea@home2.org,1,0;bea@work2.org,0,0\"\n\
        cid@fernhill.org,Cid,\"cid@home3.org,0,0\"\n";
    let list =
        "email,first name\nann@home1.org,\nann@work1.org,\nbea@home2.org,\nbea@work2.org,\ncid@home3.org,\n";
    for (files, names) in
        [(vec![("crm.csv", crm)], false), (vec![("crm.csv", crm), ("list.csv", list)], true)]
    {
        let found = run(&files);
        let points: Vec<String> = read_csv(&found.out.join("suppression.csv"))
            .into_iter()
            .map(|line| line["point"].clone())
            .collect();
        assert!(points.contains(&"ann@home1.org".to_owned()), "{points:?}");
        for free in
            ["bea@home2.org", "bea@work2.org", "cid@home3.org", "cid@fernhill.org", "bea@fernhill.org"]
        {
            assert!(!points.contains(&free.to_owned()), "{free} {names}: {points:?}");
        }
        let mailed: Vec<String> =
            read_csv(&found.out.join("email.csv")).into_iter().map(|line| line["email"].clone()).collect();
        assert!(
            !mailed.contains(&"ann@home1.org".to_owned()) && !mailed.contains(&"bea@home2.org".to_owned()),
            "{mailed:?}"
        );
        assert!(mailed.contains(&"cid@fernhill.org".to_owned()), "{mailed:?}");
    }
}

#[test]
fn a_number_in_full_that_nobody_is_assigned_is_a_key() {
    for (number, other) in [
        ("+33 6 91 77 10 02", "+33 (0)6 91 77 10 02"),
        ("+1 212 155 0123", "+12121550123"),
        ("+49 1511 2345", "+49 (1511) 2345"),
    ] {
        let crm = format!(
            "first name,last name,email,phone\nLea,Moss,lea@stonemill.org,{number}\nLea,Moss,,{other}\nTom,Hale,tom@stonemill.org,{number}\n"
        );
        let found = run(&[("crm.csv", &crm)]);
        assert_eq!(
            found.contacts.len(),
            2,
            "{number}: one name is one person, two are two: {:?}",
            found.contacts
        );
        let refused = format!("phone,date\n{other},2026-01-05\n");
        let found = run(&[("crm.csv", &crm), ("do-not-contact.csv", &refused)]);
        let lea = found.contacts.iter().find(|c| c["first_name"] == "Lea").unwrap();
        assert_eq!(lea["call_evidence"], "do-not-contact.csv:2", "{number}");
    }
    let crm = "first name,last name,email,phone\nLea,Moss,lea@stonemill.org,+1 000 000 0000\nLea,Moss,lea@fernhill.org,+10000000000\n";
    assert_eq!(run(&[("crm.csv", crm)]).contacts.len(), 2, "filler is nobody's");
}

#[test]
fn names_of_east_asia_are_compared_whole() {
    for (one, other, same) in [
        ("佐藤健一", "佐藤 健一", true),
        ("佐藤健一", "佐藤 美咲", false),
        ("李伟强", "李 伟强", true),
        ("李伟强", "李 伟明", false),
        ("박지훈", "박 지훈", true),
        ("박지훈", "박 지은", false),
        ("さくら はな", "さくらはな", true),
    ] {
        let crm = format!("name,email\n{one},team@stonemill.org\n{other},team@stonemill.org\n");
        let contacts = run(&[("crm.csv", &crm)]).contacts;
        assert_eq!(contacts.len() == 1, same, "{one} {other}");
        let (family, given) = other.split_once(' ').or_else(|| one.split_once(' ')).unwrap();
        let parted = format!(
            "last name,first name,name,email\n,,{one},team@stonemill.org\n{family},{given},,team@stonemill.org\n"
        );
        assert_eq!(run(&[("crm.csv", &parted)]).contacts.len() == 1, same, "{one} {family} {given}");
    }
}

#[test]
fn companies_are_names_where_nobody_is_named() {
    let crm = "company,email,street,city,zip\nStonemill Bakery,info@hub.org,1 Elm Rd,Salem,01970\n\
        Fernhill Books,info@hub.org,2 Oak Ln,Salem,01970\nStonemill Bakery,info@hub.org,1 Elm Rd,Salem,01970\n";
    let found = run(&[("crm.csv", crm)]);
    let mut streets: Vec<&str> = found.contacts.iter().map(|c| c["street"].as_str()).collect();
    streets.sort_unstable();
    assert_eq!(streets, ["1 Elm Rd", "2 Oak Ln"]);
    // What such a list refuses for one company is not told of its neighbour, and is told of it again next time.
    let refusing = "company,email,street,city,zip,no post\nStonemill Bakery,info@hub.org,1 Elm Rd,Salem,01970,yes\n\
        Fernhill Books,fay@hub.org,1 Elm Rd,Salem,01970,\n";
    let first = run(&[("crm.csv", refusing)]);
    let written = std::fs::read_to_string(first.out.join("suppression.csv")).unwrap();
    let next = run(&[("crm.csv", &refusing.replace(",yes", ",")), ("suppression.csv", &written)]);
    for found in [first, next] {
        assert!(found.refused("info@", "post") && !found.refused("fay@", "post"), "{written}");
    }
    // Where people are named, their names decide.
    let people =
        "company,name,email\nStonemill Bakery,Ann Hale,ann@hub.org\nStonemill,Ann Hale,ann@hub.org\n";
    assert_eq!(run(&[("crm.csv", people)]).contacts.len(), 1);
}

#[test]
fn a_name_beside_an_address_fills_an_empty_one() {
    let crm = "email,city\nLea Moss <lea@stonemill.org>,Salem\n\"\"\"Hale, Tom\"\" <tom@stonemill.org>\",Salem\n\
        cid@stonemill.org,Salem\nDO NOT EMAIL <dan@stonemill.org>,Salem\n";
    let found = run(&[("crm.csv", crm)]);
    let name = |email: &str| {
        let contact = found.contacts.iter().find(|c| c["email"].starts_with(email)).unwrap();
        contact["full_name"].clone()
    };
    assert_eq!([name("lea@"), name("tom@"), name("cid@"), name("dan@")], ["Lea Moss", "Hale, Tom", "", ""]);
    let named = "name,email\nLea,Lea Moss <lea@stonemill.org>\n";
    assert_eq!(run(&[("crm.csv", named)]).contacts[0]["full_name"], "Lea");
}

#[test]
fn an_address_column_of_mail_addresses_is_no_street() {
    for header in ["Address", "Adresse", "Indirizzo"] {
        let crm = format!(
            "{header},first name\nlea@stonemill.org,Lea\ntom@stonemill.org,Tom\ncid@stonemill.org,Cid\n"
        );
        let found = run(&[("crm.csv", &crm)]);
        assert!(
            found.contacts.iter().all(|c| c["email"].ends_with("@stonemill.org") && c["street"].is_empty()),
            "{header}"
        );
    }
    let homes = "Address,City,Email\n1 Elm Rd,Salem,lea@stonemill.org\n2 Elm Rd,Salem,tom@stonemill.org\n";
    assert_eq!(run(&[("crm.csv", homes)]).contacts[0]["street"], "1 Elm Rd");
}

#[test]
fn a_fax_is_never_called_or_texted() {
    let fax = |crm: &str| {
        let found = run(&[("crm.csv", crm)]);
        let lea = &found.contacts[0];
        lea["phone"].is_empty() || lea["call_reason"] == "phone-fax" && lea["sms_reason"] == "phone-fax"
    };
    for header in ["phone_fax", "Work Fax Phone", "Office Phone (Fax)", "Telefax Phone Number"] {
        assert!(fax(&format!("first name,email,{header}\nLea,lea@stonemill.org,+12125557301\n")), "{header}");
    }
    for header in ["Phone/Fax", "phone", "Work Phone"] {
        assert!(
            !fax(&format!("first name,email,{header}\nLea,lea@stonemill.org,+12125557301\n")),
            "{header}"
        );
    }
    for (value, kind, cell, is_fax) in [
        ("Phone 1 - Value", "Phone 1 - Type", "Work Fax", true),
        ("Phone 1 - Value", "Phone 1 - Type", "Mobile", false),
        ("phone_number", "phone_type", "FAX", true),
        ("Phone", "Phone Label", "Home fax", true),
        ("Phone", "Phone Label", "Tel/Fax", false),
    ] {
        let crm = format!("first name,email,{kind},{value}\nLea,lea@stonemill.org,{cell},+12125557301\n");
        assert_eq!(fax(&crm), is_fax, "{kind} {cell}");
    }
}
