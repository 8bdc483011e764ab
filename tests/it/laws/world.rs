//! Generated worlds: a few people with mailboxes, numbers and houses that some of them share, and the files that
//! speak of them. Every line of a file comes with what it says, in the words of the promises.

use proptest::prelude::*;
use sha2::Digest;

/// A moment as a file tells it, in hours since 2025-06-01T00:00.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum At {
    Never,
    Day(i64),
    Local(i64),
    /// With an offset from UTC.
    Zoned(i64, i64),
}

impl At {
    pub(super) fn text(self) -> String {
        let date = |hours: i64| format!("2025-06-{:02}", 1 + hours.div_euclid(24));
        match self {
            Self::Never => String::new(),
            Self::Day(day) => date(day * 24),
            Self::Local(hours) => format!("{} {:02}:00:00", date(hours), hours.rem_euclid(24)),
            Self::Zoned(hours, zone) => {
                let sign = if zone < 0 { '-' } else { '+' };
                format!("{}T{:02}:00:00{sign}{:02}:00", date(hours), hours.rem_euclid(24), zone.abs())
            }
        }
    }

    /// The first and the last second it may be, in UTC.
    fn span(self) -> Option<(i64, i64)> {
        let zones = |from: i64, to: i64| Some((from - 14 * 3600, to + 12 * 3600));
        match self {
            Self::Never => None,
            Self::Day(day) => zones(day * 86_400, day * 86_400 + 86_399),
            Self::Local(hours) => zones(hours * 3600, hours * 3600),
            Self::Zoned(hours, zone) => Some(((hours - zone) * 3600, (hours - zone) * 3600)),
        }
    }

    pub(super) fn surely_after(self, other: Self) -> bool {
        match (self, other) {
            (Self::Day(one), Self::Day(other)) => one > other,
            _ => self.span().zip(other.span()).is_some_and(|(one, other)| one.0 > other.1),
        }
    }
}

/// What a line says, of every point it names unless it is a yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// A refusal; the dead are never reached again.
    No,
    Dead,
    Bounce,
    /// A sign of life: ends a bounce.
    Alive,
    /// Express consent with a source: of the exact point.
    Yes,
}

pub(super) const CHANNELS: [&str; 4] = ["email", "sms", "call", "post"];
const ALL: &[&str] = &CHANNELS;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Say {
    pub(super) what: What,
    pub(super) channels: Vec<&'static str>,
    pub(super) at: At,
}

/// A line of a file: whose points, and what it says of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub(super) file: &'static str,
    pub(super) line: usize,
    pub(super) mail: Option<(usize, usize)>,
    pub(super) phone: Option<usize>,
    pub(super) house: Option<(&'static str, usize)>,
    /// The digits of a number that the row itself cannot use.
    pub(super) bare: Option<usize>,
    /// Every address of the domain.
    pub(super) domain: bool,
    pub(super) says: Vec<Say>,
}

pub(super) const PEOPLE: [(&str, &str); 5] =
    [("Anna", "Becker"), ("Tomas", "Novak"), ("Wendy", "Ng"), ("Lars", "Olsen"), ("Maria", "Becker")];

/// Spellings of one gmail mailbox; the exact address differs, the mailbox does not.
pub(super) fn address(mailbox: usize, spelling: usize) -> String {
    let local = ["annabecker77", "tomasnovak77", "wendyng77", "family77"][mailbox];
    match spelling {
        0 => format!("{local}@gmail.com"),
        1 => format!("{local}+shop@gmail.com"),
        2 => format!("{local}@googlemail.com"),
        _ => format!("{}.{}@gmail.com", &local[..3], &local[3..]),
    }
}

/// The digits of a British mobile number behind the country code.
fn mobile(number: usize) -> String {
    format!("740010000{number}")
}

pub(super) fn e164(number: usize) -> String {
    format!("+44{}", mobile(number))
}

