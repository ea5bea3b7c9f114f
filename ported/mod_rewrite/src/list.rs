//! A list of rules and the way through it: which rule is tried next, and when it ends.

use crate::apply::{Applied, apply_rewrite_rule};
use crate::context::Context;
use crate::flags::Bits;
use crate::log::rewritelog;
use crate::prefix::{Prefix, Verdict};
use crate::record::Record;
use crate::rule::Rule;
use crate::test::is_ruled_out;
use apache_module::matching::{Matches, RegexList};
use apache_module::{field, log_bytes};
use std::cell::OnceCell;
use std::rc::Rc;

/// Kept with the request once a rule said END, so that no later pass rewrites it.
pub const REALLY_LAST: &str = "rewrite_really_last";

/// What a pass over the rules came to (mod_rewrite.c:ACTION_NORMAL and so on).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing was substituted.
    None = 0,
    Normal = 1,
    /// The result is not to be escaped.
    NoEscape = 2,
    /// A rule forces a status.
    Status = 4,
    /// r->status says what becomes of the request.
    StatusSet = 8,
}

impl Action {
    /// As a note keeps it.
    pub fn number(self) -> &'static [u8] {
        match self {
            Action::None => b"0",
            Action::Normal => b"1",
            Action::NoEscape => b"2",
            Action::Status => b"4",
            Action::StatusSet => b"8",
        }
    }

    /// The action of a number that a note keeps.
    pub fn from_number(number: i32) -> Action {
        [Action::Normal, Action::NoEscape, Action::Status, Action::StatusSet]
            .into_iter()
            .find(|action| *action as i32 == number)
            .unwrap_or(Action::None)
    }
}

/// Rules in order, shared between sections, and how they are tried.
#[derive(Clone, Default)]
pub struct Rules {
    list: Vec<Rc<Rule>>,
    /// For requests and for subrequests.
    order: [OnceCell<Option<Order>>; 2],
}

/// How rules are tried many at once: a rule that is chained to the one before it is left out, since it is tried only
/// after that one matched.
#[derive(Clone)]
struct Order {
    patterns: RegexList,
    /// Of each pattern its rule, what it requires of a text, and whether it is not to match.
    rules: Vec<(usize, Prefix, bool)>,
    /// How many groups any of the rules needs.
    groups: usize,
    /// For each rule the first pattern that is its own or a later one's; `None` for a rule that is left out.
    patterns_from: Vec<Option<usize>>,
}

impl Order {
    /// The rule of the first pattern from a number on that does what is asked of it; its groups are in `context`.
    #[inline(never)]
    fn first(
        &self,
        start: usize,
        list: &[Rc<Rule>],
        context: &mut Context<'_>,
        record: &mut Record<'_>,
    ) -> Option<usize> {
        let Context { uri, rule_match, .. } = context;
        let uri: &[u8] = uri;
        *rule_match = None;
        for (pattern, (rule, prefix, not_match)) in self.rules.iter().enumerate().skip(start) {
            match (prefix.verdict(uri), not_match) {
                (Verdict::No, false) => {}
                _ if list
                    .get(*rule)
                    .is_some_and(|rule| !rule.conditions.is_empty() && is_ruled_out(&rule.conditions, record)) => {}
                (Verdict::No, true) => return Some(*rule),
                (Verdict::Yes, false) => {
                    if self.groups > 0 {
                        *rule_match = Some(Matches::of_whole(uri.len()));
                    }
                    return Some(*rule);
                }
                (Verdict::Yes, true) => {}
                (Verdict::Try, _) => {
                    let pattern =
                        self.patterns.first_into(pattern, uri, self.groups, rule_match.insert(Matches::default()))?;
                    return Some(self.rules.get(pattern)?.0);
                }
            }
        }
        None
    }
}

impl Rules {
    /// Adds a rule at the end.
    pub fn push(&mut self, rule: Rule) {
        self.list.push(Rc::new(rule));
        self.order = Default::default();
    }

    /// These rules, and then others.
    pub fn followed_by(&self, others: &Rules) -> Rules {
        Rules { list: self.list.iter().chain(&others.list).cloned().collect(), order: Default::default() }
    }

    /// Whether a rule has `T=` or `H=`, which the last fixup carries out.
    pub fn force_type_or_handler(&self) -> bool {
        self.list.iter().any(|rule| rule.flags.forces_type_or_handler())
    }

    /// Whether a rule is not for subrequests.
    fn is_skipped(rule: &Rule, is_subreq: bool) -> bool {
        is_subreq && rule.has(Bits::IGNORE_ON_SUBREQ.or(Bits::FORCE_REDIRECT))
    }

