//! The tables that checking a number needs.

use crate::data::phone::{PlanId, Plans, Reserved};
use crate::phone::region::Region;
use crate::record::Few;

/// What checking a number needs: the numbering plans, and the numbers that are special in them.
#[derive(Debug)]
pub struct PhoneTables {
    pub(super) plans: Plans,
    pub(super) reserved: Reserved,
}

impl PhoneTables {
    /// The tables this program was built with.
    pub fn built_in() -> Self {
        Self::new(Plans::built_in())
    }

    /// With other numbering plans.
    pub fn new(plans: Plans) -> Self {
        Self { plans, reserved: Reserved::built_in() }
    }

    /// The numbering plans: their version and date.
    pub const fn plans(&self) -> &Plans {
        &self.plans
    }

    /// The calling code of a region, such as 44; shared codes (1, 7, 39, …) are those of several regions.
    pub fn calling_code(&self, region: Region) -> Option<u16> {
        self.plan_of(Some(region)).map(|id| self.plans.plan(id).code)
    }

    /// The region of a dialling code as lists write it: `44`, `+44`, `0044`, `1-268`. Of a shared code (1, 7, 39,
    /// 44, …) the main region, which reads the numbers of all of them.
    pub fn region_of_dial_code(&self, text: &str) -> Option<Region> {
        let text = text.trim();
        if !text.bytes().all(|b| b.is_ascii_digit() || b"+-() ".contains(&b)) {
            return None;
        }
        let mut values: Few<u8, 8> = Few::default();
        if !text.bytes().filter(u8::is_ascii_digit).all(|b| values.push(b - b'0')) {
            return None;
        }
        let digits = values.as_slice();
        let digits = digits.strip_prefix(&[0, 0]).unwrap_or(digits);
        let (number, rest) = self.plans.split_code(digits)?;
        let code = self.plans.code(number)?;
        if rest.is_empty() {
            return self.plans.plan(code.main).region.map(Region::of_plan);
        }
        self.plans.find(code, rest).region.filter(|_| !code.single).map(Region::of_plan)
    }

    pub(super) fn plan_of(&self, region: Option<Region>) -> Option<PlanId> {
        region.and_then(|r| self.plans.of_region(r.letters()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dial_codes_as_lists_write_them() {
        let tables = PhoneTables::built_in();
        let told = "44 GB|+44 GB|0044 GB| +44  GB|1 US|1-268 AG|+1 (809) DO|+7 RU|800 |999 | |GB ";
        for (text, region) in told.split('|').filter_map(|line| line.rsplit_once(' ')) {
            let found = tables.region_of_dial_code(text);
            assert_eq!(found.as_ref().map_or("", Region::as_str), region, "{text}");
        }
    }
}
