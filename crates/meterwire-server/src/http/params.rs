//! Query parameters: each known by name, each at most once, everything else refused.

use crate::http::error::ApiError;
use crate::http::list::key_of;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use meterwire_app::ports::{PageRequest, cursor_refused};
use meterwire_core::invalid::Invalid;
use meterwire_core::period::RangeInput;
use serde::de::DeserializeOwned;
use std::convert::Infallible;

/// The most parameters of one request.
const MAX_PARAMS: usize = 500;

/// A name from the address. What cannot be read is malformed, said in the contract's form.
#[derive(Debug)]
pub(crate) struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(names)) => Ok(Self(names)),
            Err(rejection) => Err(ApiError::Malformed(rejection.body_text())),
        }
    }
}

/// The parameters of a request that are not yet read.
#[derive(Debug, Default)]
pub(crate) struct Params(Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        Ok(Self(pairs.take(MAX_PARAMS).collect()))
    }
}

impl Params {
    /// One value; naming it twice is refused.
    pub(crate) fn take(&mut self, name: &str) -> Result<Option<String>, ApiError> {
        let mut values = self.take_all(name);
        if values.len() > 1 {
            return Err(Invalid::new(name, format!("{name} is given more than once")).into());
        }
        Ok(values.pop())
    }

    /// One value of a type that is read from text.
    pub(crate) fn take_parsed<T: std::str::FromStr>(
        &mut self,
        name: &str,
        expected: &str,
    ) -> Result<Option<T>, ApiError> {
        match self.take(name)? {
            None => Ok(None),
            Some(text) => match text.parse() {
                Ok(value) => Ok(Some(value)),
                Err(_) => Err(Invalid::new(name, format!("{name} must be {expected}")).into()),
            },
        }
    }

    /// Every value of a parameter that may be repeated.
    pub(crate) fn take_all(&mut self, name: &str) -> Vec<String> {
        let (taken, rest) = std::mem::take(&mut self.0).into_iter().partition(|(key, _)| key == name);
        self.0 = rest;
        let taken: Vec<(String, String)> = taken;
        taken.into_iter().map(|(_, value)| value).collect()
    }

    /// A list: comma-separated, repeated, or both.
    pub(crate) fn take_list(&mut self, name: &str) -> Vec<String> {
        let values = self.take_all(name);
        values
            .iter()
            .flat_map(|value| value.split(','))
            .filter(|item| !item.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// `filter[dimension]=value` pairs.
    pub(crate) fn take_filters(&mut self) -> Vec<(String, String)> {
        let mut filters = Vec::new();
        self.0.retain(|(key, value)| {
            match key.strip_prefix("filter[").and_then(|rest| rest.strip_suffix(']')) {
                Some(dimension) => {
                    filters.push((dimension.to_owned(), value.clone()));
                    false
                }
                None => true,
            }
        });
        filters
    }

    /// `range`, or `from` and `to`.
    pub(crate) fn take_range(&mut self) -> Result<RangeInput, ApiError> {
        Ok(RangeInput { range: self.take("range")?, from: self.take("from")?, to: self.take("to")? })
    }

    /// `limit` and `cursor` of a list.
    pub(crate) fn take_page(&mut self) -> Result<PageRequest, ApiError> {
        let limit = self.take_parsed::<usize>("limit", "a number from 1 to 500")?.unwrap_or(100);
        if !(1..=500).contains(&limit) {
            return Err(Invalid::new("limit", "limit must be from 1 to 500").into());
        }
        let cursor = self.take("cursor")?;
        let after = cursor.map(|cursor| key_of(&cursor).ok_or_else(cursor_refused)).transpose()?;
        Ok(PageRequest { after, limit })
    }

    /// The same of a list whose one page holds all there is: no page of it ever named a next one.
    pub(crate) fn take_only_page(&mut self) -> Result<(), ApiError> {
        match self.take_page()?.after {
            None => Ok(()),
            Some(_) => Err(cursor_refused().into()),
        }
    }

    /// Refuses whatever was not read.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => {
                let name: String = name.chars().take(64).collect();
                let message = format!("there is no parameter {name:?} here");
                Err(Invalid::new(name, message).into())
            }
        }
    }
}
