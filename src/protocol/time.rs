//! Instants as the specifications write them: `NumericDate`, Unix time in seconds
//! ([RFC 7519 section 2](https://www.rfc-editor.org/rfc/rfc7519#section-2)).

use crate::protocol::json::Value;

/// Unix time in whole seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixTime(pub i64);

/// No honest date lies past the year 33658. A later date is refused, which keeps every sum exact.
const LATEST: i64 = 1_000_000_000_000;

impl UnixTime {
    /// A JSON `NumericDate`. Fractions are allowed by RFC 7519 and rounded down; strings, NaN and absurd values are not dates.
    pub fn from_numeric_date(value: &Value) -> Option<Self> {
        value.as_number()?.floor().filter(|seconds| (0..LATEST).contains(seconds)).map(Self)
    }

    // A copy of these few instructions at each of their many uses is large.
    #[inline(never)]
    pub fn plus(self, seconds: u32) -> Self {
        Self(self.0.saturating_add(i64::from(seconds)))
    }

    /// Seconds from `earlier` to this instant; negative when `earlier` is in fact later.
    #[inline(never)]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

#[cfg(test)]
mod tests {
    use super::UnixTime;
    use crate::protocol::json::json;

    #[test]
    fn numeric_dates_are_numbers_within_reason() {
        assert_eq!(UnixTime::from_numeric_date(&json!(1_700_000_000)), Some(UnixTime(1_700_000_000)));
        assert_eq!(UnixTime::from_numeric_date(&json!(12.9)), Some(UnixTime(12)));
        for bad in [json!("1700000000"), json!(-1), json!(1e300), json!(null), json!([1]), json!(true)] {
            assert_eq!(UnixTime::from_numeric_date(&bad), None, "{bad}");
        }
    }
}
