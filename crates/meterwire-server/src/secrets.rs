//! The key that secrets are sealed with, and the sealing.
//!
//! A sealed secret is `version, key id, nonce, ciphertext, tag`: ChaCha20-Poly1305 by ring, which TLS brings anyway. What it
//! is for goes in as associated data, so that one secret cannot be put in another's place. Nonces are random; twelve bytes
//! are enough for some billion seals under one key. The key id tells a changed key from damage, and nothing of the key.

use crate::config::SecretsConfig;
use meterwire_app::ports::{SecretError, Secrets};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// The file in the data directory that holds the key where the settings name none.
pub(crate) const KEY_FILE: &str = "secret.key";

const KEY_BYTES: usize = 32;
const VERSION: u8 = 1;
const ID_BYTES: usize = 4;
const HEAD_BYTES: usize = 1 + ID_BYTES + NONCE_LEN;
/// A key file is 64 digits and a line end; more is another file.
const MAX_KEY_FILE_BYTES: u64 = 256;

/// Seals by one key.
pub(crate) struct Sealer {
    key: LessSafeKey,
    id: [u8; ID_BYTES],
    random: SystemRandom,
}

impl Sealer {
    /// Takes the key that the settings name, else that of the data directory, where one is made if there is none.
    pub(crate) fn from_config(config: &SecretsConfig, data_dir: &Path) -> Result<Self, String> {
        let text = match (&config.key, &config.key_file) {
            (Some(key), _) => key.clone(),
            (None, Some(file)) => read_key_file(file)?.ok_or_else(|| {
                format!("the key file {} (secrets.key_file) does not exist", file.display())
            })?,
            (None, None) => key_of_directory(data_dir)?,
        };
        let wrong = "the key that seals secrets (secrets.key, secrets.key_file or secret.key in the data directory) \
            must be 64 hexadecimal digits, as `openssl rand -hex 32` writes them";
        let bytes = key_from_hex(text.trim()).ok_or_else(|| wrong.to_owned())?;
        Self::new(&bytes)
    }

    /// Whether this key sealed a secret.
    pub(crate) fn sealed(&self, secret: &[u8]) -> bool {
        secret.get(1..=ID_BYTES) == Some(&self.id[..])
    }

    fn new(bytes: &[u8; KEY_BYTES]) -> Result<Self, String> {
        let key =
            UnboundKey::new(&CHACHA20_POLY1305, bytes).map_err(|_| "the key does not fit".to_owned())?;
        let digest = Sha256::new().chain_update(b"meterwire key id\0").chain_update(bytes).finalize();
        let mut id = [0; ID_BYTES];
        id.copy_from_slice(&digest[..ID_BYTES]);
        Ok(Self { key: LessSafeKey::new(key), id, random: SystemRandom::new() })
    }
}

impl Secrets for Sealer {
    fn seal(&self, about: &str, secret: &str) -> Result<Vec<u8>, SecretError> {
        let failed = |_| SecretError("the secret cannot be sealed".to_owned());
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(failed)?;
        let mut text = secret.as_bytes().to_vec();
        let aad = Aad::from(associated(self.id, about));
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut text)
            .map_err(failed)?;
        let head = std::iter::once(VERSION).chain(self.id).chain(nonce);
        Ok(head.chain(text).collect())
    }

    fn open(&self, about: &str, sealed: &[u8]) -> Result<String, SecretError> {
        let damaged = || SecretError("the sealed secret is damaged; set it again".to_owned());
        let (head, text) = sealed.split_at_checked(HEAD_BYTES).ok_or_else(damaged)?;
        if head[0] != VERSION {
            return Err(SecretError("the secret was sealed by a newer version of this program".to_owned()));
        }
        if head[1..=ID_BYTES] != self.id {
            return Err(SecretError(
                "the secret was sealed with another key; start with that key (secrets.key), or set the secret again"
                    .to_owned(),
            ));
        }
        let nonce = Nonce::try_assume_unique_for_key(&head[1 + ID_BYTES..]).map_err(|_| damaged())?;
        let mut text = text.to_vec();
        let aad = Aad::from(associated(self.id, about));
        let opened = self.key.open_in_place(nonce, aad, &mut text).map_err(|_| damaged())?;
        String::from_utf8(opened.to_vec()).map_err(|_| damaged())
    }
}

fn associated(id: [u8; ID_BYTES], about: &str) -> Vec<u8> {
    std::iter::once(VERSION).chain(id).chain(about.bytes()).collect()
}

fn key_from_hex(text: &str) -> Option<[u8; KEY_BYTES]> {
    let mut key = [0; KEY_BYTES];
    if text.len() != 2 * KEY_BYTES || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, digits) in key.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(key)
}

