;; A number that no integer can hold.
(func $fail (drop (i32.trunc_f64_s (f64.const nan))))
