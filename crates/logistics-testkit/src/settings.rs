//! Settings as a program's help names them, and as documents do.

/// A setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its environment variable.
    pub variable: String,
    /// What it is when nobody sets it, where that is one value.
    pub default: Option<String>,
}

/// The settings of a program's long help.
#[must_use]
pub fn of_help(help: &str) -> Vec<Setting> {
    let mut settings: Vec<Setting> = Vec::new();
    for line in help.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("[env: DRAY_") {
            let name = rest.split(['=', ']']).next().unwrap_or_default();
            settings.push(Setting { variable: format!("DRAY_{name}"), default: None });
        } else if let Some(rest) = line.strip_prefix("[default: ") {
            let setting = settings.last_mut().expect("a default stands after its variable");
            setting.default = Some(rest.trim_end_matches(']').to_owned());
        }
    }
    settings
}

/// The settings of the tables of a Markdown document: in the first column the variables, in the one that is headed `default`
/// the default. `…_URL` stands for the variables that end so, of each of `groups`.
#[must_use]
pub fn of_document(text: &str, groups: &[&str]) -> Vec<Setting> {
    let (mut settings, mut default_column) = (Vec::new(), 0);
    for line in text.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        if let Some(column) = cells.iter().position(|cell| *cell == "default") {
            default_column = column;
        }
        let default = cells.get(default_column).and_then(|cell| cell.strip_prefix('`')?.strip_suffix('`'));
        let default = default.filter(|value| !value.contains('`')).map(str::to_owned);
        for name in cells[0].split('`').skip(1).step_by(2) {
            let variables = match name.strip_prefix('…') {
                Some(end) => groups.iter().map(|group| format!("{group}{end}")).collect(),
                None => vec![name.to_owned()],
            };
            let named = variables.into_iter().filter(|variable| variable.starts_with("DRAY_"));
            settings.extend(named.map(|variable| Setting { variable, default: default.clone() }));
        }
    }
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(variable: &str, default: Option<&str>) -> Setting {
        Setting { variable: variable.to_owned(), default: default.map(str::to_owned) }
    }

    #[test]
    fn help_and_tables_say_the_same() {
        let help =
            "  --a <A>\n    Text\n\n    [env: DRAY_A=7]\n    [default: 1]\n  --b\n    [env: DRAY_G_B]\n";
        let table = "| variable | flag | default | |\n| - | - | - | - |\n| `DRAY_A` | `--a` | `1` | x |\n\n\
                     | variable | default | |\n| - | - | - |\n| `…_B` | none | `DRAY_A` |\n| `DRAY_C` | `1`, `2` | |\n";
        let expected = [setting("DRAY_A", Some("1")), setting("DRAY_G_B", None)];
        assert_eq!(of_help(help), expected);
        assert_eq!(of_document(table, &["DRAY_G"])[..2], expected);
        assert_eq!(of_document(table, &[])[1], setting("DRAY_C", None));
    }
}
