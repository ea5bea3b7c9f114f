;; Never comes back.
(func $fail (loop $again (br $again)))
