//! Configuration of a module: what one section says, and how sections are merged.

/// A module's configuration for one kind of section (per directory or per server).
///
/// `Default` is httpd's create function. The host keeps what it is given as opaque addresses, and asks for a merge
/// once for each chain of sections that requests meet, not for each request.
pub trait Merge: Default {
    /// What holds where the outer section says `self` and the inner says `add` (httpd's merge function).
    fn merge(&self, add: &Self) -> Self;

    /// Hooks that may do something under this configuration, as bits of [`crate::hook`]; the host need not call the
    /// others. A hook runs only if the configurations of both kinds have its bit, or if one of them has it 32 bits
    /// higher.
    fn hooks(&self) -> u64 {
        u32::MAX.into()
    }
}

impl Merge for () {
    fn merge(&self, (): &Self) -> Self {}
}
