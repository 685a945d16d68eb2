//! A function that lets very large lists grow slowly.

/// Appends items to a list that can take much memory. If the list is full, the capacity grows by an
/// eighth of the list's length. An ordinary list would double its capacity.
pub fn append<T: Copy>(list: &mut Vec<T>, more: &[T]) {
    if list.capacity() - list.len() < more.len() {
        list.reserve_exact(more.len() + list.len() / 8);
    }
    list.extend_from_slice(more);
}

#[cfg(test)]
mod tests {
    use super::append;

    #[test]
    fn a_list_has_little_more_room_than_items_and_is_moved_seldom() {
        let (mut list, mut moves) = (Vec::new(), 0);
        for item in 0..100_000 {
            let before = list.capacity();
            append(&mut list, &[item]);
            moves += u32::from(list.capacity() != before);
            assert!(list.capacity() <= list.len() + list.len() / 8 + 1);
        }
        assert!(list.iter().copied().eq(0..100_000));
        assert!(moves < 120, "moved {moves} times");
    }
}
