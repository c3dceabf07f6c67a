use std::rc::Rc;

use yew::prelude::*;

use crate::state::{Filter, History, LogEntry};

/// The timeline entries that match the filter.
#[derive(Clone, Debug)]
pub struct Filtered {
    log: History<Rc<LogEntry>>,
    /// The indices that match; `None` for all.
    indices: Option<Rc<Vec<usize>>>,
    gone: usize,
}

impl Filtered {
    /// How many there were before them that are no longer kept.
    pub fn gone(&self) -> usize {
        self.gone
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.indices.as_ref().map_or(self.log.len(), |indices| indices.len())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry at this position with its index in the timeline.
    pub fn get(&self, position: usize) -> Option<(usize, &Rc<LogEntry>)> {
        let index = match &self.indices {
            Some(indices) => *indices.get(position)?,
            None => self.log.first() + position,
        };
        Some((index, self.log.get(index)?))
    }

    /// The position of the entry with this index, if it matches.
    pub fn position(&self, index: usize) -> Option<usize> {
        match &self.indices {
            Some(indices) => indices.binary_search(&index).ok(),
            None => index.checked_sub(self.log.first()).filter(|position| *position < self.log.len()),
        }
    }

    /// All of them, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Rc<LogEntry>> {
        (0..self.len()).filter_map(|position| Some(self.get(position)?.1))
    }
}

/// The result of the previous render, so that only new entries are matched.
#[derive(Default)]
struct Known {
    filter: Filter,
    first: usize,
    end: usize,
    indices: Rc<Vec<usize>>,
    gone: usize,
    log: Option<History<Rc<LogEntry>>>,
}

impl Known {
    fn advance(&mut self, log: &History<Rc<LogEntry>>, filter: &Filter) -> Rc<Vec<usize>> {
        let goes_on = self.log.as_ref().is_some_and(|known| log.continues(known)) && log.end() >= self.end;
        if self.filter != *filter || !goes_on {
            *self = Self { filter: filter.clone(), ..Self::default() };
        }
        self.log = Some(log.clone());
        if self.first < log.first() {
            let gone = self.indices.partition_point(|index| *index < log.first());
            Rc::make_mut(&mut self.indices).drain(..gone);
            self.gone += gone;
            self.first = log.first();
        }
        if self.end < log.end() {
            let new = log.from(self.end).filter(|(_, entry)| filter.matches(entry)).map(|(index, _)| index);
            Rc::make_mut(&mut self.indices).extend(new);
            self.end = log.end();
        }
        Rc::clone(&self.indices)
    }
}

/// The entries that match the filter. A render only looks at the entries added since the previous one.
#[hook]
pub fn use_filtered(log: &History<Rc<LogEntry>>, filter: &Filter) -> Filtered {
    let known = use_mut_ref(Known::default);
    let indices = (!filter.is_open()).then(|| known.borrow_mut().advance(log, filter));
    let gone = if filter.is_open() { log.first() } else { known.borrow().gone };
    Filtered { log: log.clone(), indices, gone }
}
