//! A *corpus* is the set of source files below the roots of an archive.
//!
//! Walking never follows a symbolic link below a root, so that it can neither loop nor leave the root, and opens
//! nothing: devices, pipes and sockets are named and passed over.

use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use globset::{Glob, GlobSet, GlobSetBuilder};
use walkdir::{DirEntry, WalkDir};

/// Folders may be nested this deep.
const MAX_DEPTH: usize = 512;

/// One file of an archive that may hold articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Where to open it.
    pub path: PathBuf,
    /// Its name in the ledger and in every answer: the path from the folder that holds the index, `/` between folders,
    /// where it lies below that; else the whole path. Bytes that are no UTF-8 read `\xff`, and so does the backslash
    /// of a name that holds `\x`, so that no two files have one name.
    pub name: String,
    /// Size in bytes.
    pub size: u64,
    /// Last change, in nanoseconds since 1970.
    pub modified: i64,
}

/// What a walk comes upon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A file that may hold articles.
    File(SourceFile),
    /// A file that is none of our business, and why.
    Skipped {
        /// Its name.
        name: String,
        /// Why.
        reason: &'static str,
    },
    /// A file that matches no pattern of those to take: it is there, and left as it is.
    LeftAlone {
        /// Its name.
        name: String,
    },
    /// A file or folder that cannot be looked at, and why.
    Unreadable {
        /// Its name.
        name: String,
        /// What the system said.
        reason: String,
    },
}

/// A root or pattern that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CorpusError {
    /// There is no such file or folder.
    #[error("there is no file or folder {0}")]
    Missing(PathBuf),
    /// A root of earlier runs is not there.
    #[error("{0} is not there and keeps its articles: dateline index {0} drops them")]
    Gone(PathBuf),
    /// A root cannot be looked at.
    #[error("{path}: {source}")]
    Io {
        /// The root.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A pattern cannot be read.
    #[error("'{pattern}' is no pattern: {reason}; write '*.txt' or '!drafts/**'")]
    Glob {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// Which files of the roots are candidates: those that match a pattern, or any where there is none, less those that
/// match a pattern after `!`.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    include: Option<GlobSet>,
    exclude: GlobSet,
}

impl Selection {
    /// Reads patterns as `--glob` takes them; one without `/` is tried on the file's name alone.
    ///
    /// # Errors
    /// The first pattern that cannot be read.
    pub fn parse(patterns: &[String]) -> Result<Self, CorpusError> {
        let mut sets = [GlobSetBuilder::new(), GlobSetBuilder::new()];
        let mut included = 0;
        for pattern in patterns {
            let (pattern, exclude) =
                pattern.strip_prefix('!').map_or((pattern.as_str(), 0), |rest| (rest, 1));
            let whole = if pattern.contains('/') { pattern.to_owned() } else { format!("**/{pattern}") };
            let glob = Glob::new(&whole).map_err(|error| CorpusError::Glob {
                pattern: pattern.to_owned(),
                reason: error.kind().to_string(),
            })?;
            sets[exclude].add(glob);
            included += usize::from(exclude == 0);
        }
        let build = |set: &GlobSetBuilder| {
            let reason = |error: globset::Error| error.to_string();
            set.build()
                .map_err(|error| CorpusError::Glob { pattern: patterns.join(" "), reason: reason(error) })
        };
        Ok(Self { include: (included > 0).then(|| build(&sets[0])).transpose()?, exclude: build(&sets[1])? })
    }

    fn takes(&self, path: &Path) -> bool {
        self.include.as_ref().is_none_or(|set| set.is_match(path))
    }

    fn leaves_out(&self, path: &Path) -> bool {
        self.exclude.is_match(path)
    }
}

/// The folder that names are told from: the one that holds the index's directory.
pub fn home(index: &Path) -> &Path {
    match index.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => index,
    }
}

/// A root of an archive: a folder, or a single file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    path: PathBuf,
    home: PathBuf,
}

impl Root {
    /// Finds the root of a name, as [`Root::name`] gives it.
    ///
    /// # Errors
    /// As [`Root::find`].
    pub fn named(name: &str, home: &Path) -> Result<Self, CorpusError> {
        Self::find(&home.join(path_of(name)), home)
    }

    /// The root that was at a path where nothing is now.
    pub fn gone(path: &Path, home: &Path) -> Self {
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        // The folders above it may be there, and have another name.
        let above = whole.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
        let path = match above {
            Some((above, found)) => found.join(whole.strip_prefix(above).unwrap_or(&whole)),
            None => whole,
        };
        Self { path, home: home.canonicalize().unwrap_or_else(|_| home.to_owned()) }
    }

