use super::super::packed::count_rows;
use super::*;
use proptest::prelude::*;

fn any_numbers() -> impl Strategy<Value = Vec<i64>> {
    let number = prop_oneof![Just(0_i64), 0..300_i64, -5..70_000_i64, 0..1_i64 << 40, any::<i64>()];
    prop_oneof![
        proptest::collection::vec(number, 1..80),
        (any::<i64>(), 1..50_usize).prop_map(|(same, count)| vec![same; count]),
        proptest::collection::vec(0..250_i64, 1..80),
    ]
}

proptest! {
    #[test]
    fn numbers_come_back(numbers in any_numbers(), from in 0..80_usize) {
        let mut bytes = Vec::new();
        encode_numbers(&numbers, &mut bytes);
        let read = Numbers::read(&bytes, numbers.len()).unwrap();
        let rows = from.min(numbers.len())..numbers.len();
        let mut seen = Vec::new();
        read.each(rows.clone(), |i, value| {
            assert_eq!(i, seen.len());
            seen.push(value);
        });
        prop_assert_eq!(&seen, &numbers[rows.clone()]);
        let others: Vec<usize> = rows.clone().collect();
        read.zip(rows, &others, |row, value| assert_eq!(value, numbers[row]));
        prop_assert_eq!((0..numbers.len()).map(|row| read.get(row)).collect::<Vec<_>>(), numbers.clone());
        prop_assert_eq!(read.smallest, *numbers.iter().min().unwrap());
        prop_assert_eq!(read.largest, *numbers.iter().max().unwrap());
    }

    #[test]
    fn rows_are_found_and_added_up(
        (numbers, groups) in (1..6_u32).prop_flat_map(|groups| {
            let many = proptest::collection::vec(-900..70_000_i64, 1..300);
            (many, proptest::collection::vec(0..groups, 300))
        }),
        from in 0..300_usize,
        (low, high) in (-1_000..71_000_i64, -1_000..71_000_i64),
    ) {
        let mut bytes = Vec::new();
        encode_numbers(&numbers, &mut bytes);
        let read = Numbers::read(&bytes, numbers.len()).unwrap();
        let rows = from.min(numbers.len())..numbers.len();
        let mut found = Vec::new();
        read.find(rows.clone(), low, high, &mut found);
        let within = (0_u32..).zip(&numbers).skip(rows.start).filter(|(_, number)| (low..=high).contains(*number));
        let wanted: Vec<u32> = within.map(|(row, _)| row).collect();
        prop_assert_eq!(&found, &wanted);
        for picked in [Picked::All(rows), Picked::These(found)] {
            let each: Vec<usize> = match &picked {
                Picked::All(rows) => rows.clone().collect(),
                Picked::These(rows) => rows.iter().map(|row| *row as usize).collect(),
            };
            let count = *groups.iter().max().unwrap() as usize + 1;
            for count in [count, 600] {
                let (mut sums, mut wanted) = (vec![5; count], vec![5; count]);
                let groups = &groups[..each.len()];
                read.add_up(&picked, groups, &mut sums);
                groups.iter().zip(&each).for_each(|(group, row)| wanted[*group as usize] += numbers[*row]);
                prop_assert_eq!(sums, wanted);
            }
        }
    }

    #[test]
    fn rows_are_picked_by_their_values(values in proptest::collection::vec(0..6_i64, 1..200), sought in proptest::collection::vec(0..7_i64, 0..4)) {
        let mut bytes = Vec::new();
        encode_coded(&values, &mut bytes);
        let read = Coded::read(&bytes, values.len()).unwrap();
        let allowed = read.among(&sought);
        let wanted: Vec<u32> = (0..).zip(&values).filter(|(_, value)| sought.contains(value)).map(|(row, _)| row).collect();
        let Picked::These(found) = read.pick(&Picked::All(0..values.len()), &allowed) else { unreachable!() };
        prop_assert_eq!(&found, &wanted);
        let odd = Picked::These((0_u32..).zip(&values).map(|(row, _)| row).filter(|row| row % 2 == 1).collect());
        let Picked::These(found) = read.pick(&odd, &allowed) else { unreachable!() };
        prop_assert_eq!(found, wanted.into_iter().filter(|row| row % 2 == 1).collect::<Vec<_>>());
    }

    #[test]
    fn combinations_of_what_was_met_are_those_of_all(
        rows in proptest::collection::vec((0..40_i64, 0..40_i64), 1..60), every in 1..4_u32,
    ) {
        let columns = [rows.iter().map(|row| row.0).collect::<Vec<_>>(), rows.iter().map(|row| row.1).collect()];
        let held = columns.map(|values| {
            let mut bytes = Vec::new();
            encode_coded(&values, &mut bytes);
            bytes
        });
        let last = u32::try_from(rows.len()).unwrap();
        for picked in [Picked::All(0..rows.len()), Picked::These((0..last).filter(|row| row % every == 0).collect())] {
            let (mut numbers, mut room, mut values) = (vec![0; picked.len()], Vec::new(), Vec::new());
            for bytes in &held {
                let column = Coded::read(bytes, rows.len()).unwrap();
                let met = column.met(&picked, &mut room);
                column.combine_met(&picked, &met, &mut room, &mut numbers);
                values.push(met.iter().map(|place| column.values[*place as usize]).collect::<Vec<_>>());
            }
            let each: Vec<usize> = match &picked {
                Picked::All(rows) => rows.clone().collect(),
                Picked::These(rows) => rows.iter().map(|row| *row as usize).collect(),
            };
            for (number, row) in numbers.iter().zip(each) {
                let number = *number as usize;
                prop_assert_eq!((values[0][number / values[1].len()], values[1][number % values[1].len()]), rows[row]);
            }
            let size = values[0].len() * values[1].len();
            let mut counts = vec![1; size];
            count_rows(&numbers, &mut counts);
            for (number, count) in counts.iter().enumerate() {
                prop_assert_eq!(*count, 1 + numbers.iter().filter(|other| **other as usize == number).count() as i64);
            }
        }
    }

    #[test]
    fn coded_values_come_back(values in any_numbers()) {
        let mut bytes = Vec::new();
        encode_coded(&values, &mut bytes);
        let read = Coded::read(&bytes, values.len()).unwrap();
        let seen: Vec<i64> = (0..values.len()).map(|row| read.values[read.place(row)]).collect();
        prop_assert_eq!(seen, values);
        prop_assert!(read.values.is_sorted());
    }

    #[test]
    fn the_first_row_of_a_bound(mut numbers in any_numbers(), bound in any::<i64>()) {
        numbers.sort_unstable();
        let mut bytes = Vec::new();
        encode_numbers(&numbers, &mut bytes);
        let read = Numbers::read(&bytes, numbers.len()).unwrap();
        for bound in [bound, numbers[0], numbers[numbers.len() / 2]] {
            prop_assert_eq!(read.first_from(numbers.len(), bound), numbers.partition_point(|n| *n < bound));
        }
    }

    #[test]
    fn damaged_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), count in 0..40_usize) {
        let _ = Numbers::read(&bytes, count);
        if let Some(coded) = Coded::read(&bytes, count) {
            assert!((0..count).all(|row| coded.place(row) < coded.values.len()));
        }
    }
}
