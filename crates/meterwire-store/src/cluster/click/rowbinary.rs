//! ClickHouse's RowBinary: values one after the other, without names, lengths of texts and lists as variable-length
//! integers. Only the types that our tables and answers have.

use crate::error::{Fault, Work};

/// The longest text or list of bytes that is believed.
const MAX_TEXT: usize = 16 << 20;
/// The most values of one list.
const MAX_LIST: usize = 1 << 16;

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Column {
    /// Its name.
    pub(crate) name: &'static str,
    /// ClickHouse's name of its type.
    pub(crate) kind: &'static str,
}

/// A value, or some that stand side by side, as columns and as bytes.
pub(crate) trait Cell: Sized {
    /// Which columns it is. Values that are several columns name them themselves.
    fn columns(name: &'static str) -> Vec<Column>;
    /// Writes it behind what is there.
    fn write(&self, out: &mut Vec<u8>);
    /// Reads it; an error where the bytes end before it does or make no sense.
    fn read(from: &mut Reader<'_>) -> Work<Self>;
}

/// Bytes that are read from the front.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Everything was read.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next bytes.
    pub(crate) fn take(&mut self, length: usize) -> Work<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or_else(|| damaged("it is cut off"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Work<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk().ok_or_else(|| damaged("it is cut off"))?;
        self.0 = rest;
        Ok(*taken)
    }

    /// A length of at most `most`.
    fn length(&mut self, most: usize) -> Work<usize> {
        let mut value = 0_u64;
        for shift in (0..35).step_by(7) {
            let [byte] = self.array()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let length = usize::try_from(value).ok().filter(|length| *length <= most);
                return length.ok_or_else(|| damaged("a length is beyond its bound"));
            }
        }
        Err(damaged("a length does not end"))
    }

    /// The next value.
    pub(crate) fn cell<C: Cell>(&mut self) -> Work<C> {
        C::read(self)
    }
}

fn damaged(what: &str) -> Fault {
    Fault::Damaged(format!("a row of ClickHouse's form: {what}"))
}

fn write_length(out: &mut Vec<u8>, length: usize) {
    let mut rest = length as u64;
    while rest >= 0x80 {
        out.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    out.push((rest & 0x7f) as u8);
}

macro_rules! integer_cells {
    ($($integer:ty = $kind:literal, $list:literal;)+) => {
        $(
            impl Cell for $integer {
                fn columns(name: &'static str) -> Vec<Column> {
                    vec![Column { name, kind: $kind }]
                }

                fn write(&self, out: &mut Vec<u8>) {
                    out.extend_from_slice(&self.to_le_bytes());
                }

                fn read(from: &mut Reader<'_>) -> Work<Self> {
                    Ok(Self::from_le_bytes(from.array()?))
                }
            }

            impl Cell for Vec<$integer> {
                fn columns(name: &'static str) -> Vec<Column> {
                    vec![Column { name, kind: $list }]
                }

                fn write(&self, out: &mut Vec<u8>) {
                    write_length(out, self.len());
                    self.iter().for_each(|value| value.write(out));
                }

                fn read(from: &mut Reader<'_>) -> Work<Self> {
                    let length = from.length(MAX_LIST)?;
                    // Taken as a whole first: a length that lies costs no memory.
                    let mut values = Reader::new(from.take(length * size_of::<$integer>())?);
                    (0..length).map(|_| values.cell()).collect()
                }
            }
        )+
    };
}

integer_cells! {
    i8 = "Int8", "Array(Int8)";
    i16 = "Int16", "Array(Int16)";
    i32 = "Int32", "Array(Int32)";
    i64 = "Int64", "Array(Int64)";
    u16 = "UInt16", "Array(UInt16)";
    u32 = "UInt32", "Array(UInt32)";
    u64 = "UInt64", "Array(UInt64)";
}

impl Cell for u8 {
    fn columns(name: &'static str) -> Vec<Column> {
        vec![Column { name, kind: "UInt8" }]
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.push(*self);
    }

    fn read(from: &mut Reader<'_>) -> Work<Self> {
        let [byte] = from.array()?;
        Ok(byte)
    }
}

impl Cell for [u8; 16] {
    fn columns(name: &'static str) -> Vec<Column> {
        vec![Column { name, kind: "FixedString(16)" }]
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }

    fn read(from: &mut Reader<'_>) -> Work<Self> {
        from.array()
    }
}

impl Cell for String {
    fn columns(name: &'static str) -> Vec<Column> {
        vec![Column { name, kind: "String" }]
    }

    fn write(&self, out: &mut Vec<u8>) {
        write_length(out, self.len());
        out.extend_from_slice(self.as_bytes());
    }

    fn read(from: &mut Reader<'_>) -> Work<Self> {
        let length = from.length(MAX_TEXT)?;
        let bytes = from.take(length)?;
        let text = std::str::from_utf8(bytes).map_err(|_| damaged("a text is not UTF-8"))?;
        Ok(text.to_owned())
    }
}

/// Bytes that are no text, in a column of type String.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Blob(pub(crate) Vec<u8>);

impl Cell for Blob {
    fn columns(name: &'static str) -> Vec<Column> {
        String::columns(name)
    }

    fn write(&self, out: &mut Vec<u8>) {
        write_length(out, self.0.len());
        out.extend_from_slice(&self.0);
    }

    fn read(from: &mut Reader<'_>) -> Work<Self> {
        let length = from.length(MAX_TEXT)?;
        Ok(Self(from.take(length)?.to_vec()))
    }
}

/// Makes a struct whose fields are columns in their order: one list for the table, for writing and for reading.
macro_rules! row {
    (
        $(#[$of_row:meta])*
        pub(crate) struct $row:ident {
            $($(#[$of_field:meta])* pub(crate) $field:ident: $cell:ty,)+
        }
    ) => {
        $(#[$of_row])*
        pub(crate) struct $row {
            $($(#[$of_field])* pub(crate) $field: $cell,)+
        }

        #[allow(dead_code, reason = "one list makes all three; a row is not always written and read by ourselves")]
        impl $row {
            /// Its columns, in order.
            pub(crate) fn columns() -> Vec<$crate::cluster::click::rowbinary::Column> {
                use $crate::cluster::click::rowbinary::Cell;
                let columns = [$(<$cell as Cell>::columns(stringify!($field)),)+];
                columns.concat()
            }

            /// Writes it behind what is there.
            pub(crate) fn write(&self, out: &mut Vec<u8>) {
                use $crate::cluster::click::rowbinary::Cell;
                $(Cell::write(&self.$field, out);)+
            }

            /// Reads what [`Self::write`] wrote.
            pub(crate) fn read(
                from: &mut $crate::cluster::click::rowbinary::Reader<'_>,
            ) -> $crate::error::Work<Self> {
                Ok(Self { $($field: from.cell()?,)+ })
            }
        }
    };
}
pub(crate) use row;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    row! {
        #[derive(Debug, Clone, PartialEq)]
        pub(crate) struct Each {
            pub(crate) small: i8,
            pub(crate) short: i16,
            pub(crate) whole: i32,
            pub(crate) long: i64,
            pub(crate) byte: u8,
            pub(crate) number: u32,
            pub(crate) fixed: [u8; 16],
            pub(crate) text: String,
            pub(crate) blob: Blob,
            pub(crate) shorts: Vec<u16>,
            pub(crate) longs: Vec<u64>,
        }
    }

    fn any_row() -> impl Strategy<Value = Each> {
        let numbers = any::<(i8, i16, i32, i64, u8, u32, [u8; 16])>();
        let lists = (prop::collection::vec(any::<u16>(), 0..300), prop::collection::vec(any::<u64>(), 0..9));
        let blob = prop::collection::vec(any::<u8>(), 0..200);
        (numbers, ".{0,200}", blob, lists).prop_map(|(numbers, text, blob, (shorts, longs))| {
            let (small, short, whole, long, byte, number, fixed) = numbers;
            let blob = Blob(blob);
            Each { small, short, whole, long, byte, number, fixed, text, blob, shorts, longs }
        })
    }

    #[test]
    fn columns_have_names_and_types() {
        let columns: Vec<_> = Each::columns().iter().map(|column| (column.name, column.kind)).collect();
        assert_eq!(columns[0], ("small", "Int8"));
        assert_eq!(columns[6..9], [("fixed", "FixedString(16)"), ("text", "String"), ("blob", "String")]);
        assert_eq!(columns[10], ("longs", "Array(UInt64)"));
    }

    #[test]
    fn lengths_that_lie_are_refused() {
        for bytes in [&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff][..], &[0xff, 0xff, 0xff, 0x7f], &[5, 1], &[]] {
            assert!(Reader::new(bytes).cell::<Vec<u64>>().is_err(), "{bytes:?}");
            assert!(Reader::new(bytes).cell::<Blob>().is_err(), "{bytes:?}");
        }
        assert!(Reader::new(&[1, 0xff]).cell::<String>().is_err(), "no UTF-8");
    }

    proptest! {
        #[test]
        fn what_goes_in_comes_out(row in any_row(), cut in any::<prop::sample::Index>()) {
            let mut bytes = Vec::new();
            row.write(&mut bytes);
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(Each::read(&mut reader).unwrap(), row);
            prop_assert!(reader.is_empty());
            let cut = cut.index(bytes.len());
            prop_assert!(Each::read(&mut Reader::new(&bytes[..cut])).is_err(), "cut off at {}", cut);
        }

        #[test]
        fn damaged_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Each::read(&mut Reader::new(&bytes));
        }
    }
}