    /// Finds a root. `home` is the folder that holds the index: names are told from there.
    ///
    /// # Errors
    /// Where there is no such file or folder.
    pub fn find(path: &Path, home: &Path) -> Result<Self, CorpusError> {
        let path = match path.canonicalize() {
            Ok(path) => path,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(CorpusError::Missing(path.to_owned()));
            }
            Err(source) => return Err(CorpusError::Io { path: path.to_owned(), source }),
        };
        let home = home.canonicalize().unwrap_or_else(|_| home.to_owned());
        Ok(Self { path, home })
    }

    /// The root's own name.
    pub fn name(&self) -> String {
        self.name_of(&self.path)
    }

    /// Where the root is, whatever the current folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a file of this name lies in this root.
    pub fn holds(&self, name: &str) -> bool {
        let root = self.name();
        if root.is_empty() {
            return !Path::new(name).is_absolute();
        }
        name == root || name.strip_prefix(&root).is_some_and(|rest| rest.starts_with('/'))
    }

    fn name_of(&self, path: &Path) -> String {
        name_of(path.strip_prefix(&self.home).unwrap_or(path))
    }

    /// Walks the root in the order of names, calling `each` for everything in it. Hidden files and folders (those whose
    /// name starts with a dot) are passed over without a word, as are indexes and what `selection` leaves out.
    pub fn walk(&self, selection: &Selection, each: &mut dyn FnMut(Entry)) {
        let walk = WalkDir::new(&self.path).max_depth(MAX_DEPTH).sort_by_file_name().into_iter();
        let hidden =
            |entry: &DirEntry| entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".");
        for entry in walk.filter_entry(|entry| !hidden(entry) && !is_index(entry)) {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => {
                    let below = entry
                        .path()
                        .strip_prefix(&self.path)
                        .ok()
                        .filter(|path| !path.as_os_str().is_empty());
                    let below = below.unwrap_or(entry.path());
                    match (selection.leaves_out(below), selection.takes(below)) {
                        (true, _) => {}
                        (false, true) => each(self.entry(&entry)),
                        (false, false) => each(Entry::LeftAlone { name: self.name_of(entry.path()) }),
                    }
                }
                Err(error) => {
                    let name = self.name_of(error.path().unwrap_or(&self.path));
                    let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                    each(Entry::Unreadable { name, reason });
                }
            }
        }
    }

    fn entry(&self, entry: &DirEntry) -> Entry {
        let name = self.name_of(entry.path());
        if let Some(reason) = not_a_candidate(entry) {
            return Entry::Skipped { name, reason };
        }
        match entry.metadata() {
            Ok(metadata) => {
                let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
                let modified = modified.and_then(|age| i64::try_from(age.as_nanos()).ok()).unwrap_or(0);
                Entry::File(SourceFile {
                    path: entry.path().to_owned(),
                    name,
                    size: metadata.len(),
                    modified,
                })
            }
            Err(error) => Entry::Unreadable { name, reason: error.to_string() },
        }
    }
}

/// The name of a path, from which [`path_of`] makes the path again.
fn name_of(path: &Path) -> String {
    let mut name = String::new();
    for part in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        match std::path::MAIN_SEPARATOR {
            '/' => name += &part.valid().replace("\\x", "\\x5cx"),
            separator => name += &part.valid().replace(separator, "/"),
        }
        for byte in part.invalid() {
            name += &format!("\\x{byte:02x}");
        }
    }
    name
}

/// The path of a name.
#[cfg(unix)]
fn path_of(name: &str) -> PathBuf {
    let mut parts = name.split("\\x");
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        match part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend(&part.as_bytes()[2..]);
            }
            None => bytes.extend([b"\\x", part.as_bytes()].concat()),
        }
    }
    PathBuf::from(<std::ffi::OsString as std::os::unix::ffi::OsStringExt>::from_vec(bytes))
}

#[cfg(not(unix))]
fn path_of(name: &str) -> PathBuf {
    PathBuf::from(name)
}

/// Opens a file that another one names, which lies in `folder` or below it. No link is followed.
///
/// # Errors
/// Where the name leads elsewhere, or to what is no file.
pub fn open_below(folder: &Path, name: &str) -> std::io::Result<std::fs::File> {
    let refused = |why: &str| std::io::Error::new(std::io::ErrorKind::InvalidInput, why.to_owned());
    let mut path = folder.to_owned();
    for part in Path::new(name).components() {
        match part {
            Component::Normal(part) => path.push(part),
            Component::CurDir => continue,
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                return Err(refused("it does not lie below this folder"));
            }
        }
        if path.symlink_metadata()?.is_symlink() {
            return Err(refused("it is a symbolic link"));
        }
    }
    match path.symlink_metadata()?.is_file() {
        true => std::fs::File::open(path),
        false => Err(refused("it is no file")),
    }
}

