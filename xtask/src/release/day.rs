//! A day of the calendar, as the tables and the changelog write it.

use std::time::{SystemTime, UNIX_EPOCH};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Days since 1 January 1970, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Day(pub i64);

impl Day {
    pub fn today() -> Self {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Self((seconds / 86_400) as i64)
    }

    /// `2026-11-30`, and nothing else.
    pub fn iso(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts[..] else { return None };
        let has_lengths = [year, month, day].map(str::len) == [4, 2, 2];
        has_lengths.then(|| Self::of(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?))?
    }

    /// The first `30 November 2026` of a text.
    pub fn english(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split([' ', '\n']).collect();
        words.windows(3).find_map(|words| {
            let month = MONTHS.iter().position(|month| *month == words[1])? + 1;
            let year = words[2].get(..4)?;
            Self::of(year.parse().ok()?, month.try_into().ok()?, words[0].parse().ok()?)
        })
    }

    fn of(year: i64, month: i64, day: i64) -> Option<Self> {
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = match month {
            2 if is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        if !(1..=length).contains(&day) || !(1970..=9999).contains(&year) {
            return None;
        }
        // Years that begin in March: the leap day is their last.
        let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
        Some(Self(days - 719_468))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_both_spellings() {
        assert_eq!(Day::iso("1970-01-01"), Some(Day(0)));
        assert_eq!(Day::iso("2000-03-01"), Some(Day(11_017)));
        assert_eq!(Day::iso("2026-11-30"), Some(Day(20_787)));
        assert_eq!(Day::english("Firefox 140, last run on 30 November 2026. And"), Day::iso("2026-11-30"));
        assert_eq!(Day::english("it passed last on 1 March 2000."), Day::iso("2000-03-01"));
    }

    #[test]
    fn what_is_no_day_is_none() {
        for text in ["2026-02-29", "2026-13-01", "2026-1-1", "30 November 2026", "", "2026-11-31"] {
            assert_eq!(Day::iso(text), None, "{text}");
        }
        for text in ["November 2026", "31 November 2026", "never", "30 Nov 2026"] {
            assert_eq!(Day::english(text), None, "{text}");
        }
        assert!(Day::iso("2028-02-29").is_some());
    }
}
