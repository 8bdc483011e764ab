//! Dates in doubt, in the columns that date consent or refusal: which cells cannot be read as they stand, and which
//! columns leave the order of day and month open. Knows columns; what a reading means for contact is told by `consent`.

use crate::mapping::model::{Mapping, Role};

/// The date columns that date consent or refusal.
pub(crate) fn columns(mapping: &Mapping) -> Vec<usize> {
    let mut all: Vec<usize> = Vec::new();
    let implied = mapping.implies.iter().map(|implied| implied.dated);
    let said = mapping.columns.iter().filter_map(|column| match &column.role {
        Role::Status(says) | Role::Event(says) | Role::Frequency(says) | Role::Refusal { says, .. } => {
            Some(says.dated)
        }
        Role::GrantedChannels(dated) => Some(*dated),
        _ => None,
    });
    for dated in implied.chain(said) {
        all.extend([dated.given, dated.confirmed, dated.refused].into_iter().flatten().map(usize::from));
    }
    let itself = |role: &Role| match role {
        Role::Refusal { .. } => true,
        Role::Moment { event, .. } => event.is_consent() || event.suppresses(),
        _ => false,
    };
    let own = mapping.columns.iter().enumerate().filter(|(_, column)| itself(&column.role));
    all.extend(own.map(|(at, _)| at));
    all.retain(|at| mapping.columns.get(*at).is_some_and(|column| column.date.is_some()));
    all.sort_unstable();
    all.dedup();
    all
}
