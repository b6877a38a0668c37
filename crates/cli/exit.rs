//! Exit codes.

use std::process::ExitCode;

/// How a command ended. A graver one wins over a lighter one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Nothing at error level.
    Success = 0,
    /// Errors were found in the data, a job failed, or a link was refused.
    Found = 1,
    /// The command could not do its work: usage, input or output, network.
    Failed = 2,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_graver_wins() {
        assert_eq!(Exit::Success.max(Exit::Found), Exit::Found);
        assert_eq!(Exit::Failed.max(Exit::Found), Exit::Failed);
        assert_eq!(
            [Exit::Success as u8, Exit::Found as u8, Exit::Failed as u8],
            [0, 1, 2]
        );
    }
}
