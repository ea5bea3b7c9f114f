//! Which numbers are HTTP statuses for httpd (http_protocol.c:ap_index_of_response).

/// Whether httpd has a status line for the number.
pub fn is_known(status: i32) -> bool {
    matches!(status,
        100..=102
        | 200..=208 | 226
        | 300..=305 | 307 | 308
        | 400..=417 | 421..=424 | 426 | 428 | 429 | 431 | 451
        | 500..=508 | 510 | 511
    )
}

/// Whether the status is a redirection (ap_is_HTTP_REDIRECT).
pub fn is_redirect(status: i32) -> bool {
    (300..400).contains(&status)
}