fn spelled(number: usize, spelling: usize) -> String {
    let digits = mobile(number);
    match spelling {
        0 => format!("+44{digits}"),
        1 => format!("0044 {digits}"),
        2 => format!("+44 (0) {} {}", &digits[..4], &digits[4..]),
        _ => format!("0{} {}", &digits[..4], &digits[4..]),
    }
}

const STREETS: [(&str, &str); 2] = [("12 Mill Lane", "LS1 4AP"), ("7 Stonegate Road", "YO1 7HH")];

/// What a line is made of, before it is written.
#[derive(Debug, Clone)]
struct Draft {
    person: usize,
    mail: Option<(usize, usize)>,
    phone: Option<(usize, usize)>,
    house: Option<usize>,
    kind: u8,
    flag: u8,
    channel: usize,
    at: At,
    second: At,
    sourced: bool,
}

fn at() -> impl Strategy<Value = At> {
    prop_oneof![
        1 => Just(At::Never),
        4 => (0i64..5).prop_map(At::Day),
        2 => (0i64..96).prop_map(At::Local),
        3 => ((0i64..96), (-11i64..13)).prop_map(|(hours, zone)| At::Zoned(hours, zone)),
    ]
}

fn draft() -> impl Strategy<Value = Draft> {
    let mail = prop::option::weighted(0.85, (0..4usize, 0..4usize));
    let phone = prop::option::weighted(0.5, (0..4usize, 0..4usize));
    let points = (0..PEOPLE.len(), mail, phone, prop::option::weighted(0.3, 0..2usize));
    let rest = (any::<u8>(), any::<u8>(), 0..6usize, at(), at(), prop::bool::weighted(0.8));
    (points, rest).prop_map(|((person, mail, phone, house), (kind, flag, channel, at, second, sourced))| {
        Draft { person, mail, phone, house, kind, flag, channel, at, second, sourced }
    })
}

/// Files and what their lines say.
#[derive(Clone)]
pub(super) struct World {
    drafts: [Vec<Draft>; 9],
    /// Whether anybody refuses anything.
    pub(super) refusals: bool,
}

pub(super) fn world() -> impl Strategy<Value = World> {
    let some = |most| prop::collection::vec(draft(), 0..most);
    let contacts = (prop::collection::vec(draft(), 1..7), some(4), some(4), some(3));
    let refusals = (some(5), some(3), some(3), some(2), some(2));
    (contacts, refusals, prop::bool::weighted(0.85)).prop_map(|((a, b, c, d), (e, f, g, h, i), refusals)| {
        let mut world = World { drafts: [a, b, c, d, e, f, g, h, i], refusals };
        if !refusals {
            world.drafts[5..].iter_mut().for_each(Vec::clear);
        }
        world
    })
}

/// A file in the making.
struct File {
    name: &'static str,
    text: String,
    rows: Vec<Row>,
}

impl File {
    fn new(name: &'static str, header: &str) -> Self {
        Self { name, text: format!("{header}\n"), rows: Vec::new() }
    }

    fn push(&mut self, line: String, row: Row) {
        self.text.push_str(&line);
        self.text.push('\n');
        self.rows.push(Row { file: self.name, line: self.rows.len() + 2, ..row });
    }
}

