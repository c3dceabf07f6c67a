/// What is to be done, in order. Each thing is taken in the same time, however many wait.
pub(super) struct Queue<T> {
    present: std::vec::IntoIter<T>,
    following: Vec<T>,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { present: Vec::new().into_iter(), following: Vec::new() }
    }
}

impl<T> Queue<T> {
    /// Puts these behind all others.
    pub(super) fn extend(&mut self, more: Vec<T>) {
        self.following.extend(more);
    }

    /// Takes out the first.
    pub(super) fn next(&mut self) -> Option<T> {
        if self.present.as_slice().is_empty() {
            self.present = std::mem::take(&mut self.following).into_iter();
        }
        self.present.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_first_goes_first_whenever_it_came() {
        let mut queue = Queue::default();
        assert_eq!(queue.next(), None::<u32>);
        queue.extend(vec![1, 2]);
        assert_eq!(queue.next(), Some(1));
        queue.extend(vec![3]);
        queue.extend(vec![4]);
        let rest: Vec<u32> = std::iter::from_fn(|| queue.next()).collect();
        assert_eq!(rest, [2, 3, 4]);
    }
}
