//! JWTs of the customer's own app: HS256 with a shared secret, or RS256/ES256 with the keys of a JWKS document.
//!
//! The algorithm is decided by the kind of key that is configured, never by the token alone.

use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use meterwire_app::Claims;
use meterwire_app::ports::Role;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::Mutex;

/// How long a fetched JWKS document is believed.
const JWKS_MAX_AGE_S: i64 = 300;
/// How often, at most, a token with an unknown key makes us fetch again.
const JWKS_RETRY_S: i64 = 30;
/// How long fetching it may take.
const JWKS_TIMEOUT: Duration = Duration::from_secs(5);
/// The largest JWKS document.
const JWKS_MAX_BYTES: usize = 256 * 1024;
/// How far the clocks of issuer and server may be apart.
const LEEWAY_S: i64 = 30;

/// Settings of `[auth]`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JwtConfig {
    /// Shared secret of HS256, 32 bytes or more.
    pub jwt_secret: Option<String>,
    /// File with a JWKS document.
    pub jwks_file: Option<PathBuf>,
    /// Address of a JWKS document.
    pub jwks_url: Option<String>,
    /// The issuer that `iss` must name.
    pub jwt_issuer: Option<String>,
    /// The audience that `aud` must name.
    pub jwt_audience: Option<String>,
    /// The claim that names the tenant's slug.
    pub jwt_tenant_claim: String,
    /// The claim that names the user.
    pub jwt_user_claim: String,
    /// The claim that names the role.
    pub jwt_role_claim: String,
    /// The role of a token that names none.
    pub jwt_default_role: Role,
    /// Whether a token may be an admin's.
    #[serde(deserialize_with = "crate::config::or_text")]
    pub jwt_allow_admin: bool,
}

impl Default for JwtConfig {
    fn default() -> Self {
        Self {
            jwt_secret: None,
            jwks_file: None,
            jwks_url: None,
            jwt_issuer: None,
            jwt_audience: None,
            jwt_tenant_claim: "tenant".to_owned(),
            jwt_user_claim: "sub".to_owned(),
            jwt_role_claim: "role".to_owned(),
            jwt_default_role: Role::Viewer,
            jwt_allow_admin: false,
        }
    }
}

/// Verifies tokens.
pub struct JwtVerifier {
    config: JwtConfig,
    keys: Keys,
}

enum Keys {
    Secret(Box<DecodingKey>),
    Set(JwkSet),
    Url { url: String, client: reqwest::Client, cached: Mutex<Cached> },
}

#[derive(Default)]
struct Cached {
    set: Option<JwkSet>,
    fetched_s: i64,
}

impl JwtVerifier {
    /// Prepares verification; `None` where nothing is configured. A sentence says what is wrong.
    pub fn from_config(config: JwtConfig) -> Result<Option<Self>, String> {
        let keys = match (&config.jwt_secret, &config.jwks_file, &config.jwks_url) {
            (None, None, None) => return Ok(None),
            (Some(secret), None, None) if secret.len() >= 32 => {
                Keys::Secret(Box::new(DecodingKey::from_secret(secret.as_bytes())))
            }
            (Some(_), None, None) => return Err("auth.jwt_secret must have 32 bytes or more".into()),
            (None, Some(file), None) => {
                let text =
                    std::fs::read_to_string(file).map_err(|error| format!("auth.jwks_file: {error}"))?;
                Keys::Set(serde_json::from_str(&text).map_err(|error| format!("auth.jwks_file: {error}"))?)
            }
            (None, None, Some(url)) => {
                let client = crate::outgoing::client(JWKS_TIMEOUT)
                    .map_err(|error| format!("auth.jwks_url: {error}"))?;
                Keys::Url { url: url.clone(), client, cached: Mutex::default() }
            }
            _ => return Err("set only one of auth.jwt_secret, auth.jwks_file and auth.jwks_url".into()),
        };
        Ok(Some(Self { config, keys }))
    }