    fn order(&self, is_subreq: bool) -> Option<&Order> {
        let [of_requests, of_subrequests] = &self.order;
        let order = if is_subreq { of_subrequests } else { of_requests };
        order.get_or_init(|| self.new_order(is_subreq)).as_ref()
    }

    fn new_order(&self, is_subreq: bool) -> Option<Order> {
        let mut patterns = Vec::new();
        let mut rules = Vec::new();
        let mut patterns_from = Vec::new();
        let mut chained = false;
        for (number, rule) in self.list.iter().enumerate() {
            let skipped = Rules::is_skipped(rule, is_subreq);
            if skipped && rule.has(Bits::CHAIN) {
                // What it is chained to is tried or not by what precedes it; such a list is gone through one by one.
                return None;
            }
            patterns_from.push((!chained).then_some(patterns.len()));
            if !chained && !skipped {
                let not_match = rule.has(Bits::NOT_MATCH);
                patterns.push((rule.regex, not_match));
                rules.push((number, rule.prefix.clone(), not_match));
            }
            chained = rule.has(Bits::CHAIN);
        }
        let groups = self.list.iter().map(|rule| rule.groups).max().unwrap_or(0);
        Some(Order { patterns: RegexList::new(&patterns)?, rules, groups, patterns_from })
    }

    /// The number of the first rule that follows the chain of a rule.
    fn after_chain(&self, number: usize) -> usize {
        let chained = self.list.iter().skip(number).take_while(|rule| rule.has(Bits::CHAIN)).count();
        number + chained + 1
    }

    /// The first rule from a number on whose pattern is as the rule wants it; its groups are in `context`.
    fn first_match(&self, mut from: usize, context: &mut Context<'_>, record: &mut Record<'_>) -> Option<usize> {
        let order = if record.logs(3) { None } else { self.order(record.is_subreq) };
        loop {
            let rule = self.list.get(from)?;
            if let Some(order) = order
                && let Some(pattern) = *order.patterns_from.get(from)?
            {
                return order.first(pattern, &self.list, context, record);
            }
            if Rules::is_skipped(rule, record.is_subreq) {
                from += 1;
                continue;
            }
            log_attempt(rule, context, record);
            let groups = rule.regex.matches(&context.uri);
            if groups.is_some() != rule.has(Bits::NOT_MATCH) {
                context.rule_match = groups;
                return Some(from);
            }
            from = self.after_chain(from);
        }
    }
}

fn log_attempt(rule: &Rule, context: &Context<'_>, record: &Record<'_>) {
    let uri = &context.uri;
    if let (Some(directory), true) = (context.perdir, record.logs(3)) {
        let name = record.name();
        if let Some(info) = record.path_info() {
            rewritelog!(record, 3, context.perdir, b"add path info postfix: ", name, b" -> ", name, info);
        }
        let full = [name, record.path_info().unwrap_or_default()].concat();
        if !is_proxy_request(context, record) && full.starts_with(directory) {
            rewritelog!(record, 3, context.perdir, b"strip per-dir prefix: ", &full, b" -> ", uri);
        }
    }
    rewritelog!(record, 3, context.perdir, b"applying pattern '", &rule.pattern, b"' to uri '", uri, b"'");
}

/// Whether a per-directory pass has a proxy's URL before it and not a file.
fn is_proxy_request(context: &Context<'_>, record: &Record<'_>) -> bool {
    context.perdir.is_some() && record.name().starts_with(b"proxy:") && record.r.number(field::PROXYREQ) != 0
}

/// Finds what the rules are matched against: r->filename, in a directory with its PATH_INFO and without the
/// directory. Answers whether it is a proxy's URL.
fn renew_uri<'c>(context: &mut Context<'c>, record: &Record<'c>) -> bool {
    match context.perdir {
        None => {
            context.uri = record.name_kept();
            false
        }
        Some(directory) => renew_uri_of_directory(directory, context, record),
    }
}

#[inline(never)]
fn renew_uri_of_directory(directory: &[u8], context: &mut Context<'_>, record: &Record<'_>) -> bool {
    let is_proxy = is_proxy_request(context, record);
    let (name, info) = (record.name(), record.path_info().unwrap_or_default());
    context.uri = match name.strip_prefix(directory).filter(|_| !is_proxy) {
        Some(rest) => [rest, info].concat().into(),
        None => {
            let mut whole = [name, info].concat();
            // The directory may end within what follows the file's name.
            if !is_proxy && whole.starts_with(directory) {
                whole.drain(..directory.len());
            }
            whole.into()
        }
    };
    is_proxy
}

