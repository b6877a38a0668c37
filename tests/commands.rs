//! The commands of the command line, as data: `tests/cmd/*.trycmd` holds what is typed and what comes back.

#[test]
fn commands_answer_as_their_cases_say() {
    trycmd::TestCases::new()
        .register_bin("odmkit", std::path::Path::new(env!("CARGO_BIN_EXE_odmkit")))
        .env("NO_COLOR", "1")
        .case("tests/cmd/*.trycmd")
        .case("tests/cmd/*.toml");
}