fn say(what: What, channels: &[&'static str], at: At) -> Say {
    Say { what, channels: channels.to_vec(), at }
}

impl Draft {
    fn names(&self) -> (&'static str, &'static str) {
        PEOPLE[self.person]
    }

    fn mail_text(&self) -> String {
        self.mail.map_or(String::new(), |(mailbox, spelling)| address(mailbox, spelling))
    }

    fn phone_text(&self) -> String {
        self.phone.map_or(String::new(), |(number, spelling)| spelled(number, spelling))
    }

    fn house_text(&self) -> (&'static str, &'static str) {
        self.house.map_or(("", ""), |house| STREETS[house])
    }

    fn points(&self) -> Row {
        Row {
            mail: self.mail,
            phone: self.phone.map(|(number, _)| number),
            house: self.house.map(|house| (self.names().1, house)),
            ..Row::default()
        }
    }

    /// A row of a list of its own making; without a country a national number is known by its digits only.
    fn crm(&self, file: &mut File, refusals: bool, undated: bool) {
        let (first, last) = self.names();
        let (street, code) = self.house_text();
        let country = if self.flag & 64 == 0 || !refusals { "GB" } else { "" };
        let no = |bit: u8| refusals && self.flag & bit == bit;
        let answer = |bits: u8| match bits & 3 {
            0 | 3 => "yes",
            1 if refusals => "no",
            _ => "",
        };
        let (newsletter, sms) = (answer(self.kind), answer(self.kind >> 2));
        let gone = match (no(3), self.kind >> 4 & 3) {
            (false, _) => String::new(),
            (true, 0) => "X".to_owned(),
            (true, _) => self.second.text(),
        };
        let gone_at = if gone == "X" { At::Never } else { self.second };
        let source = if self.sourced { "https://fernhill.example/join" } else { "" };
        let mut says = Vec::new();
        let dated = if undated { At::Never } else { self.at };
        for (word, channel) in [(newsletter, "email"), (sms, "sms")] {
            match word {
                "yes" if self.sourced => says.push(say(What::Yes, &[channel], self.at)),
                // A row's own date of leaving dates its no as well.
                "no" if !gone.is_empty() && channel == "email" => {
                    says.push(say(What::No, &[channel], gone_at))
                }
                "no" => says.push(say(What::No, &[channel], dated)),
                _ => {}
            }
        }
        if !gone.is_empty() {
            says.push(say(What::No, &["email"], gone_at));
        }
        if no(12) {
            says.push(say(What::No, &["call"], At::Never));
        }
        if no(48) {
            says.push(say(What::No, &["post"], At::Never));
        }
        let mark = |bit: u8| if no(bit) { "yes" } else { "" };
        let line = format!(
            "{first},{last},{},{},{street},{code},{country},{newsletter},{sms},{},{source},{gone},{},{}",
            self.mail_text(),
            self.phone_text(),
            self.at.text(),
            mark(12),
            mark(48),
        );
        let mut row = self.points();
        row.says = says;
        if country.is_empty() && self.phone.is_some_and(|(_, spelling)| spelling == 3) {
            // Its own number cannot be used; what it refuses binds whoever has these digits.
            row.says.retain(|s| s.what != What::Yes || s.channels == ["email"]);
            (row.phone, row.bare) = (None, row.phone);
        }
        file.push(line, row);
    }

    fn klaviyo(&self, file: &mut File, refusals: bool) {
        let (first, last) = self.names();
        let word = |bits: u8| match bits & 3 {
            0 | 3 => "SUBSCRIBED",
            1 if refusals => "UNSUBSCRIBED",
            _ => "NEVER_SUBSCRIBED",
        };
        let (email, sms) = (word(self.kind), word(self.kind >> 2));
        let gone = if refusals && self.flag & 7 == 7 { "SPAM_COMPLAINT" } else { "" };
        let mut row = self.points();
        row.phone = row.phone.filter(|_| self.phone.is_some_and(|(_, spelling)| spelling != 3));
        let phone = row.phone.map_or(String::new(), e164);
        // This layout's times are UTC by the vendor's word.
        let utc = |at: At| if let At::Local(hours) = at { At::Zoned(hours, 0) } else { at };
        for (word, channel, at) in [(email, "email", utc(self.at)), (sms, "sms", utc(self.second))] {
            match word {
                "SUBSCRIBED" => row.says.push(say(What::Yes, &[channel], at)),
                "UNSUBSCRIBED" => row.says.push(say(What::No, &[channel], at)),
                _ => {}
            }
        }
        if !gone.is_empty() {
            row.says.push(say(What::No, &["email"], At::Never));
        }
        let (street, code) = self.house_text();
        let line = format!(
            "{},k{},{first},{last},{phone},{street},GB,{code},Web form,{email},{},{sms},{},{gone}",
            self.mail_text(),
            file.rows.len(),
            self.at.text(),
            self.second.text(),
        );
        file.push(line, row);
    }

    fn event(&self, file: &mut File, refusals: bool) {
        let friendly = [("consent_given", What::Yes), ("last_activity", What::Alive)];
        let hostile = [
            ("consent_withdrawn", What::No),
            ("objection", What::No),
            ("do_not_contact", What::No),
            ("complaint", What::No),
            ("erasure", What::No),
            ("consent_declined", What::No),
            ("deceased", What::Dead),
            ("hard_bounce", What::Bounce),
        ];
        let index = usize::from(self.kind);
        let (word, what) = if refusals && self.flag & 1 == 1 {
            hostile[index % hostile.len()]
        } else {
            friendly[usize::from(index % 5 == 0)]
        };
        let channel = ["", "email", "sms", "call", "post", "email"][self.channel];
        let channels = if channel.is_empty() { ALL.to_vec() } else { vec![CHANNELS[(self.channel - 1) % 4]] };
        let (purpose, source) = (if self.flag & 14 == 14 { "research" } else { "" }, self.sourced);
        let mut row = self.points();
        row.house = None;
        row.phone = row.phone.filter(|_| self.phone.is_some_and(|(_, spelling)| spelling != 3));
        let counts = what != What::Yes || source && purpose.is_empty();
        // Whoever only stopped messages, and names no channel, stopped them at the points of the row.
        let stops = channel.is_empty() && matches!(word, "consent_withdrawn" | "consent_declined");
        let (mail, phone) = (row.mail.is_some(), row.phone.is_some());
        let held = |c: &&str| if *c == "email" { mail } else { phone && *c != "post" };
        let channels = channels.into_iter().filter(|c| !stops || held(c)).collect();
        row.says.extend(counts.then_some(Say { what, channels, at: self.at }));
        let line = format!(
            "{},{},{word},{channel},{},{},form,{purpose},",
            self.mail_text(),
            row.phone.map_or(String::new(), e164),
            self.at.text(),
            if source { "web form" } else { "" },
        );
        file.push(line, row);
    }

    fn suppressed(&self, file: &mut File) {
        let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
        let channel = ["", "email", "sms", "call", "post", "email sms"][self.channel];
        let channels: Vec<&str> = channel.split_whitespace().collect();
        let channels: Vec<&'static str> =
            CHANNELS.into_iter().filter(|c| channels.is_empty() || channels.contains(c)).collect();
        let mut row = Row::default();
        let (mailbox, spelling) = self.mail.unwrap_or_default();
        let (number, phone_spelling) = self.phone.unwrap_or_default();
        let (point, kind) = match self.kind % 8 {
            0 | 1 => {
                row.mail = Some((mailbox, spelling));
                (address(mailbox, spelling), "email")
            }
            2 | 3 => {
                row.phone = Some(number);
                (spelled(number, phone_spelling), "phone")
            }
            // A digest says nothing of other spellings; that of the canonical address binds all.
            4 => {
                row.mail = Some((mailbox, 0));
                (hex(&sha2::Sha256::digest(address(mailbox, 0))), "sha256")
            }
            5 => {
                row.phone = Some(number);
                (hex(&sha2::Sha512::digest(mobile(number))), "sha512")
            }
            6 => {
                let house = self.house.unwrap_or_default();
                row.house = Some((self.names().1, house));
                (format!("{} | {} | {}", self.names().1, STREETS[house].0, STREETS[house].1), "post")
            }
            _ => {
                row.domain = self.flag & 1 == 1;
                ((if row.domain { "@gmail.com" } else { "@elm.example" }).to_owned(), "domain")
            }
        };
        row.says.push(Say { what: What::No, channels, at: self.at });
        let line = format!("{point},{kind},{channel},do_not_contact,{},,", self.at.text());
        file.push(line, row);
    }

    /// Somebody's own list of people who left: an address or a number, as people type them.
    fn left(&self, file: &mut File) {
        let mut row = self.points();
        row.house = None;
        row.says.push(say(What::No, &["email"], self.at));
        let line = format!("{},{},{}", self.mail_text(), self.phone_text(), self.at.text());
        file.push(line, row);
    }

    fn mailchimp(&self, file: &mut File, cleaned: bool) {
        let (first, last) = self.names();
        let mut row = self.points();
        (row.phone, row.house) = (None, None);
        row.says.push(say(if cleaned { What::Bounce } else { What::No }, &["email"], self.at));
        let line = format!(
            "{},{first},{last},2,2025-06-05 09:00:00,192.0.2.1,,,{},,900{},f0{}",
            self.mail_text(),
            self.at.text(),
            file.rows.len(),
            file.rows.len()
        );
        file.push(line, row);
    }
}

/// A counterexample is read as its files.
impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let filled = |text: &&(&str, String)| text.1.lines().count() > 1;
        self.files().0.iter().filter(filled).try_for_each(|(name, text)| write!(f, "\n-- {name}\n{text}"))
    }
}

