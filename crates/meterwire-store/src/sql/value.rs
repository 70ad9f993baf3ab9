//! Values of four types, on their way into a statement and out of a row.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// A value that somebody else holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ValueRef<'v> {
    Null,
    /// A truth value is 0 or 1.
    Integer(i64),
    /// As it came from the engine: whether it is UTF-8 is looked at by who reads it.
    Text(&'v [u8]),
    Blob(&'v [u8]),
}

impl<'v> ValueRef<'v> {
    /// The text.
    pub(crate) fn as_text(self) -> Result<&'v str, Unreadable> {
        match self {
            Self::Text(bytes) => str::from_utf8(bytes).map_err(|_| Unreadable::NotUtf8),
            other => Err(Unreadable::of("text", other)),
        }
    }

    /// The bytes.
    pub(crate) fn as_blob(self) -> Result<&'v [u8], Unreadable> {
        match self {
            Self::Blob(bytes) => Ok(bytes),
            other => Err(Unreadable::of("bytes", other)),
        }
    }

    /// The number.
    pub(crate) fn as_integer(self) -> Result<i64, Unreadable> {
        match self {
            Self::Integer(number) => Ok(number),
            other => Err(Unreadable::of("a whole number", other)),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Integer(_) => "a whole number",
            Self::Text(_) => "text",
            Self::Blob(_) => "bytes",
        }
    }
}

/// Why a value is not what it should be. Does not name the value, which may be somebody's.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("{wanted} expected, {found} found")]
    Type { wanted: &'static str, found: &'static str },
    #[error("the number {0} is out of range")]
    Range(i64),
    #[error("{found} bytes instead of {wanted}")]
    Length { wanted: usize, found: usize },
    #[error("the text is not UTF-8")]
    NotUtf8,
}

impl Unreadable {
    fn of(wanted: &'static str, found: ValueRef<'_>) -> Self {
        Self::Type { wanted, found: found.kind() }
    }
}

/// What can be bound to a statement.
pub(crate) trait ToSql {
    fn value(&self) -> ValueRef<'_>;
}

/// What can be read from a row.
pub(crate) trait FromSql: Sized {
    fn read(value: ValueRef<'_>) -> Result<Self, Unreadable>;
}

macro_rules! numbers_in {
    ($($number:ty)*) => { $(
        impl ToSql for $number {
            fn value(&self) -> ValueRef<'_> {
                ValueRef::Integer(i64::from(*self))
            }
        }
    )* };
}
numbers_in!(i64 i32 u32 u16 u8 bool);

macro_rules! numbers_out {
    ($($number:ty)*) => { $(
        impl FromSql for $number {
            fn read(value: ValueRef<'_>) -> Result<Self, Unreadable> {
                let number = value.as_integer()?;
                Self::try_from(number).map_err(|_| Unreadable::Range(number))
            }
        }
    )* };
}
numbers_out!(i32 u8 u16 u32 u64 usize);

impl FromSql for i64 {
    fn read(value: ValueRef<'_>) -> Result<Self, Unreadable> {
        value.as_integer()
    }
}

impl FromSql for bool {
    fn read(value: ValueRef<'_>) -> Result<Self, Unreadable> {
        Ok(value.as_integer()? != 0)
    }
}

impl ToSql for str {
    fn value(&self) -> ValueRef<'_> {
        ValueRef::Text(self.as_bytes())
    }
}

impl ToSql for String {
    fn value(&self) -> ValueRef<'_> {
        self.as_str().value()
    }
}

impl ToSql for [u8] {
    fn value(&self) -> ValueRef<'_> {
        ValueRef::Blob(self)
    }
}

impl ToSql for Vec<u8> {
    fn value(&self) -> ValueRef<'_> {
        ValueRef::Blob(self)
    }
}

impl<const N: usize> ToSql for [u8; N] {
    fn value(&self) -> ValueRef<'_> {
        ValueRef::Blob(self)
    }
}