/// Applies rules until one ends the pass; also the last rule that substituted something
/// (mod_rewrite.c:apply_rewrite_list).
pub fn apply_rewrite_list<'c, 'r: 'c>(
    rules: &'r Rules,
    context: &mut Context<'c>,
    record: &mut Record<'r>,
) -> (Action, Option<&'r Rule>) {
    let perdir = context.perdir;
    let mut changed = Action::None;
    let mut last_rule = None;
    let mut round = 1;
    let mut at = 0;
    let mut is_proxy = renew_uri(context, record);
    while let Some(number) = rules.first_match(at, context, record) {
        let Some(rule) = rules.list.get(number).map(|rule| &**rule) else { break };
        context.vary.clear();
        context.vary_this.clear();
        context.condition_match = None;
        if rule.has(Bits::NOT_MATCH) {
            context.rule_match = None;
        }
        let applied = apply_rewrite_rule(rule, is_proxy, context, record);
        if applied == Applied::NoMatch {
            at = rules.after_chain(number);
            continue;
        }
        at = number + 1;
        if !rule.has(Bits::NO_SUB) {
            rewritelog!(record, 2, perdir, b"setting lastsub to rule with output ", &rule.output);
            last_rule = Some(rule);
        }
        if is_too_long(rule, record) {
            return (Action::Status, last_rule);
        }
        if !context.vary.is_empty() {
            merge_vary(context, record);
        }
        if applied == Applied::StatusSet {
            return (Action::StatusSet, last_rule);
        }
        if rule.has(Bits::STATUS) {
            return (Action::Status, last_rule);
        }
        if applied != Applied::NoSub {
            changed = if rule.has(Bits::NO_ESCAPE) { Action::NoEscape } else { Action::Normal };
        }
        if rule.has(Bits::LAST) && !rule.has(BEFORE_LAST) {
            break;
        }
        if rule.has(Bits::PASS_THROUGH) {
            rewritelog!(
                record,
                2,
                perdir,
                b"forcing '",
                record.name(),
                b"' to get passed through to next API URI-to-filename handler",
            );
            record.set_filename([b"passthrough:", record.name()].concat());
            changed = Action::Normal;
            break;
        }
        if rule.has(Bits::END) {
            rewritelog!(record, 8, perdir, b"Rule has END flag, no further rewriting for this request");
            record.r.set_userdata(REALLY_LAST.as_bytes(), b"1");
            break;
        }
        if rule.has(Bits::PROXY.or(Bits::LAST)) {
            break;
        }
        if rule.has(Bits::NEW_ROUND) {
            round += 1;
            if round >= rule.flags.max_rounds {
                log_limit(
                    b"AH02596: RewriteRule '",
                    rule,
                    b"exceeded maximum number of rounds (",
                    rule.flags.max_rounds.into(),
                    b") via the [N] flag",
                    record,
                );
                record.set_status(500);
                return (Action::Status, last_rule);
            }
            at = 0;
        } else {
            at += usize::try_from(rule.flags.skip).unwrap_or(0);
        }
        if applied != Applied::NoSub && at < rules.list.len() {
            is_proxy = renew_uri(context, record);
        }
    }
    (changed, last_rule)
}

/// What is looked at before `L` is.
const BEFORE_LAST: Bits = Bits::PASS_THROUGH.or(Bits::END);

#[inline(never)]
fn merge_vary(context: &Context<'_>, record: &Record<'_>) {
    record.r.headers_out().merge("Vary", &context.vary);
}

/// Whether r->filename has grown past what any request can have, as PATH_INFO in a loop of rules does.
fn is_too_long(rule: &Rule, record: &mut Record<'_>) -> bool {
    let limit = 2 * record.limit_req_line();
    let too_long = i64::try_from(record.name().len()).unwrap_or(i64::MAX) > limit;
    if too_long {
        log_limit(b"RewriteRule '", rule, b"exceeded maximum length (", limit, b")", record);
        record.set_status(500);
    }
    too_long
}

fn log_limit(start: &[u8], rule: &Rule, what: &[u8], limit: i64, end: &[u8], record: &Record<'_>) {
    let limit = limit.to_string();
    log_bytes!(record.r, APLOG_ERR, start, &rule.pattern, b"' and URI '", &record.uri, b"' ", what, &limit, end);
}

#[cfg(test)]
impl Rules {
    /// The rules in order.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.list.iter().map(|rule| &**rule)
    }
}
