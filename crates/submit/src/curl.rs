//! A request as a `curl` line, with the token left out.

use odmkit_odm_api::{Body, Part, Request, redact};
use serde_json::Value;

/// The line. The token is named by its environment variable, which the shell puts in.
pub(crate) fn curl(request: &Request) -> String {
    let mut words = vec![
        "curl".to_owned(),
        "-X".to_owned(),
        request.method.to_string(),
        quoted(&request.url),
    ];
    if let Some(auth) = &request.auth {
        let scheme = if auth.header_name() == "Authorization" {
            "Bearer "
        } else {
            ""
        };
        words.extend([
            "-H".to_owned(),
            format!("\"{}: {scheme}${}\"", auth.header_name(), auth.variable()),
        ]);
    }
    match &request.body {
        Body::Empty => {}
        Body::Json(value) => {
            words.extend(["-H".to_owned(), "'Content-Type: application/json'".to_owned()]);
            words.extend(["-d".to_owned(), quoted(&redacted(value.clone()).to_string())]);
        }
        // The token itself is the body: the shell puts it in as well.
        Body::Token(_) => {
            let variable = request
                .auth
                .as_ref()
                .map_or("ODM_API_TOKEN", |auth| auth.variable());
            words.extend(["-H".to_owned(), "'Content-Type: application/json'".to_owned()]);
            words.extend(["-d".to_owned(), format!("\"[\\\"${variable}\\\"]\"")]);
        }
        Body::Form(parts) => {
            for (name, part) in parts {
                let (flag, value) = match part {
                    Part::Text(text) => ("--form-string", format!("{name}={text}")),
                    Part::File(path) => (
                        "-F",
                        format!("{name}=@\"{}\"", form_escaped(&path.to_string_lossy())),
                    ),
                };
                // A file's name is its own, whatever it looks like.
                let value = if flag == "-F" {
                    literal(&value)
                } else {
                    quoted(&value)
                };
                words.extend([flag.to_owned(), value]);
            }
        }
    }
    words.join(" ")
}

/// Hides what links hide.
fn redacted(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| match value {
                Value::String(link) if name.ends_with("Link") => (name, redact::link(&link).into()),
                other => (name, other),
            })
            .collect(),
        other => other,
    }
}

/// Quoted for the shell; an accession that is not known yet, and so is a `$VARIABLE`, stays one.
fn quoted(text: &str) -> String {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, name, after)) = variable(rest) {
        pieces.push((before, name));
        rest = after;
    }
    if pieces.is_empty() {
        return literal(text);
    }
    let plain = |text: &str| !text.contains(['"', '`', '\\', '!', '\'', '$']);
    if pieces.iter().all(|(before, _)| plain(before)) && plain(rest) {
        return format!("\"{text}\"");
    }
    let mut line = String::new();
    for (before, name) in pieces {
        line.extend([&literal(before), "\"", name, "\""]);
    }
    line + &literal(rest)
}

/// Quoted for the shell as it stands.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The first accession in a text that is a variable: a whole part of a path, or a whole value.
fn variable(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(at) = text[from..].find('$').map(|at| at + from) {
        let end = text[at + 1..]
            .find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))
            .map_or(text.len(), |length| at + 1 + length);
        let starts = text[..at].ends_with(['/', '"', '=']);
        let stops = end == text.len() || text[end..].starts_with(['/', '"', '?']);
        if starts && stops && end > at + 1 {
            return Some((&text[..at], &text[at..end], &text[end..]));
        }
        from = at + 1;
    }
    None
}

fn form_escaped(path: &str) -> String {
    path.replace('\\', r"\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use odmkit_odm_api::{Accession, Api, Auth, Import, Link, LinkKind, Metadata, PathFamily, Server};

    use super::*;

    fn api(auth: Auth) -> Api {
        Api::new(
            Server::parse("https://odm.example.org", false).unwrap(),
            PathFamily::V1,
            auth,
        )
    }

    #[test]
    fn the_token_is_a_variable() {
        let table = Metadata {
            table: "https://a.org/it's?sig=5ecret".into(),
            template: None,
        };
        let api = api(Auth::api_token("t0ken").unwrap());
        assert_eq!(
            curl(&api.import_by_link(&Import::Samples(table), false).unwrap()),
            r#"curl -X POST 'https://odm.example.org/api/v1/jobs/import/samples' -H "Genestack-API-Token: $ODM_API_TOKEN" -H 'Content-Type: application/json' -d '{"metadataLink":"https://a.org/it'\''s?sig=…","source":"HTTP"}'"#
        );
        assert!(!curl(&api.sign_in()).contains("t0ken"));
    }

    #[test]
    fn accessions_that_are_not_known_yet_are_variables_too() {
        let link = Link {
            kind: LinkKind::SamplesStudy,
            source: Accession::shell_variable("samples"),
            target: "GSF1".parse().unwrap(),
            attribute: None,
        };
        assert_eq!(
            curl(&api(Auth::access_token("t0ken").unwrap()).link(&link)),
            r#"curl -X POST "https://odm.example.org/api/v1/as-curator/integration/link/sample/group/$SAMPLES/to/study/GSF1" -H "Authorization: Bearer $ODM_ACCESS_TOKEN""#
        );
    }

    #[test]
    fn only_an_accession_is_a_variable() {
        assert_eq!(
            quoted(r#"{"templateId":"$TEMPLATE","dataLink":"https://a/b$HOME.tsv"}"#),
            r#"'{"templateId":"'"$TEMPLATE"'","dataLink":"https://a/b$HOME.tsv"}'"#
        );
        for literal in ["a$b", "$", "x=$", "/$home/", "cost $5", "$$"] {
            assert_eq!(quoted(literal), format!("'{literal}'"));
        }
        assert_eq!(quoted("studyId=$STUDY"), "\"studyId=$STUDY\"");
        let import = Import::Cells("/data/$HOME".into());
        let line = curl(
            &api(Auth::api_token("t0ken").unwrap())
                .upload(&import, None)
                .unwrap(),
        );
        assert!(line.ends_with(r#"-F 'file=@"/data/$HOME"'"#), "{line}");
    }

    #[test]
    fn forms_name_their_files() {
        let import = Import::Cells("/data/cells \"1\".tsv".into());
        let line = curl(
            &api(Auth::api_token("t0ken").unwrap())
                .upload(&import, Some(&"GSF9".parse().unwrap()))
                .unwrap(),
        );
        assert!(
            line.ends_with(r#"--form-string 'studyId=GSF9' -F 'file=@"/data/cells \"1\".tsv"'"#),
            "{line}"
        );
    }
}