impl<T: ToSql + ?Sized> ToSql for &T {
    fn value(&self) -> ValueRef<'_> {
        (**self).value()
    }
}

impl<T: ToSql + ?Sized> ToSql for Box<T> {
    fn value(&self) -> ValueRef<'_> {
        (**self).value()
    }
}

impl<T: ToSql + ?Sized> ToSql for Arc<T> {
    fn value(&self) -> ValueRef<'_> {
        (**self).value()
    }
}

impl<T: ToSql + ToOwned + ?Sized> ToSql for Cow<'_, T> {
    fn value(&self) -> ValueRef<'_> {
        (**self).value()
    }
}

impl<T: ToSql> ToSql for Option<T> {
    fn value(&self) -> ValueRef<'_> {
        self.as_ref().map_or(ValueRef::Null, ToSql::value)
    }
}

impl FromSql for String {
    fn read(value: ValueRef<'_>) -> Result<Self, Unreadable> {
        value.as_text().map(str::to_owned)
    }
}

impl FromSql for Box<str> {
    fn read(value: ValueRef<'_>) -> Result<Self, Unreadable> {
        value.as_text().map(Box::from)
    }
}

impl FromSql for Arc<str> {
    fn read(value: ValueRef<'_>) -> Result<Self, Unreadable> {
        value.as_text().map(Arc::from)
    }
}

impl FromSql for Vec<u8> {
    fn read(value: ValueRef<'_>) -> Result<Self, Unreadable> {
        value.as_blob().map(<[u8]>::to_vec)
    }
}

impl<const N: usize> FromSql for [u8; N] {
    fn read(value: ValueRef<'_>) -> Result<Self, Unreadable> {
        let bytes = value.as_blob()?;
        bytes.try_into().map_err(|_| Unreadable::Length { wanted: N, found: bytes.len() })
    }
}

impl<T: FromSql> FromSql for Option<T> {
    fn read(value: ValueRef<'_>) -> Result<Self, Unreadable> {
        match value {
            ValueRef::Null => Ok(None),
            value => T::read(value).map(Some),
        }
    }
}

/// The values of one statement, in order.
pub(crate) trait Params {
    /// How many there are.
    fn count(&self) -> usize;
    /// The one at a place below [`Self::count`].
    fn value(&self, place: usize) -> ValueRef<'_>;
}

/// All of them.
pub(crate) fn all<P: Params>(params: &P) -> Vec<ValueRef<'_>> {
    (0..params.count()).map(|place| params.value(place)).collect()
}

impl Params for &[&dyn ToSql] {
    fn count(&self) -> usize {
        self.len()
    }

    fn value(&self, place: usize) -> ValueRef<'_> {
        self[place].value()
    }
}

// The only empty array, so that `[]` has a type.
impl Params for [&dyn ToSql; 0] {
    fn count(&self) -> usize {
        0
    }

    fn value(&self, _: usize) -> ValueRef<'_> {
        ValueRef::Null
    }
}

macro_rules! arrays {
    ($($length:literal)*) => { $(
        impl<T: ToSql> Params for [T; $length] {
            fn count(&self) -> usize {
                $length
            }

            fn value(&self, place: usize) -> ValueRef<'_> {
                self[place].value()
            }
        }
    )* };
}
arrays!(1 2 3 4 5 6 7 8);

macro_rules! tuples {
    ($(($($value:ident $place:tt)*))*) => { $(
        impl<$($value: ToSql),*> Params for ($($value,)*) {
            fn count(&self) -> usize {
                [$($place),*].len()
            }

            fn value(&self, place: usize) -> ValueRef<'_> {
                match place {
                    $($place => self.$place.value(),)*
                    _ => ValueRef::Null,
                }
            }
        }
    )* };
}
tuples!((A 0 B 1) (A 0 B 1 C 2) (A 0 B 1 C 2 D 3) (A 0 B 1 C 2 D 3 E 4) (A 0 B 1 C 2 D 3 E 4 F 5));

impl fmt::Display for ValueRef<'_> {
    /// Only what it is, not the value, which may be somebody's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}
