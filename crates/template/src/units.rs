//! The bundled unit dictionaries, built from their parts.
//!
//! ODM's terms are the long names (`gram per litre`); what people write (`g/L`) is only their short name, and
//! no term. The long names of doses are all combinations of a few units.

use std::collections::HashSet;

/// A unit: its long name, which is the term, and its short name.
type Unit = (&'static str, &'static str);

const MASS: [Unit; 7] = [
    ("gram", "g"),
    ("femtogram", "fg"),
    ("picogram", "pg"),
    ("nanogram", "ng"),
    ("microgram", "μg"),
    ("milligram", "mg"),
    ("kilogram", "kg"),
];

const LENGTH: [Unit; 8] = [
    ("metre", "m"),
    ("femtometre", "fm"),
    ("picometre", "pm"),
    ("nanometre", "nm"),
    ("micrometre", "μm"),
    ("millimetre", "mm"),
    ("kilometre", "km"),
    ("centimetre", "cm"),
];

const LITRE: [Unit; 7] = [
    ("litre", "l"),
    ("femtolitre", "fl"),
    ("picolitre", "pl"),
    ("nanolitre", "nl"),
    ("microlitre", "μl"),
    ("millilitre", "ml"),
    ("centilitre", "cl"),
];

const TIME: [Unit; 5] = [
    ("second", "sec"),
    ("week", "w"),
    ("day", "d"),
    ("hour", "h"),
    ("minute", "min"),
];

const AMOUNT: [Unit; 6] = [
    ("mole", "mol"),
    ("femtomole", "fmol"),
    ("picomole", "pmol"),
    ("nanomole", "nmol"),
    ("micromole", "μmol"),
    ("millimole", "mmol"),
];

const CONCENTRATION: [Unit; 6] = [
    ("molar", "M"),
    ("femtomolar", "fM"),
    ("picomolar", "pM"),
    ("nanomolar", "nM"),
    ("micromolar", "μM"),
    ("millimolar", "mM"),
];

/// `Units - Time/Frequency`: terms and short names.
pub(crate) fn time() -> Vec<(String, String)> {
    let more = [("month", "m"), ("year", "y"), ("hertz", "Hz")];
    let ratios = [("second per second", "sec/sec"), ("hour per day", "h/d")];
    TIME.into_iter().chain(more).chain(ratios).map(owned).collect()
}

/// `Units - Dose/Mass/Volume`: terms and short names.
pub(crate) fn dose() -> Vec<(String, String)> {
    let single = |units: &[Unit]| units.iter().copied().map(owned).collect::<Vec<_>>();
    let mass = single(&MASS);
    let time = single(&TIME);
    // Lengths to the second and third power, but not of the kilometre.
    let power = |word: &str, exponent: u8| -> Vec<(String, String)> {
        LENGTH
            .iter()
            .filter(|(name, _)| *name != "kilometre")
            .map(|(name, short)| (format!("{word} {name}"), format!("{short}^{exponent}")))
            .collect()
    };
    let area = power("square", 2);
    let volume = [power("cubic", 3), single(&LITRE)].concat();
    let amount = single(&AMOUNT);
    let mass_rate = per(&mass, &time);
    let groups = [
        per(&mass, &mass),
        per(&mass, &volume),
        per(&volume, &mass),
        per(&volume, &volume),
        mass_rate.clone(),
        per(&mass, &area),
        per(&mass, &mass_rate),
        per(&amount, &mass),
    ];
    let mut all: Vec<(String, String)> = [
        mass,
        single(&LENGTH),
        area,
        volume,
        time,
        amount,
        single(&CONCENTRATION),
    ]
    .into_iter()
    .chain(groups)
    .flatten()
    .collect();
    let mut seen = HashSet::new();
    all.retain(|(label, _)| seen.insert(label.clone()));
    all
}

/// The unit that an abbreviation stands for which people write and dictionaries do not list.
pub(crate) fn spelt_out(text: &str) -> Option<&'static str> {
    const ABBREVIATIONS: [(&str, &[&str]); 7] = [
        ("year", &["yr", "yrs", "yo", "a"]),
        ("month", &["mo", "mos", "mth", "mths"]),
        ("week", &["wk", "wks"]),
        ("hour", &["hr", "hrs"]),
        ("minute", &["mins"]),
        ("second", &["s", "secs"]),
        ("microgram", &["mcg"]),
    ];
    let text = text.trim_end_matches('.').to_lowercase();
    ABBREVIATIONS
        .into_iter()
        .find(|(_, short)| short.contains(&text.as_str()))
        .map(|(unit, _)| unit)
}

fn per(above: &[(String, String)], below: &[(String, String)]) -> Vec<(String, String)> {
    let ratio = |(a, short_a): &(String, String), (b, short_b): &(String, String)| {
        (format!("{a} per {b}"), format!("{short_a}/{short_b}"))
    };
    above
        .iter()
        .flat_map(|a| below.iter().map(move |b| ratio(a, b)))
        .collect()
}

fn owned((name, short): Unit) -> (String, String) {
    (name.to_owned(), short.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn doses_combine_masses_volumes_areas_times_and_amounts() {
        let all = dose();
        assert_eq!(all.len(), 865);
        for term in [
            "gram",
            "milligram per kilogram per day",
            "litre per cubic metre",
            "micromole per milligram",
            "square metre",
        ] {
            assert!(all.iter().any(|(label, _)| label == term), "{term}");
        }
        assert!(
            !all.iter()
                .any(|(label, _)| label == "mole per litre" || label == "cubic kilometre")
        );
    }

    /// Compares with the published dictionary where it is at hand.
    fn compare(file: &str, ours: Vec<(String, String)>) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/dictionary");
        let Ok(mut reader) = csv::Reader::from_path(folder.join(file)) else {
            return;
        };
        let field = |record: &csv::StringRecord, at| record.get(at).unwrap_or_default().to_owned();
        let theirs: BTreeSet<(String, String)> = reader
            .records()
            .map(|record| record.expect("a record"))
            .map(|record| (field(&record, 0), field(&record, 1)))
            .collect();
        let ours: BTreeSet<(String, String)> = ours.into_iter().collect();
        assert_eq!(
            ours.difference(&theirs).collect::<Vec<_>>(),
            Vec::<&(String, String)>::new(),
            "only ours"
        );
        assert_eq!(
            theirs.difference(&ours).collect::<Vec<_>>(),
            Vec::<&(String, String)>::new(),
            "only theirs"
        );
    }

    #[test]
    fn agrees_with_the_published_dictionaries_where_they_are_at_hand() {
        compare("user-docs__units-dictionaries__units_dose.csv", dose());
        compare("user-docs__units-dictionaries__units_time.csv", time());
    }
}
