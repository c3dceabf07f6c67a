//! A persistent, append-only list.

use std::rc::Rc;

/// Entries in one chunk.
const CHUNK: usize = 256;

/// An append-only list with a bounded length, shared between versions by chunks.
///
/// Cloning is cheap. Appending to a list of which another version exists copies at most one chunk and the table of
/// chunks, however long the list is. Entries keep their index when the oldest ones fall off.
#[derive(Debug)]
pub struct History<T> {
    chunks: Rc<Vec<Rc<Vec<T>>>>,
    first: usize,
    end: usize,
    capacity: usize,
    /// Shared by the versions of one list.
    line: Rc<()>,
}

impl<T> Clone for History<T> {
    fn clone(&self) -> Self {
        Self { chunks: Rc::clone(&self.chunks), line: Rc::clone(&self.line), ..*self }
    }
}

impl<T> PartialEq for History<T> {
    /// Whether both are the same version.
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.chunks, &other.chunks) && self.first == other.first && self.end == other.end
    }
}

impl<T: Clone> History<T> {
    /// An empty list that keeps at least its `capacity` latest entries, and at most a chunk more.
    pub fn new(capacity: usize) -> Self {
        Self { chunks: Rc::default(), first: 0, end: 0, capacity, line: Rc::default() }
    }

    /// Whether both are versions of one list.
    pub fn continues(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.line, &other.line)
    }

    /// Adds an entry.
    pub fn push(&mut self, entry: T) {
        let chunks = Rc::make_mut(&mut self.chunks);
        match chunks.last_mut() {
            Some(chunk) if chunk.len() < CHUNK => Rc::make_mut(chunk).push(entry),
            _ => {
                let mut chunk = Vec::with_capacity(CHUNK);
                chunk.push(entry);
                chunks.push(Rc::new(chunk));
            }
        }
        self.end += 1;
        if self.end - self.first >= self.capacity + CHUNK {
            chunks.remove(0);
            self.first += CHUNK;
        }
    }

    /// Changes the entry with this index, if it is kept.
    pub fn update(&mut self, index: usize, change: impl FnOnce(&mut T)) {
        let Some(offset) = index.checked_sub(self.first).filter(|_| index < self.end) else { return };
        if let Some(chunk) = Rc::make_mut(&mut self.chunks).get_mut(offset / CHUNK)
            && let Some(entry) = Rc::make_mut(chunk).get_mut(offset % CHUNK)
        {
            change(entry);
        }
    }

    /// Removes all entries; indices continue.
    pub fn clear(&mut self) {
        // The following chunks are aligned to the new start.
        self.chunks = Rc::default();
        self.first = self.end;
    }

    /// The entry with this index, if it is kept.
    pub fn get(&self, index: usize) -> Option<&T> {
        let offset = index.checked_sub(self.first)?;
        self.chunks.get(offset / CHUNK)?.get(offset % CHUNK)
    }

    /// The index of the oldest entry that is kept.
    pub fn first(&self) -> usize {
        self.first
    }

    /// One more than the index of the newest entry.
    pub fn end(&self) -> usize {
        self.end
    }

    /// How many entries are kept.
    pub fn len(&self) -> usize {
        self.end - self.first
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All entries that are kept, oldest first.
    pub fn all(&self) -> Vec<T> {
        self.chunks.iter().flat_map(|chunk| chunk.iter().cloned()).collect()
    }

    /// The entries from this index on, with their indices, oldest first.
    pub fn from(&self, index: usize) -> impl Iterator<Item = (usize, &T)> {
        let start = index.clamp(self.first, self.end);
        (start..self.end).filter_map(|index| Some((index, self.get(index)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(count: usize, capacity: usize) -> History<usize> {
        let mut list = History::new(capacity);
        (0..count).for_each(|n| list.push(n));
        list
    }

    #[test]
    fn entries_are_found_by_index() {
        let list = filled(1_000, 10_000);
        assert_eq!((list.first(), list.end(), list.len()), (0, 1_000, 1_000));
        for index in [0, 255, 256, 999] {
            assert_eq!(list.get(index), Some(&index));
        }
        assert_eq!(list.get(1_000), None);
        assert_eq!(list.from(997).map(|(_, n)| *n).collect::<Vec<_>>(), [997, 998, 999]);
    }

    #[test]
    fn the_oldest_fall_off_and_the_rest_keep_their_index() {
        let list = filled(5_000, 1_000);
        assert!(list.len() >= 1_000 && list.len() < 1_000 + CHUNK, "{}", list.len());
        assert_eq!(list.get(list.first() - 1), None);
        assert_eq!(list.get(list.first()), Some(&list.first()));
        assert_eq!(list.get(4_999), Some(&4_999));
        assert_eq!(list.from(0).next().map(|(index, _)| index), Some(list.first()));
    }

    #[test]
    fn versions_of_one_list_are_told_from_another_list() {
        let list = filled(3, 10);
        let mut later = list.clone();
        later.push(3);
        assert!(later.continues(&list) && !later.continues(&filled(4, 10)));
    }

    #[test]
    fn an_older_version_does_not_change() {
        let old = filled(300, 1_000);
        let mut new = old.clone();
        assert_eq!(old, new);
        new.push(300);
        assert_ne!(old, new);
        assert_eq!((old.len(), new.len(), old.get(300), new.get(300)), (300, 301, None, Some(&300)));
    }

    #[test]
    fn an_entry_is_changed_and_an_older_version_is_not() {
        let old = filled(300, 1_000);
        let mut new = old.clone();
        new.update(7, |entry| *entry = 70);
        new.update(300, |entry| *entry = 1);
        assert_eq!((old.get(7), new.get(7), new.get(8), new.get(300)), (Some(&7), Some(&70), Some(&8), None));
        assert_ne!(old, new);
    }

    #[test]
    fn after_clearing_it_goes_on_counting() {
        let mut list = filled(300, 1_000);
        list.clear();
        assert!(list.is_empty());
        list.push(300);
        assert_eq!((list.get(299), list.get(300), list.len()), (None, Some(&300), 1));
    }
}
