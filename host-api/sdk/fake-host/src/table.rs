//! A table of a request as plain data, with the effects of apr_table_t.

/// Names and values in order; names are compared without case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries(Vec<(Vec<u8>, Vec<u8>)>);

impl Entries {
    /// Every entry in order.
    pub fn iter(&self) -> impl Iterator<Item = &(Vec<u8>, Vec<u8>)> {
        self.0.iter()
    }

    /// Every value of a name, in order.
    pub fn values<'a>(&'a self, name: &'a [u8]) -> impl Iterator<Item = &'a Vec<u8>> {
        self.0.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// apr_table_add.
    pub fn add(&mut self, name: &[u8], value: &[u8]) {
        self.0.push((name.to_vec(), value.to_vec()));
    }

    /// apr_table_set: the first entry of the name gets the new name and value, the others go.
    pub fn set(&mut self, name: &[u8], value: &[u8]) {
        let Some(first) = self.position(name) else { return self.add(name, value) };
        let mut at = 0;
        self.0.retain(|(key, _)| {
            at += 1;
            at - 1 <= first || !key.eq_ignore_ascii_case(name)
        });
        self.0[first] = (name.to_vec(), value.to_vec());
    }

    /// apr_table_merge: to the first entry of the name, after a comma.
    pub fn merge(&mut self, name: &[u8], value: &[u8]) {
        let Some(first) = self.position(name) else { return self.add(name, value) };
        self.0[first].1.extend([b", ", value].concat());
    }

    /// apr_table_unset.
    pub fn unset(&mut self, name: &[u8]) {
        self.0.retain(|(key, _)| !key.eq_ignore_ascii_case(name));
    }

    fn position(&self, name: &[u8]) -> Option<usize> {
        self.0.iter().position(|(key, _)| key.eq_ignore_ascii_case(name))
    }
}