    /// Verifies a token at `now_s` (Unix seconds); a refusal is a sentence for the caller.
    pub(crate) async fn verify(&self, token: &str, now_s: i64) -> Result<Claims, &'static str> {
        let header = decode_header(token).map_err(|_| "the token is not a JWT that is accepted here")?;
        let claims = match &self.keys {
            Keys::Secret(key) => self.decode(token, key, Algorithm::HS256)?,
            Keys::Set(set) => self.decode_with(token, find(set, header.kid.as_deref()))?,
            Keys::Url { url, client, cached } => {
                let key = fetch_key(url, client, cached, header.kid.as_deref(), now_s).await;
                self.decode_with(token, key.as_ref())?
            }
        };
        check_times(&claims, now_s)?;
        self.to_claims(&claims)
    }

    fn decode_with(&self, token: &str, key: Option<&Jwk>) -> Result<Map<String, Value>, &'static str> {
        let key = key.ok_or("the token is signed with a key that is not known here")?;
        let algorithm = match &key.algorithm {
            jsonwebtoken::jwk::AlgorithmParameters::RSA(_) => Algorithm::RS256,
            jsonwebtoken::jwk::AlgorithmParameters::EllipticCurve(_) => Algorithm::ES256,
            _ => return Err("the token is signed with a kind of key that is not accepted here"),
        };
        let decoding = DecodingKey::from_jwk(key).map_err(|_| "the token's key cannot be used")?;
        self.decode(token, &decoding, algorithm)
    }

    fn decode(
        &self,
        token: &str,
        key: &DecodingKey,
        algorithm: Algorithm,
    ) -> Result<Map<String, Value>, &'static str> {
        let mut validation = Validation::new(algorithm);
        // Times are checked against our own clock below.
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        match &self.config.jwt_audience {
            Some(audience) => {
                validation.set_audience(&[audience]);
                validation.required_spec_claims.insert("aud".to_owned());
            }
            None => validation.validate_aud = false,
        }
        if let Some(issuer) = &self.config.jwt_issuer {
            validation.set_issuer(&[issuer]);
            validation.required_spec_claims.insert("iss".to_owned());
        }
        let decoded = decode::<Map<String, Value>>(token, key, &validation);
        decoded.map(|data| data.claims).map_err(|_| "the token's signature, issuer or audience is wrong")
    }

    fn to_claims(&self, claims: &Map<String, Value>) -> Result<Claims, &'static str> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        let role = match text(&self.config.jwt_role_claim) {
            Some(name) => name.parse().map_err(|()| "the token names a role that does not exist")?,
            None => self.config.jwt_default_role,
        };
        if role == Role::Admin && !self.config.jwt_allow_admin {
            return Err("a JWT may not be an admin's here (auth.jwt_allow_admin)");
        }
        let user = text(&self.config.jwt_user_claim);
        if role == Role::Member && user.is_none() {
            return Err("a member's token must name its user");
        }
        Ok(Claims { tenant: text(&self.config.jwt_tenant_claim), user, role })
    }
}

fn check_times(claims: &Map<String, Value>, now_s: i64) -> Result<(), &'static str> {
    let seconds = |name: &str| claims.get(name).and_then(Value::as_i64);
    let ends_s = seconds("exp").ok_or("the token has no end (exp)")?;
    if ends_s + LEEWAY_S <= now_s {
        return Err("the token has expired");
    }
    if seconds("nbf").is_some_and(|begins_s| begins_s - LEEWAY_S > now_s) {
        return Err("the token is not valid yet");
    }
    Ok(())
}

fn find<'a>(set: &'a JwkSet, kid: Option<&str>) -> Option<&'a Jwk> {
    match kid {
        Some(kid) => set.find(kid),
        None if set.keys.len() == 1 => set.keys.first(),
        None => None,
    }
}

async fn fetch_key(
    url: &str,
    client: &reqwest::Client,
    cached: &Mutex<Cached>,
    kid: Option<&str>,
    now_s: i64,
) -> Option<Jwk> {
    let mut cached = cached.lock().await;
    let known = cached.set.as_ref().and_then(|set| find(set, kid)).cloned();
    let age_s = now_s - cached.fetched_s;
    if cached.set.is_some() && (age_s < JWKS_RETRY_S || known.is_some() && age_s < JWKS_MAX_AGE_S) {
        return known;
    }
    match fetch_set(url, client).await {
        Ok(set) => cached.set = Some(set),
        // The keys known so far stay good while the issuer cannot be reached.
        Err(error) => tracing::warn!(%error, "the JWKS document could not be fetched"),
    }
    cached.fetched_s = now_s;
    cached.set.as_ref().and_then(|set| find(set, kid)).cloned()
}

async fn fetch_set(
    url: &str,
    client: &reqwest::Client,
) -> Result<JwkSet, Box<dyn std::error::Error + Send + Sync>> {
    let mut response = client.get(url).send().await?.error_for_status()?;
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > JWKS_MAX_BYTES {
            return Err("the document is too large".into());
        }
    }
    Ok(serde_json::from_slice(&bytes)?)
}
