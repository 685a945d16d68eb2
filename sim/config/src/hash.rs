//! SHA-256, in hexadecimal.

use sha2::{Digest, Sha256};

/// Returns the SHA-256 of a text, in hexadecimal. If the text is JSON, its keys must have the order
/// in which settings are declared.
pub(crate) fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
