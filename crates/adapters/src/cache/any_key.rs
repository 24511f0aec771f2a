//! Keys of any type. All caches have this one, so that the library beneath them is compiled once and not for each of
//! their types.

use std::any::Any;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A key, equal to others of the same type and value.
#[derive(Clone)]
pub struct AnyKey(Arc<dyn ErasedKey>);

trait ErasedKey: Send + Sync {
    fn as_any(&self) -> &dyn Any;
    fn equals(&self, other: &dyn Any) -> bool;
    fn hash_with(&self, hasher: &mut dyn Hasher);
}

impl<K: Hash + Eq + Send + Sync + 'static> ErasedKey for K {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn equals(&self, other: &dyn Any) -> bool {
        other.downcast_ref::<K>().is_some_and(|other| self == other)
    }

    fn hash_with(&self, mut hasher: &mut dyn Hasher) {
        self.hash(&mut hasher);
    }
}

impl AnyKey {
    pub fn new<K: Hash + Eq + Send + Sync + 'static>(key: K) -> Self {
        Self(Arc::new(key))
    }
}

impl PartialEq for AnyKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.equals(other.0.as_any())
    }
}

impl Eq for AnyKey {}

impl Hash for AnyKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash_with(state);
    }
}

#[cfg(test)]
mod tests {
    use std::hash::BuildHasher;

    use super::*;

    #[test]
    fn keys_are_equal_by_type_and_value() {
        let hash =
            |key: &AnyKey| std::hash::BuildHasherDefault::<std::hash::DefaultHasher>::default().hash_one(key);
        let [one, same, other, another_type] = [
            AnyKey::new((1_u64, "a")),
            AnyKey::new((1_u64, "a")),
            AnyKey::new((2_u64, "a")),
            AnyKey::new((1_i64, "a")),
        ];
        assert!(one == same && hash(&one) == hash(&same));
        assert!(one != other && hash(&one) != hash(&other));
        assert!(one != another_type);
    }
}
