//! Asking: `hickory-resolver` on one thread, so many domains at once, every wait bounded.

use crate::dns::answer::{DnsAnswer, Replies};
use crate::dns::settings::DnsSettings;
use crate::record::Failure;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};

/// After so many domains in a row without any reply the server is taken for dead, and the rest is not asked.
const DEAD: usize = 96;

/// Asks about each domain once, answers in their order. Fails where no server is set up, or the user interrupted.
pub(super) fn ask(
    domains: &[&str],
    settings: &DnsSettings,
    interrupted: &dyn Fn() -> bool,
) -> Result<Replies, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Failure::run(format!("cannot start asking DNS: {e}")))?;
    let (config, servers) = servers(settings)?;
    let resolver = {
        let mut builder = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        options(builder.options_mut(), settings);
        builder.build().map_err(|e| Failure::run(format!("cannot start asking DNS: {e}")))?
    };
    let answers = runtime.block_on(all(domains, &resolver, settings, interrupted))?;
    // Questions that nobody waits for any more end with the runtime.
    runtime.shutdown_timeout(Duration::from_millis(100));
    Ok(Replies { answers, servers })
}

fn servers(settings: &DnsSettings) -> Result<(ResolverConfig, Vec<String>), Failure> {
    let servers = match settings.server {
        Some(server) => {
            let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
                connection.port = server.port();
                connection
            });
            vec![NameServerConfig::new(server.ip(), true, connections.into())]
        }
        None => {
            let none = || {
                Failure::run("this machine is set up with no DNS server")
                    .hint("name one: --dns-server 192.0.2.53")
            };
            let (system, _) = hickory_resolver::system_conf::read_system_conf().map_err(|_| none())?;
            Some(system.name_servers().to_vec()).filter(|s| !s.is_empty()).ok_or_else(none)?
        }
    };
    let name = |s: &NameServerConfig| {
        let port = s.connections.first().map_or(53, |c| c.port);
        std::net::SocketAddr::new(s.ip, port).to_string()
    };
    let names = servers.iter().map(name).collect();
    // No search list: a mail domain is whole.
    Ok((ResolverConfig::from_parts(None, Vec::new(), servers), names))
}

fn options(options: &mut ResolverOpts, settings: &DnsSettings) {
    options.timeout = settings.question;
    options.attempts = 0;
    options.cache_size = 0;
    options.use_hosts_file = ResolveHosts::Never;
    options.ip_strategy = LookupIpStrategy::Ipv4thenIpv6;
    options.max_active_requests = 4 * settings.at_once.max(1);
    options.edns0 = true;
}

async fn all(
    domains: &[&str],
    resolver: &TokioResolver,
    settings: &DnsSettings,
    interrupted: &dyn Fn() -> bool,
) -> Result<Vec<(String, DnsAnswer)>, Failure> {
    let end = Instant::now() + settings.run;
    let mut answers: Vec<Option<DnsAnswer>> = vec![None; domains.len()];
    let mut running = JoinSet::new();
    let mut next = domains.iter().enumerate();
    let mut silent = 0;
    loop {
        while running.len() < settings.at_once.max(1) && silent < DEAD && Instant::now() < end {
            let Some((at, domain)) = next.next() else { break };
            answers[at] = Some(DnsAnswer::NoAnswer);
            let (resolver, domain, limit) = (resolver.clone(), (*domain).to_owned(), settings.domain);
            running.spawn(async move {
                let reply = timeout(limit, one(&resolver, &domain)).await;
                (at, reply.unwrap_or(Reply::SILENCE))
            });
        }
        let wait = (Instant::now() + Duration::from_millis(200)).min(end);
        match timeout_at(wait, running.join_next()).await {
            Ok(None) => break,
            Ok(Some(Ok((at, reply)))) => {
                silent = if reply.came { 0 } else { silent + 1 };
                answers[at] = Some(reply.answer);
            }
            Ok(Some(Err(_))) => {}
            Err(_) if Instant::now() >= end => break,
            Err(_) => {}
        }
        if interrupted() {
            return Err(Failure::run("interrupted"));
        }
    }
    let named = domains.iter().map(|d| (*d).to_owned());
    Ok(named.zip(answers.into_iter().map(|a| a.unwrap_or(DnsAnswer::Unasked))).collect())
}