/// Whether a folder is an index, whose files are no articles.
fn is_index(entry: &DirEntry) -> bool {
    entry.file_type().is_dir()
        && entry.path().join("format.json").is_file()
        && entry.path().join("engine").is_dir()
}

fn not_a_candidate(entry: &DirEntry) -> Option<&'static str> {
    let kind = entry.file_type();
    if kind.is_symlink() {
        return Some("a symbolic link");
    }
    if !kind.is_file() {
        return Some("a device, pipe or socket");
    }
    let stem = entry.path().file_stem()?.to_string_lossy().to_ascii_lowercase();
    // "readme", "README_FIRST", but not "readmes of the year".
    let first = stem.split(['_', '-', '.', ' ']).next().unwrap_or_default();
    let about_the_folder =
        first == "readme" || matches!(stem.as_str(), "license" | "licence" | "copying" | "changelog");
    about_the_folder.then_some("a file about the folder, not an article")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Entry, Root, Selection, name_of, path_of};

    fn walk(patterns: &[&str]) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        for file in ["b.txt", "a/2.html", "a/1.txt", "drafts/x.txt", ".hidden/y.txt", ".z.txt", "README.md"] {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink("/", dir.path().join("link")).unwrap();
        let patterns: Vec<String> = patterns.iter().map(|p| (*p).to_owned()).collect();
        let root = Root::find(dir.path(), dir.path()).unwrap();
        let mut seen = Vec::new();
        root.walk(&Selection::parse(&patterns).unwrap(), &mut |entry| {
            seen.push(match entry {
                Entry::File(file) => file.name,
                Entry::Skipped { name, reason } => format!("{name}: {reason}"),
                Entry::LeftAlone { name } => format!("{name} left alone"),
                Entry::Unreadable { name, reason } => format!("{name}! {reason}"),
            });
        });
        seen.retain(|name| !name.ends_with("left alone"));
        seen
    }

    #[test]
    fn files_come_in_order_and_links_are_not_followed() {
        let link = "link: a symbolic link";
        let readme = "README.md: a file about the folder, not an article";
        assert_eq!(walk(&[]), [readme, "a/1.txt", "a/2.html", "b.txt", "drafts/x.txt", link]);
    }

    #[test]
    fn patterns_select() {
        assert_eq!(walk(&["*.txt", "!drafts/**"]), ["a/1.txt", "b.txt"]);
        assert_eq!(walk(&["a/*"]), ["a/1.txt", "a/2.html"]);
        assert!(Selection::parse(&["a[".to_owned()]).is_err());
    }

    #[test]
    fn a_name_is_one_file() {
        for (bytes, name) in [
            (&b"news/a.txt"[..], "news/a.txt"),
            (b"a\xff.txt", "a\\xff.txt"),
            (b"a\xfe\xfd.txt", "a\\xfe\\xfd.txt"),
            (b"a\\xff.txt", "a\\x5cxff.txt"),
            (b"a\\b\\\xff", "a\\b\\\\xff"),
            ("São".as_bytes(), "São"),
        ] {
            #[cfg(unix)]
            {
                let path = std::path::Path::new(
                    <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes),
                );
                assert_eq!((name_of(path).as_str(), path_of(name).as_path()), (name, path));
            }
        }
    }

    #[test]
    fn an_index_is_no_part_of_the_archive() {
        let dir = tempfile::tempdir().unwrap();
        for file in ["idx/format.json", "idx/engine/meta.json", "news/format.json", "news/a.txt"] {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let mut seen = Vec::new();
        let root = Root::find(dir.path(), dir.path()).unwrap();
        root.walk(&Selection::default(), &mut |entry| {
            if let Entry::File(file) = entry {
                seen.push(file.name);
            }
        });
        assert_eq!(seen, ["news/a.txt", "news/format.json"]);
    }

    #[test]
    fn a_root_that_is_gone_keeps_its_name() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("news/old")).unwrap();
        let name = || Root::find(&dir.path().join("news/old"), dir.path()).unwrap().name();
        let was = name();
        fs::remove_dir_all(dir.path().join("news")).unwrap();
        assert_eq!(Root::gone(&dir.path().join("news/old"), dir.path()).name(), was);
    }

    #[test]
    fn a_root_holds_what_lies_below_it() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("news/old")).unwrap();
        let root = Root::find(&dir.path().join("news"), dir.path()).unwrap();
        assert_eq!(root.name(), "news");
        assert!(root.holds("news/old/a.txt") && !root.holds("newspaper/a.txt") && !root.holds("a.txt"));
        let home = Root::find(dir.path(), dir.path()).unwrap();
        assert!(home.holds("news/a.txt") && !home.holds("/elsewhere/a.txt"));
        assert!(Root::find(&dir.path().join("none"), dir.path()).is_err());
    }
}
