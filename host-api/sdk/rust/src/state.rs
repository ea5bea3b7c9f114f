//! What a module keeps with a request from one hook to the next. Hooks of one request may run in different instances,
//! so it is kept by the host, as bytes.

use crate::Request;

/// A type that is kept with a request, under its own key.
///
/// ```ignore
/// struct Visit { began: i64 }
/// impl State for Visit {
///     const KEY: &'static str = "visit";
///     fn save(&self) -> Vec<u8> { self.began.to_le_bytes().to_vec() }
///     fn load(bytes: &[u8]) -> Option<Visit> { Some(Visit { began: i64::from_le_bytes(bytes.try_into().ok()?) }) }
/// }
/// r.set_state(&Visit { began: server::time_now() });
/// ```
pub trait State: Sized {
    /// Unlike that of the module's other types.
    const KEY: &'static str;

    /// The value as bytes.
    fn save(&self) -> Vec<u8>;

    /// The value from what [`State::save`] gave.
    fn load(bytes: &[u8]) -> Option<Self>;
}

impl Request {
    /// What was kept of a type; internal redirects share it, subrequests have their own.
    pub fn state<T: State>(&self) -> Option<T> {
        T::load(&self.userdata(T::KEY.as_bytes())?)
    }

    /// Keeps a value in place of the one of the same type.
    pub fn set_state<T: State>(&self, state: &T) {
        self.set_userdata(T::KEY.as_bytes(), &state.save());
    }
}