/// The text of a key file; `None` where there is none.
fn read_key_file(path: &Path) -> Result<Option<String>, String> {
    let told = |error: std::io::Error| format!("reading the key file {}: {error}", path.display());
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(told(error)),
    };
    if file.metadata().map_err(told)?.permissions().mode() & 0o077 != 0 {
        // Mounted secrets often are so; it is told, not refused.
        tracing::warn!(file = %path.display(), "others than its owner can read the key file");
    }
    let mut text = String::new();
    file.take(MAX_KEY_FILE_BYTES).read_to_string(&mut text).map_err(told)?;
    Ok(Some(text))
}

/// The key of a data directory, made at the first start. Written whole under another name first: half a key would be a new one.
fn key_of_directory(dir: &Path) -> Result<String, String> {
    let path = dir.join(KEY_FILE);
    if let Some(text) = read_key_file(&path)? {
        return Ok(text);
    }
    let told = |error: std::io::Error| format!("making the key file {}: {error}", path.display());
    let mut bytes = [0; KEY_BYTES];
    SystemRandom::new().fill(&mut bytes).map_err(|_| "this machine gives no random numbers".to_owned())?;
    let mut text = String::with_capacity(2 * KEY_BYTES);
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    let unfinished = dir.join("secret.key.new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)
        .map_err(told)?;
    file.write_all(format!("{text}\n").as_bytes()).and_then(|()| file.sync_all()).map_err(told)?;
    std::fs::rename(&unfinished, &path).map_err(told)?;
    // The name is on disk before anything is sealed with the key.
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(told)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(fill: u8) -> Sealer {
        Sealer::new(&[fill; KEY_BYTES]).unwrap()
    }

    #[test]
    fn what_was_sealed_opens_for_its_purpose_only() {
        let sealer = sealer(7);
        let sealed = sealer.seal("provider/1/a", "sk-admin-123").unwrap();
        assert_eq!(sealer.open("provider/1/a", &sealed).unwrap(), "sk-admin-123");
        assert!(sealer.open("provider/1/b", &sealed).is_err());
        assert!(!sealed.windows(8).any(|window| window == b"sk-admin"));
        assert_ne!(
            sealed,
            sealer.seal("provider/1/a", "sk-admin-123").unwrap(),
            "every seal has its own nonce"
        );
        assert_eq!(sealer.open("x", &sealer.seal("x", "").unwrap()).unwrap(), "");
    }

    #[test]
    fn a_changed_bit_anywhere_is_refused() {
        let sealer = sealer(7);
        let sealed = sealer.seal("x", "secret").unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(sealer.open("x", &changed).is_err(), "byte {at}");
            assert!(sealer.open("x", &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn another_key_is_told_from_damage() {
        let sealed = sealer(7).seal("x", "secret").unwrap();
        assert!(sealer(8).open("x", &sealed).unwrap_err().0.contains("another key"));
        assert!(sealer(7).sealed(&sealed) && !sealer(8).sealed(&sealed) && !sealer(7).sealed(&[1, 2]));
    }

    #[test]
    fn the_data_directory_gets_one_key_that_only_its_owner_reads() {
        let dir = tempfile::tempdir().unwrap();
        let config = SecretsConfig::default();
        let sealed = Sealer::from_config(&config, dir.path()).unwrap().seal("x", "secret").unwrap();
        let mode = std::fs::metadata(dir.path().join(KEY_FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let again = Sealer::from_config(&config, dir.path()).unwrap();
        assert_eq!(again.open("x", &sealed).unwrap(), "secret");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn the_settings_name_a_key_or_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let key = "0a".repeat(KEY_BYTES);
        let file = dir.path().join("k");
        std::fs::write(&file, format!("{key}\n")).unwrap();
        let by_key = SecretsConfig { key: Some(key), key_file: None };
        let by_file = SecretsConfig { key: None, key_file: Some(file) };
        let sealed = Sealer::from_config(&by_key, dir.path()).unwrap().seal("x", "secret").unwrap();
        assert_eq!(Sealer::from_config(&by_file, dir.path()).unwrap().open("x", &sealed).unwrap(), "secret");
        assert!(!dir.path().join(KEY_FILE).exists());
        for wrong in ["", "abc", &"0g".repeat(KEY_BYTES), &"é".repeat(KEY_BYTES)] {
            let config = SecretsConfig { key: Some(wrong.to_owned()), key_file: None };
            let Err(sentence) = Sealer::from_config(&config, dir.path()) else { panic!("{wrong}") };
            assert!(sentence.contains("64 hexadecimal"), "{sentence}");
        }
        let missing = SecretsConfig { key: None, key_file: Some(dir.path().join("none")) };
        assert!(Sealer::from_config(&missing, dir.path()).is_err());
    }
}
