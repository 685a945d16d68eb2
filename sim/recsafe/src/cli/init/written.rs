//! Writing of several files: all or none, and never over existing files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::super::Failure;
use super::copy::{Content, Piece};

/// The help text of errors about existing files.
const ELSEWHERE: &str = "name another folder: recsafe init DIR";

/// Created files and folders, in order of creation. They are deleted when the value is dropped,
/// unless [`CreatedFiles::keep`] was called.
#[derive(Default)]
pub(super) struct CreatedFiles(Vec<PathBuf>);

impl CreatedFiles {
    /// Writes all files into a folder.
    pub(super) fn pieces(&mut self, folder: &Path, pieces: &[Piece]) -> Result<(), Failure> {
        let there = pieces.iter().map(|piece| folder.join(&piece.path)).find(|path| path.symlink_metadata().is_ok());
        if let Some(path) = there {
            return Err(is_there(&path));
        }
        for piece in pieces {
            let path = folder.join(&piece.path);
            let source = match &piece.content {
                Content::Of(source) => format!(" from {}", source.display()),
                Content::Text(_) => String::new(),
            };
            self.piece(&path, &piece.content).map_err(|error| match error.kind() {
                ErrorKind::AlreadyExists => is_there(&path),
                ErrorKind::NotADirectory => Failure::input(
                    format!("cannot create the folder of {}: a file has the same name", path.display()),
                    ELSEWHERE,
                ),
                kind => {
                    let message = format!("cannot write {}{source}: {}", path.display(), recsafe_text::reason(&error));
                    io::Error::new(kind, message).into()
                }
            })?;
        }
        Ok(())
    }

    /// Keeps all files and folders.
    pub(super) fn keep(mut self) {
        self.0.clear();
    }

    fn piece(&mut self, path: &Path, content: &Content) -> io::Result<()> {
        self.folder(path.parent().unwrap_or(Path::new("")))?;
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        self.0.push(path.to_owned());
        match content {
            Content::Text(text) => file.write_all(text.as_bytes()),
            Content::Of(source) if source.exists() && !source.is_file() => {
                Err(io::Error::new(ErrorKind::InvalidInput, "not a regular file"))
            }
            Content::Of(source) => io::copy(&mut File::open(source)?, &mut file).map(|_| ()),
        }
    }

    /// Creates a folder and the missing folders above it.
    fn folder(&mut self, path: &Path) -> io::Result<()> {
        if path.as_os_str().is_empty() || path.is_dir() {
            return Ok(());
        }
        if path.symlink_metadata().is_ok() {
            return Err(ErrorKind::NotADirectory.into());
        }
        self.folder(path.parent().unwrap_or(Path::new("")))?;
        fs::create_dir(path)?;
        self.0.push(path.to_owned());
        Ok(())
    }
}

impl Drop for CreatedFiles {
    fn drop(&mut self) {
        for path in self.0.iter().rev() {
            // A folder with files of another process cannot be removed, and stays.
            drop(if path.is_dir() { fs::remove_dir(path) } else { fs::remove_file(path) });
        }
    }
}

fn is_there(path: &Path) -> Failure {
    Failure::input(format!("{} already exists", path.display()), ELSEWHERE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_whole_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let piece = |path: &str, content: Content| Piece { path: path.to_owned(), content };
        let pieces = [
            piece("a/b/one.toml", Content::Text("one".to_owned())),
            piece("two.csv", Content::Of(folder.path().join("nowhere.csv"))),
        ];
        let new = folder.path().join("new/study");
        let mut files = CreatedFiles::default();
        assert!(files.pieces(&new, &pieces).is_err());
        assert!(new.join("a/b/one.toml").is_file());
        drop(files);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let mut files = CreatedFiles::default();
        assert!(files.pieces(&new, &pieces[..1]).is_ok());
        files.keep();
        assert_eq!(fs::read(new.join("a/b/one.toml")).unwrap(), b"one");
        let mut files = CreatedFiles::default();
        assert!(matches!(files.pieces(&new, &pieces[..1]), Err(Failure::Input(_))));
        drop(files);
        assert_eq!(fs::read(new.join("a/b/one.toml")).unwrap(), b"one", "an existing file was changed");
    }
}
