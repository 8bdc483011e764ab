//! `explain` finds people by their names, however a file or a spreadsheet writes them, and nobody else.

use crate::run::{Scratch, clean, contactable};
use std::path::Path;

const CRM: &str = "first name,middle name,last name,email\n\
    Gerard,,'t Hooft,gerard@utrecht.nl\n\
    ,,’t Veld,veld@utrecht.nl\n\
    '=Anna,,+Müller,anna@mueller.de\n\
    Zoë,,O'Brien-Şahin,zoe@sahin.ie\n\
    José,María,de  la Cruz,jose@cruz.es\n\
    Anne,,Lee,anne@lee.org\n\
    Lee,,Anne,lee@anne.org\n\
    Prince,,,prince@paisley.org\n";

/// The first points of those who go by the name.
fn found(dir: &Path, name: &str) -> Vec<String> {
    let said = contactable(&["explain", dir.to_str().unwrap(), name, "--json"]);
    let story: serde_json::Value =
        serde_json::from_str(&said.stdout).unwrap_or_else(|_| panic!("{name}: {}", said.stderr));
    let people = story["people"].as_array().unwrap();
    people.iter().map(|person| person["points"][0].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_name_is_found_however_it_is_written() {
    for more in [&[][..], &["--spreadsheet-safe"]] {
        let scratch = Scratch::new();
        let out = scratch.path("run");
        clean(&scratch.write(&[("crm.csv", CRM)]), &out, more);
        for (names, point) in [
            (
                &[
                    "'t Hooft",
                    "’t Hooft",
                    "t hooft",
                    "Gerard 't Hooft",
                    "'t Hooft, Gerard",
                    " gerard  'T HOOFT ",
                ][..],
                "gerard@utrecht.nl",
            ),
            (&["'t Veld", "''t Veld"], "veld@utrecht.nl"),
            (
                &["=Anna +Müller", "'=Anna '+Müller", "Anna Muller", "MÜLLER, ANNA", "+Müller"],
                "anna@mueller.de",
            ),
            (
                &["zoe o'brien-sahin", "Zoe OBrien Sahin", "ZOË O’BRIEN-ŞAHIN", "O'Brien-Şahin"],
                "zoe@sahin.ie",
            ),
            (&["José de la Cruz", "Jose Maria de la Cruz", "de la Cruz, José María"], "jose@cruz.es"),
            (&["Prince"], "prince@paisley.org"),
        ] {
            for name in names {
                assert_eq!(found(&out, name), [point], "{name} {more:?}");
            }
        }
        assert_eq!(found(&out, "Anne Lee"), ["anne@lee.org"], "a family name is no given name");
        assert_eq!(found(&out, "Anne, Lee"), ["lee@anne.org"]);
        for stranger in
            ["Hooft", "t", "'", "=", "Gerard Hooft", "Gerard", "Brien", "Cruz", "Ann Lee", "Jos de la Cruz"]
        {
            assert!(found(&out, stranger).is_empty(), "{stranger}");
        }
    }
}

#[test]
fn a_number_or_address_copied_from_a_guarded_cell_is_found() {
    let scratch = Scratch::new();
    let out = scratch.path("run");
    let crm =
        "first name,email,phone,country\nAnn,+ann@fernhill.org,+4915120000010,DE\nBo,'bo@fernhill.org,,DE\n";
    clean(&scratch.write(&[("crm.csv", crm)]), &out, &["--spreadsheet-safe"]);
    for value in
        ["+ann@fernhill.org", "'+ann@fernhill.org", "'+4915120000010", "+49 151 2000 0010", "'0151 20000010"]
    {
        assert_eq!(found(&out, value), ["+ann@fernhill.org"], "{value}");
    }
    assert!(found(&out, "ann@fernhill.org").is_empty());
}