/// The answer about a domain, and whether any server replied.
#[derive(Debug, Clone, Copy)]
struct Reply {
    answer: DnsAnswer,
    came: bool,
}

impl Reply {
    const SILENCE: Self = Self { answer: DnsAnswer::NoAnswer, came: false };

    const fn fact(answer: DnsAnswer) -> Self {
        Self { answer, came: true }
    }
}

/// Asks for mail servers, then, where there are none, for addresses (RFC 5321, 5.1).
async fn one(resolver: &TokioResolver, domain: &str) -> Reply {
    let Ok(mut name) = Name::from_ascii(domain) else { return Reply::fact(DnsAnswer::Unasked) };
    name.set_fqdn(true);
    match records(resolver, &name, RecordType::MX).await {
        Records::Found(found) => {
            let servers = || {
                found.iter().filter_map(|data| match data {
                    RData::MX(mx) => Some(&mx.exchange),
                    _ => None,
                })
            };
            // A null MX stands alone; beside real servers it is a mistake of theirs.
            if servers().any(|server| !server.is_root()) {
                return Reply::fact(DnsAnswer::Mail);
            }
            if servers().next().is_some() {
                return Reply::fact(DnsAnswer::NullMx);
            }
        }
        Records::None => {}
        Records::Not(reply) => return reply,
    }
    for kind in [RecordType::A, RecordType::AAAA] {
        match records(resolver, &name, kind).await {
            Records::Found(found) if found.iter().any(is_address) => {
                return Reply::fact(DnsAnswer::AddressOnly);
            }
            Records::Found(_) | Records::None => {}
            Records::Not(reply) => return reply,
        }
    }
    Reply::fact(DnsAnswer::NoMail)
}

/// An address that another machine can reach: a domain parked at 0.0.0.0 or 127.0.0.1 takes no mail.
fn is_address(data: &RData) -> bool {
    match data {
        RData::A(a) => !a.0.is_unspecified() && !a.0.is_loopback(),
        RData::AAAA(a) => !a.0.is_unspecified() && !a.0.is_loopback(),
        _ => false,
    }
}

enum Records {
    Found(Vec<RData>),
    /// The name exists and has no such record.
    None,
    /// Nothing more need be asked.
    Not(Reply),
}

/// One question, sent twice when nothing comes back.
async fn records(resolver: &TokioResolver, name: &Name, kind: RecordType) -> Records {
    let mut tried = 0;
    loop {
        tried += 1;
        let error = match resolver.lookup(name.clone(), kind).await {
            Ok(lookup) => {
                let of_kind = |r: &&hickory_resolver::proto::rr::Record| r.record_type() == kind;
                return Records::Found(
                    lookup.answers().iter().filter(of_kind).map(|r| r.data.clone()).collect(),
                );
            }
            Err(error) => error,
        };
        return match error {
            NetError::Dns(DnsError::NoRecordsFound(none)) => match none.response_code {
                ResponseCode::NXDomain => Records::Not(Reply::fact(DnsAnswer::NoDomain)),
                ResponseCode::NoError => Records::None,
                _ => Records::Not(Reply::fact(DnsAnswer::NoAnswer)),
            },
            NetError::Timeout if tried < 2 => continue,
            NetError::Timeout => Records::Not(Reply::SILENCE),
            NetError::Io(_) | NetError::NoConnections | NetError::Busy => {
                Records::Not(Reply { answer: DnsAnswer::Unasked, came: false })
            }
            _ => Records::Not(Reply::fact(DnsAnswer::NoAnswer)),
        };
    }
}
