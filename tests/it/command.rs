//! A *test command* is a run of the built binary in a directory of its own, and what it must print.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A directory that is gone after the test.
pub(crate) struct Dir {
    root: TempDir,
}

impl Dir {
    pub(crate) fn new() -> Self {
        Self { root: tempfile::tempdir().unwrap() }
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn file(&self, path: &str, text: &str) -> &Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    /// Runs `dateline` here, its arguments separated by spaces.
    pub(crate) fn run(&self, arguments: &str) -> TestCommand {
        self.args(&arguments.split_whitespace().collect::<Vec<_>>())
    }

    /// Runs `dateline` here.
    pub(crate) fn args(&self, arguments: &[&str]) -> TestCommand {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
        command.current_dir(self.root.path()).args(arguments);
        for name in ["DATELINE_INDEX", "DATELINE_SCHEMA", "NO_COLOR"] {
            command.env_remove(name);
        }
        let shown = format!("dateline {}", arguments.join(" "));
        TestCommand {
            command,
            shown,
            root: self.root.path().to_string_lossy().into_owned(),
            input: String::new(),
        }
    }
}

/// A run to come.
pub(crate) struct TestCommand {
    command: Command,
    shown: String,
    root: String,
    input: String,
}

impl TestCommand {
    /// What stands on stdin.
    pub(crate) fn stdin(mut self, text: &str) -> Self {
        text.clone_into(&mut self.input);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it in a folder below.
    pub(crate) fn within(mut self, folder: &str) -> Self {
        self.command.current_dir(std::path::Path::new(&self.root).join(folder));
        self
    }

    /// Runs it, and checks its exit code.
    pub(crate) fn exits(mut self, code: i32) -> Printed {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        // A command that reads nothing may have ended by now.
        drop(child.stdin.take().unwrap().write_all(self.input.as_bytes()));
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap().replace(&self.root, "DIR");
        let printed = Printed { stdout: text(stdout), stderr: text(stderr), shown: self.shown };
        assert_eq!(status.code(), Some(code), "{printed:#?}");
        printed
    }

    /// Runs it with a stdout that is closed after the first bytes, and checks its exit code.
    pub(crate) fn exits_when_unread(mut self, code: i32) -> String {
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        drop(child.stdout.take());
        let Output { status, stderr, .. } = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(code), "{}: {stderr}", self.shown);
        stderr
    }
}

/// What a run printed; the test's directory reads `DIR`.
#[derive(Debug)]
pub(crate) struct Printed {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    shown: String,
}

impl Printed {
    /// Checks that stdout holds each of these.
    pub(crate) fn out(self, parts: &[&str]) -> Self {
        holds("stdout", &self.stdout, parts, &self.shown);
        self
    }

    /// Checks that stderr holds each of these.
    pub(crate) fn err(self, parts: &[&str]) -> Self {
        holds("stderr", &self.stderr, parts, &self.shown);
        self
    }

    /// Checks that nothing is on stdout.
    pub(crate) fn no_out(self) -> Self {
        assert_eq!(self.stdout, "", "stdout of {}", self.shown);
        self
    }

    /// Checks that nothing is on stderr.
    pub(crate) fn no_err(self) -> Self {
        assert_eq!(self.stderr, "", "stderr of {}", self.shown);
        self
    }
}

fn holds(name: &str, text: &str, parts: &[&str], shown: &str) {
    for part in parts {
        assert!(text.contains(part), "{name} of {shown} lacks {part:?}:\n{text}");
    }
}
