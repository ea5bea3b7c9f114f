//! Whether the modules of a hook can be put in an order at all: what apr_hooks.c:tsort takes for granted. Knows names, and
//! neither hooks nor httpd.

/// One function in a hook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its module.
    pub(crate) name: Vec<u8>,
    /// APR_HOOK_FIRST and so on.
    pub(crate) order: i32,
    /// Modules that are to run before it.
    pub(crate) predecessors: Vec<Vec<u8>>,
    /// Modules that are to run after it.
    pub(crate) successors: Vec<Vec<u8>>,
    /// Whether it is a guest's.
    pub(crate) is_guest: bool,
}

/// Modules of which each is to run before the next, and the last before the first, with a guest among them. What native
/// modules alone contradict each other in isn't ours to tell.
pub(crate) fn contradiction(mut entries: Vec<Entry>) -> Option<Vec<Vec<u8>>> {
    // As apr_hooks.c:prepare: a name stands for the first entry that has it, by rough order.
    entries.sort_by_key(|entry| entry.order);
    let find = |name: &Vec<u8>| entries.iter().position(|entry| entry.name == *name);
    let mut before: Vec<Vec<usize>> = vec![Vec::new(); entries.len()];
    for (at, entry) in entries.iter().enumerate() {
        if let Some(before) = before.get_mut(at) {
            before.extend(entry.predecessors.iter().filter_map(find));
        }
        for after in entry.successors.iter().filter_map(find) {
            if let Some(before) = before.get_mut(after) {
                before.push(at);
            }
        }
    }
    let guests = (0..).zip(&entries).filter(|(_, entry)| entry.is_guest).map(|(at, _)| at);
    let path = guests.into_iter().find_map(|guest| way_back(&before, guest))?;
    Some(path.into_iter().filter_map(|at| entries.get(at).map(|entry| entry.name.clone())).collect())
}

/// The shortest way from an entry by those that are to run before it back to itself, the earliest first.
fn way_back(before: &[Vec<usize>], start: usize) -> Option<Vec<usize>> {
    let mut reached_from: Vec<Option<usize>> = vec![None; before.len()];
    let mut next = vec![start];
    let mut done = 0;
    while let Some(&at) = next.get(done) {
        done += 1;
        for &earlier in before.get(at)? {
            if earlier == start {
                let mut path = vec![at];
                let mut at = at;
                while at != start {
                    at = (*reached_from.get(at)?)?;
                    path.push(at);
                }
                return Some(path);
            }
            let from = reached_from.get_mut(earlier)?;
            if from.is_none() {
                *from = Some(at);
                next.push(earlier);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, order: i32, predecessors: &[&str], successors: &[&str]) -> Entry {
        let names = |names: &[&str]| names.iter().map(|name| name.as_bytes().to_vec()).collect();
        let is_guest = name.starts_with("guest");
        Entry { name: name.into(), order, predecessors: names(predecessors), successors: names(successors), is_guest }
    }

    fn told(entries: &[Entry]) -> Option<String> {
        let names = contradiction(entries.to_vec())?;
        Some(names.iter().map(|name| String::from_utf8_lossy(name)).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn what_can_be_sorted_is_no_contradiction() {
        assert_eq!(told(&[]), None);
        assert_eq!(
            told(&[
                entry("guest", 10, &["a", "nobody"], &["b"]),
                entry("a", 20, &[], &["b"]),
                entry("b", 0, &["a"], &[])
            ]),
            None
        );
    }

    #[test]
    fn a_circle_is_told_in_the_order_that_was_asked_for() {
        assert_eq!(told(&[entry("guest", 10, &["guest"], &[])]).as_deref(), Some("guest"));
        assert_eq!(
            told(&[entry("guest", 10, &["guest2"], &[]), entry("guest2", 10, &["guest"], &[])]).as_deref(),
            Some("guest2 guest")
        );
        let (alias, userdir) = (entry("alias", 10, &[], &["userdir"]), entry("userdir", 10, &[], &[]));
        let guest = entry("guest", 10, &["userdir"], &["alias"]);
        assert_eq!(told(&[alias.clone(), userdir.clone(), guest.clone()]).as_deref(), Some("alias userdir guest"));
        // Without one of them it is none.
        assert_eq!(told(&[alias, guest.clone()]), None);
        assert_eq!(told(&[userdir, guest]), None);
    }

    #[test]
    fn what_native_modules_say_among_themselves_is_theirs() {
        let natives = [entry("a", 10, &["b"], &[]), entry("b", 10, &["a"], &[])];
        assert_eq!(told(&natives), None);
        assert_eq!(told(&[&natives[..], &[entry("guest", 10, &["a"], &[])]].concat()), None);
    }

    #[test]
    fn a_name_stands_for_its_first_function() {
        // As a module that has two functions in a hook, one early and one late.
        let early = entry("a", 0, &[], &["guest"]);
        let late = entry("a", 20, &["guest"], &[]);
        assert_eq!(told(&[late, early, entry("guest", 10, &[], &[])]), None);
    }
}
