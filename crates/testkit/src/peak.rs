//! The most memory that a process has had.

use std::io::Read;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// How often the system is asked. It keeps the highest figure itself: what is missed is what a process first asks for
/// in its last moment.
const OFTEN: Duration = Duration::from_millis(1);

/// Runs a command to its end; gives what came of it, and the most memory that it had, in bytes: 0 where the system
/// does not tell, as others than Linux do not.
///
/// # Panics
///
/// Where the command cannot be run.
pub fn run(command: &mut Command) -> (Output, u64) {
    let command = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the command runs");
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let status = format!("/proc/{}/status", child.id());
    std::thread::scope(|scope| {
        let stdout = scope.spawn(|| all(stdout));
        let stderr = scope.spawn(|| all(stderr));
        let mut highest = 0;
        let status = loop {
            highest = highest.max(most(&status).unwrap_or(0));
            if let Some(status) = child.try_wait().expect("it can be waited for") {
                break status;
            }
            std::thread::sleep(OFTEN);
        };
        let output = Output {
            status,
            stdout: stdout.join().expect("it was read"),
            stderr: stderr.join().expect("it was read"),
        };
        (output, highest)
    })
}

fn all(stream: Option<impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut stream) = stream {
        stream.read_to_end(&mut bytes).expect("it can be read");
    }
    bytes
}

/// The line `VmHWM:     1234 kB`, in bytes.
fn most(status: &str) -> Option<u64> {
    let text = std::fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}
