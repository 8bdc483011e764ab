//! A short list without a heap.

/// At most `N` values in the order they were added; what does not fit is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Few<T, const N: usize> {
    items: [T; N],
    length: u8,
}

impl<T: Copy, const N: usize> Few<T, N> {
    /// No value; `filler` stands in the room.
    pub const fn new(filler: T) -> Self {
        Self::of([filler; N], 0)
    }

    /// The first `length` of the items.
    pub const fn of(items: [T; N], length: u8) -> Self {
        Self { items, length }
    }

    /// Adds a value; false when there is no room left.
    #[inline]
    pub fn push(&mut self, item: T) -> bool {
        let Some(slot) = self.items.get_mut(usize::from(self.length)) else { return false };
        *slot = item;
        self.length += 1;
        true
    }

    /// Likewise; adds as many as there is room for.
    pub fn extend(&mut self, items: &[T]) -> bool {
        items.iter().all(|item| self.push(*item))
    }

    /// The values.
    #[inline]
    pub fn as_slice(&self) -> &[T] {
        self.items.get(..usize::from(self.length)).unwrap_or_default()
    }
}

impl<T: Copy + Default, const N: usize> Default for Few<T, N> {
    fn default() -> Self {
        Self::new(T::default())
    }
}
