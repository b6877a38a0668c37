//! What the AWS tools keep in `~/.aws`: the file of credentials and the file of settings.

use std::collections::HashMap;
use std::path::PathBuf;

/// What a profile says.
#[derive(Default)]
pub(crate) struct Profile {
    values: HashMap<String, String>,
}

impl Profile {
    /// The profile that `AWS_PROFILE` names, else `default`; empty where there is none.
    pub(crate) fn chosen() -> Self {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let home = set("HOME").map(PathBuf::from).unwrap_or_default();
        let name = set("AWS_PROFILE").unwrap_or_else(|| "default".to_owned());
        let text = |variable: &str, file: &str| {
            let path = set(variable).map_or_else(|| home.join(".aws").join(file), PathBuf::from);
            std::fs::read_to_string(path).unwrap_or_default()
        };
        let config = text("AWS_CONFIG_FILE", "config");
        let credentials = text("AWS_SHARED_CREDENTIALS_FILE", "credentials");
        Self::read(&config, &credentials, &name)
    }

    /// A profile by its name. Credentials win over settings.
    fn read(config: &str, credentials: &str, name: &str) -> Self {
        let mut values = HashMap::new();
        section(
            config,
            &["profile ".to_owned() + name, name.to_owned()],
            &mut values,
        );
        section(credentials, &[name.to_owned()], &mut values);
        Self { values }
    }

    /// A value of the profile.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str)
    }

    /// Whether it names credentials in a way that needs another program or a login.
    pub(crate) fn needs_another_tool(&self) -> bool {
        let keys = [
            "sso_session",
            "sso_start_url",
            "credential_process",
            "role_arn",
            "source_profile",
        ];
        keys.iter().any(|key| self.values.contains_key(*key))
    }
}

/// The pairs of the sections with one of these names. Indented lines belong to a nested setting, which is not ours.
fn section(text: &str, names: &[String], values: &mut HashMap<String, String>) {
    let mut inside = false;
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with('#') || trimmed.starts_with(';') {
            continue;
        }
        if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            let words: Vec<&str> = name.0.split_whitespace().collect();
            inside = names.contains(&words.join(" "));
        } else if inside
            && !line.starts_with([' ', '\t'])
            && let Some((key, value)) = trimmed.split_once('=')
        {
            values.insert(key.trim().to_ascii_lowercase(), value.trim().to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_and_settings_are_put_together() {
        let config = "[default]\nregion = eu-west-1\n[profile  lab]\nregion=us-east-2\ns3 =\n  max_bandwidth = 1\n\
                      endpoint_url = http://127.0.0.1:9000\n";
        let credentials = "# mine\n[default]\naws_access_key_id=A\n[lab]\naws_access_key_id = B\n\
                           aws_secret_access_key = a=b\n";
        let lab = Profile::read(config, credentials, "lab");
        assert_eq!(lab.get("region"), Some("us-east-2"));
        assert_eq!(lab.get("aws_access_key_id"), Some("B"));
        assert_eq!(lab.get("aws_secret_access_key"), Some("a=b"));
        assert_eq!(lab.get("endpoint_url"), Some("http://127.0.0.1:9000"));
        assert_eq!(lab.get("max_bandwidth"), None);
        assert!(!lab.needs_another_tool());
        assert_eq!(
            Profile::read(config, credentials, "default").get("aws_access_key_id"),
            Some("A")
        );
        assert_eq!(Profile::read(config, credentials, "none").get("region"), None);
    }
}
