//! The cache of compiled code: used where it can be trusted, and nowhere else.

use super::*;

/// Loads from a cache in `dir` and runs: whether the code was cached, and the notices.
fn cached(dir: &Path) -> (bool, Vec<Notice>) {
    let settings = Settings { cache_dir: Some(dir.to_owned()), pool_instances: 1, ..Settings::default() };
    let (runtime, mut notices) = Runtime::new(&settings).unwrap();
    signals::in_child();
    let artifact = load(&runtime, CACHED).unwrap();
    let guest = Guest::link(&artifact, &runtime.linker::<State>()).unwrap();
    for place in [Place::Kept, Place::Fresh] {
        let mut instance = guest.instantiate(State::default(), &LIMITS, place).unwrap();
        let func = instance.func::<(), i32>("run").unwrap();
        assert_eq!(instance.call(&func, ()).unwrap(), 5);
    }
    notices.extend(artifact.notices);
    (artifact.cached, notices)
}

fn only_file(dir: &Path) -> PathBuf {
    let mut files = fs::read_dir(dir).unwrap();
    let file = files.next().unwrap().unwrap().path();
    assert!(files.next().is_none());
    file
}

#[test]
fn the_cache_is_used_once_it_is_filled() {
    let dir = Dir::new();
    let cache = dir.0.join("cache");
    assert_eq!(cached(&cache), (false, vec![]));
    assert_eq!(cached(&cache), (true, vec![]));
    assert_eq!(fs::metadata(&cache).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(fs::metadata(only_file(&cache)).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn damaged_code_is_compiled_anew() {
    let dir = Dir::new();
    cached(&dir.0);
    let file = only_file(&dir.0);
    let whole = fs::read(&file).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for (bytes, told) in
        [(&whole[..whole.len() - 1], "damaged"), (&whole[..10], "truncated"), (b"", "truncated"), (&flipped, "damaged")]
    {
        fs::write(&file, bytes).unwrap();
        let (hit, notices) = cached(&dir.0);
        assert!(!hit);
        assert!(matches!(notices.as_slice(), [Notice::BadCacheFile { why, .. }] if why == told), "{notices:?}");
        assert_eq!(cached(&dir.0), (true, vec![]), "the damaged file was replaced");
    }
}

#[test]
fn code_that_others_may_have_written_is_not_used() {
    let dir = Dir::new();
    cached(&dir.0);
    let file = only_file(&dir.0);
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();

    mode(&file, 0o620);
    let (hit, notices) = cached(&dir.0);
    assert!(!hit && notices[0].to_string().contains("is writable by others than its owner"), "{notices:?}");
    assert_eq!(cached(&dir.0), (true, vec![]), "the file was replaced");

    for bad in [0o777, 0o1777, 0o720] {
        mode(&dir.0, bad);
        let (hit, notices) = cached(&dir.0);
        assert!(!hit && matches!(notices.as_slice(), [Notice::NoCache(_)]), "{notices:?}");
    }
    mode(&dir.0, 0o700);
    assert_eq!(cached(&dir.0), (true, vec![]));

    // A directory above in which others could put another one in its place.
    let inner = dir.0.join("inner");
    cached(&inner);
    mode(&dir.0, 0o777);
    let (hit, notices) = cached(&inner);
    assert!(!hit && matches!(notices.as_slice(), [Notice::NoCache(_)]), "{notices:?}");
    mode(&dir.0, 0o700);

    let link = dir.0.join("link");
    symlink("/nowhere", &link).unwrap();
    let (_, notices) = cached(&link);
    assert!(matches!(notices.as_slice(), [Notice::NoCache(_)]), "{notices:?}");

    // Only root can give files away.
    if chown(&file, Some(65_534), None).is_ok() {
        let (hit, notices) = cached(&dir.0);
        assert!(!hit && notices[0].to_string().contains("belongs to another user"), "{notices:?}");
        chown(&dir.0, Some(65_534), None).unwrap();
        let (hit, notices) = cached(&dir.0);
        assert!(!hit && matches!(notices.as_slice(), [Notice::NoCache(_)]), "{notices:?}");
    }
}

#[test]
fn settings_are_part_of_the_key() {
    let dir = Dir::new();
    cached(&dir.0);
    let settings = Settings { cache_dir: Some(dir.0.clone()), ..Settings::default() };
    let artifact = load(&child(&settings), CACHED).unwrap();
    assert!(artifact.cached, "the pool doesn't change the code");
    let artifact = load(&child(&settings), &CACHED.replace('5', "6")).unwrap();
    assert!(!artifact.cached);
}