const CRM: &str = "first name,last name,email,mobile,street,postcode,country,newsletter,sms opt-in";
const FLAGS: &str = "unsubscribed,do not call,no post";

impl World {
    /// The files with their names, and what their lines say.
    pub(super) fn files(&self) -> (Vec<(&'static str, String)>, Vec<Row>) {
        let mut files = [
            File::new("crm.csv", &format!("{CRM},opt-in date,opt-in source,{FLAGS}")),
            File::new("shop.csv", &format!("{CRM},consent date,consent source,{FLAGS}")),
            File::new(
                "profiles.csv",
                "Email,Klaviyo ID,First Name,Last Name,Phone Number,Address,Country,Zip Code,Source,\
                 Email Marketing Consent,Email Marketing Consent Timestamp,SMS Marketing Consent,\
                 SMS Marketing Consent Timestamp,Email Suppressions",
            ),
            File::new(
                "consent-events.csv",
                "email,phone,event,channel,timestamp,source,method,purpose,detail",
            ),
            File::new("suppression.csv", "point,kind,channels,reason,since,first_seen,source"),
            File::new("unsubscribes.csv", "email,phone,date"),
            File::new("unsubscribed_members_export_2025.csv", UNSUBSCRIBED),
            File::new("cleaned_members_export_2025.csv", CLEANED),
        ];
        let [crm, shop, profiles, events, suppression, left, gone, cleaned] = &mut files;
        let [a, b, c, d, e, f, g, h, i] = &self.drafts;
        a.iter().for_each(|draft| draft.crm(crm, self.refusals, true));
        b.iter().for_each(|draft| draft.crm(shop, self.refusals, false));
        c.iter().for_each(|draft| draft.klaviyo(profiles, self.refusals));
        d.iter().chain(e).for_each(|draft| draft.event(events, self.refusals));
        f.iter().for_each(|draft| draft.suppressed(suppression));
        g.iter().for_each(|draft| draft.left(left));
        h.iter().for_each(|draft| draft.mailchimp(gone, false));
        i.iter().for_each(|draft| draft.mailchimp(cleaned, true));
        let rows = files.iter().flat_map(|file| file.rows.clone()).collect();
        (files.into_iter().map(|file| (file.name, file.text)).collect(), rows)
    }
}

const UNSUBSCRIBED: &str = "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,\
     CONFIRM_IP,UNSUB_TIME,UNSUB_REASON,LEID,EUID";
const CLEANED: &str = "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,\
     CONFIRM_IP,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,LEID,EUID";
