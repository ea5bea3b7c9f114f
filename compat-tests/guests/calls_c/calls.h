/* Every host function with how it is called. Made from host-api/src/table.rs: do not edit. */
#define EACH_FUNCTION(X) \
    X(ap_module_name, "b", 'n', ap_module_name(P(0), U(1))) \
    X(ap_module_directive, "buub", 'n', ap_module_directive(P(0), U(1), U(2), U(3), P(4), U(5))) \
    X(ap_module_hook, "bibb", 'n', ap_module_hook(P(0), U(1), I(2), P(3), U(4), P(5), U(6))) \
    X(ap_module_handler, "b", 'n', ap_module_handler(P(0), U(1))) \
    X(ap_module_output_filter, "bu", 'n', ap_module_output_filter(P(0), U(1), U(2))) \
    X(ap_module_input_filter, "bu", 'n', ap_module_input_filter(P(0), U(1), U(2))) \
    X(ap_directive_args, "", 'b', ap_directive_args(P(0), U(1))) \
    X(ap_directive_field, "u", 'b', ap_directive_field(U(0), P(1), U(2))) \
    X(ap_directive_number, "u", 'l', ap_directive_number(U(0))) \
    X(ap_directive_error, "b", 'n', ap_directive_error(P(0), U(1))) \
    X(ap_get_module_config, "ru", 'l', ap_get_module_config(U(0), U(1))) \
    X(ap_error_text, "", 'b', ap_error_text(P(0), U(1))) \
    X(ap_error_status, "", 'l', ap_error_status()) \
    X(ap_answer, "", 'b', ap_answer(P(0), U(1))) \
    X(ap_module_configs_at, "u", 'n', ap_module_configs_at(U(0))) \
    X(ap_ivm_get, "b", 'b', ap_ivm_get(P(0), U(1), P(2), U(3))) \
    X(ap_ivm_set, "bb", 'n', ap_ivm_set(P(0), U(1), P(2), U(3))) \
    X(ap_ivm_unset, "b", 'n', ap_ivm_unset(P(0), U(1))) \
    X(ap_ivm_add, "bl", 'b', ap_ivm_add(P(0), U(1), L(2), P(3), U(4))) \
    X(ap_ivm_compare_and_set, "bubb", 'l', ap_ivm_compare_and_set(P(0), U(1), U(2), P(3), U(4), P(5), U(6))) \
    X(ap_module_mutex, "b", 'n', ap_module_mutex(P(0), U(1))) \
    X(ap_hook_number, "", 'l', ap_hook_number()) \
    X(ap_hook_text, "", 'b', ap_hook_text(P(0), U(1))) \
    X(ap_hook_set_text, "b", 'n', ap_hook_set_text(P(0), U(1))) \
    X(ap_module_offers, "b", 'n', ap_module_offers(P(0), U(1))) \
    X(ap_server_root_relative, "b", 'b', ap_server_root_relative(P(0), U(1), P(2), U(3))) \
    X(ap_log_rerror, "rbuuib", 'n', ap_log_rerror(U(0), P(1), U(2), U(3), U(4), I(5), P(6), U(7))) \
    X(ap_log_error, "rbuuib", 'n', ap_log_error(U(0), P(1), U(2), U(3), U(4), I(5), P(6), U(7))) \
    X(ap_log_level, "r", 'l', ap_log_level(U(0))) \
    X(ap_server_log_level, "r", 'l', ap_server_log_level(U(0))) \
    X(ap_request_field, "ru", 'b', ap_request_field(U(0), U(1), P(2), U(3))) \
    X(ap_request_number, "ru", 'l', ap_request_number(U(0), U(1))) \
    X(ap_request_set_field, "rub", 'n', ap_request_set_field(U(0), U(1), P(2), U(3))) \
    X(ap_request_unset_field, "ru", 'n', ap_request_unset_field(U(0), U(1))) \
    X(ap_request_set_number, "rul", 'n', ap_request_set_number(U(0), U(1), L(2))) \
    X(ap_request_read, "rb", 'b', ap_request_read(U(0), P(1), U(2), P(3), U(4))) \
    X(ap_request_read_before, "ubuu", 'n', ap_request_read_before(U(0), P(1), U(2), U(3), U(4))) \
    X(ap_request_write, "rb", 'n', ap_request_write(U(0), P(1), U(2))) \
    X(ap_request_prepare, "b", 'l', ap_request_prepare(P(0), U(1))) \
    X(ap_set_content_type_ex, "rbu", 'n', ap_set_content_type_ex(U(0), P(1), U(2), U(3))) \
    X(ap_rwrite, "rb", 'n', ap_rwrite(U(0), P(1), U(2))) \
    X(ap_rflush, "r", 'n', ap_rflush(U(0))) \
    X(apr_time_now, "", 'l', apr_time_now()) \
    X(apr_sleep, "l", 'n', apr_sleep(L(0))) \
    X(ap_construct_url, "rb", 'b', ap_construct_url(U(0), P(1), U(2), P(3), U(4))) \
    X(ap_set_document_root, "rb", 'n', ap_set_document_root(U(0), P(1), U(2))) \
    X(ap_set_context_info, "rbb", 'n', ap_set_context_info(U(0), P(1), U(2), P(3), U(4))) \
    X(ap_cookie_read, "rb", 'b', ap_cookie_read(U(0), P(1), U(2), P(3), U(4))) \
    X(ap_args_to_table, "r", 'b', ap_args_to_table(U(0), P(1), U(2))) \
    X(ap_request_main, "r", 'l', ap_request_main(U(0))) \
    X(ap_request_prev, "r", 'l', ap_request_prev(U(0))) \
    X(ap_request_next, "r", 'l', ap_request_next(U(0))) \
    X(apr_pool_userdata_get, "rb", 'b', apr_pool_userdata_get(U(0), P(1), U(2), P(3), U(4))) \
    X(apr_pool_userdata_set, "rbb", 'n', apr_pool_userdata_set(U(0), P(1), U(2), P(3), U(4))) \
    X(ap_require_args, "", 'b', ap_require_args(P(0), U(1))) \
    X(ap_core_translate, "rb", 'l', ap_core_translate(U(0), P(1), U(2))) \
    X(ap_matches_request_vhost, "rbu", 'l', ap_matches_request_vhost(U(0), P(1), U(2), U(3))) \
    X(apr_table_get, "rtb", 'b', apr_table_get(U(0), U(1), P(2), U(3), P(4), U(5))) \
    X(apr_table_do, "rtb", 'b', apr_table_do(U(0), U(1), P(2), U(3), P(4), U(5))) \
    X(apr_table_elts, "rt", 'b', apr_table_elts(U(0), U(1), P(2), U(3))) \
    X(apr_table_set, "rtbb", 'n', apr_table_set(U(0), U(1), P(2), U(3), P(4), U(5))) \
    X(apr_table_add, "rtbb", 'n', apr_table_add(U(0), U(1), P(2), U(3), P(4), U(5))) \
    X(apr_table_merge, "rtbb", 'n', apr_table_merge(U(0), U(1), P(2), U(3), P(4), U(5))) \
    X(apr_table_unset, "rtb", 'n', apr_table_unset(U(0), U(1), P(2), U(3))) \
    X(apr_table_clear, "rt", 'n', apr_table_clear(U(0), U(1))) \
    X(ap_table_prepare, "b", 'l', ap_table_prepare(P(0), U(1))) \
    X(ap_table_apply, "rth", 'n', ap_table_apply(U(0), U(1), U(2))) \
    X(ap_regcomp, "bu", 'l', ap_regcomp(P(0), U(1), U(2))) \
    X(ap_regexec, "hbuu", 'b', ap_regexec(U(0), P(1), U(2), U(3), U(4), P(5), U(6))) \
    X(ap_expr_parse, "bu", 'l', ap_expr_parse(P(0), U(1), U(2))) \
    X(ap_expr_exec, "rh", 'l', ap_expr_exec(U(0), U(1))) \
    X(ap_expr_str_exec, "rh", 'b', ap_expr_str_exec(U(0), U(1), P(2), U(3))) \
    X(ap_expr_exec_re, "rhbb", 'l', ap_expr_exec_re(U(0), U(1), P(2), U(3), P(4), U(5))) \
    X(ap_regex_list, "b", 'l', ap_regex_list(P(0), U(1))) \
    X(ap_regexec_first, "hubu", 'b', ap_regexec_first(U(0), U(1), P(2), U(3), U(4), P(5), U(6))) \
    X(ap_add_output_filter, "rb", 'n', ap_add_output_filter(U(0), P(1), U(2))) \
    X(ap_add_input_filter, "rb", 'n', ap_add_input_filter(U(0), P(1), U(2))) \
    X(ap_filter_read, "uu", 'b', ap_filter_read(U(0), U(1), P(2), U(3))) \
    X(ap_filter_write, "b", 'n', ap_filter_write(P(0), U(1))) \
    X(ap_get_loadavg, "", 'b', ap_get_loadavg(P(0), U(1))) \
    X(ap_get_sload, "", 'b', ap_get_sload(P(0), U(1))) \
    X(ap_ssl_var_lookup, "rb", 'b', ap_ssl_var_lookup(U(0), P(1), U(2), P(3), U(4))) \
    X(ap_exists_config_define, "b", 'l', ap_exists_config_define(P(0), U(1))) \
    X(ap_find_linked_module, "b", 'l', ap_find_linked_module(P(0), U(1))) \
    X(ap_index_of_response, "u", 'l', ap_index_of_response(U(0))) \
    X(apr_env_get, "b", 'b', apr_env_get(P(0), U(1), P(2), U(3))) \
    X(ap_mpm_query, "u", 'l', ap_mpm_query(U(0))) \
    X(ap_state_query, "u", 'l', ap_state_query(U(0))) \
    X(ap_runtime_dir_relative, "b", 'b', ap_runtime_dir_relative(P(0), U(1), P(2), U(3))) \
    X(ap_sub_req_lookup_uri, "rbu", 'l', ap_sub_req_lookup_uri(U(0), P(1), U(2), U(3))) \
    X(ap_sub_req_lookup_file, "rbu", 'l', ap_sub_req_lookup_file(U(0), P(1), U(2), U(3))) \
    X(ap_run_sub_req, "r", 'l', ap_run_sub_req(U(0))) \
    X(ap_destroy_sub_req, "r", 'n', ap_destroy_sub_req(U(0))) \
    X(ap_internal_redirect, "rb", 'n', ap_internal_redirect(U(0), P(1), U(2))) \
    X(ap_stat_check, "b", 'n', ap_stat_check(P(0), U(1))) \
    X(apr_stat, "bu", 'b', apr_stat(P(0), U(1), U(2), P(3), U(4))) \
    X(ap_core_translate_unless, "rbbb", 'l', ap_core_translate_unless(U(0), P(1), U(2), P(3), U(4), P(5), U(6))) \
    X(apr_uid_homepath_get, "b", 'b', apr_uid_homepath_get(P(0), U(1), P(2), U(3))) \
    X(ap_map_file, "b", 'l', ap_map_file(P(0), U(1))) \
    X(ap_map_dbm, "bb", 'l', ap_map_dbm(P(0), U(1), P(2), U(3))) \
    X(ap_map_dbd, "bb", 'l', ap_map_dbd(P(0), U(1), P(2), U(3))) \
    X(ap_map_program, "bbbu", 'l', ap_map_program(P(0), U(1), P(2), U(3), P(4), U(5), U(6))) \
    X(ap_map_function, "b", 'l', ap_map_function(P(0), U(1))) \
    X(apr_dbm_get_usednames, "bb", 'b', apr_dbm_get_usednames(P(0), U(1), P(2), U(3), P(4), U(5))) \
    X(ap_map_file_state, "h", 'l', ap_map_file_state(U(0))) \
    X(apr_file_read, "huu", 'b', apr_file_read(U(0), U(1), U(2), P(3), U(4))) \
    X(apr_dbm_fetch, "rhb", 'b', apr_dbm_fetch(U(0), U(1), P(2), U(3), P(4), U(5))) \
    X(apr_dbd_pvselect, "rhb", 'b', apr_dbd_pvselect(U(0), U(1), P(2), U(3), P(4), U(5))) \
    X(ap_program_start, "h", 'n', ap_program_start(U(0))) \
    X(ap_program_ask, "rhb", 'l', ap_program_ask(U(0), U(1), P(2), U(3))) \
    X(ap_map_call, "rhb", 'b', ap_map_call(U(0), U(1), P(2), U(3), P(4), U(5))) \
    X(ap_os_escape_path, "bu", 'b', ap_os_escape_path(P(0), U(1), U(2), P(3), U(4))) \
    X(ap_escape_path_segment, "b", 'b', ap_escape_path_segment(P(0), U(1), P(2), U(3))) \
    X(ap_escape_urlencoded, "b", 'b', ap_escape_urlencoded(P(0), U(1), P(2), U(3))) \
    X(ap_escape_html2, "bu", 'b', ap_escape_html2(P(0), U(1), U(2), P(3), U(4))) \
    X(ap_unescape_url, "b", 'b', ap_unescape_url(P(0), U(1), P(2), U(3))) \
    X(ap_unescape_urlencoded, "b", 'b', ap_unescape_urlencoded(P(0), U(1), P(2), U(3))) \
    X(ap_escape_logitem, "b", 'b', ap_escape_logitem(P(0), U(1), P(2), U(3))) \
    X(ap_strcmp_match, "bbu", 'l', ap_strcmp_match(P(0), U(1), P(2), U(3), U(4))) \
    X(apr_base64_encode, "b", 'b', apr_base64_encode(P(0), U(1), P(2), U(3))) \
    X(apr_base64_decode, "b", 'b', apr_base64_decode(P(0), U(1), P(2), U(3))) \
    X(ap_md5_binary, "b", 'b', ap_md5_binary(P(0), U(1), P(2), U(3))) \
    X(apr_sha1, "b", 'b', apr_sha1(P(0), U(1), P(2), U(3))) \
    X(apr_date_parse_rfc, "b", 'l', apr_date_parse_rfc(P(0), U(1))) \
    X(apr_rfc822_date, "l", 'b', apr_rfc822_date(L(0), P(1), U(2))) \
    X(apr_time_exp_lt, "l", 'b', apr_time_exp_lt(L(0), P(1), U(2))) \
    X(apr_time_exp_gmt, "l", 'b', apr_time_exp_gmt(L(0), P(1), U(2))) \
    X(ap_random_pick, "uu", 'l', ap_random_pick(U(0), U(1))) \
    X(ap_read_body, "ru", 'b', ap_read_body(U(0), U(1), P(2), U(3))) \
    X(ap_discard_request_body, "r", 'l', ap_discard_request_body(U(0))) \
    X(ap_parse_form_data, "ruu", 'b', ap_parse_form_data(U(0), U(1), U(2), P(3), U(4))) \
    X(ap_set_cookie, "rbblbbbu", 'n', ap_set_cookie(U(0), P(1), U(2), P(3), U(4), L(5), P(6), U(7), P(8), U(9), P(10), U(11), U(12))) \
    X(ap_custom_response, "rub", 'n', ap_custom_response(U(0), U(1), P(2), U(3))) \
    X(ap_send_interim_response, "ruu", 'n', ap_send_interim_response(U(0), U(1), U(2))) \
    X(ap_set_keepalive, "r", 'l', ap_set_keepalive(U(0))) \
    X(ap_make_etag, "ru", 'b', ap_make_etag(U(0), U(1), P(2), U(3))) \
    X(ap_set_etag, "r", 'n', ap_set_etag(U(0))) \
    X(ap_set_last_modified, "r", 'n', ap_set_last_modified(U(0))) \
    X(ap_set_accept_ranges, "r", 'n', ap_set_accept_ranges(U(0))) \
    X(ap_meets_conditions, "r", 'l', ap_meets_conditions(U(0))) \
    X(ap_allow_methods, "rub", 'n', ap_allow_methods(U(0), U(1), P(2), U(3))) \
    X(ap_get_basic_auth_pw, "r", 'b', ap_get_basic_auth_pw(U(0), P(1), U(2))) \
    X(ap_get_basic_auth_components, "r", 'b', ap_get_basic_auth_components(U(0), P(1), U(2))) \
    X(ap_note_auth_failure, "r", 'n', ap_note_auth_failure(U(0))) \
    X(ap_check_password, "rbbb", 'l', ap_check_password(U(0), P(1), U(2), P(3), U(4), P(5), U(6))) \
    X(ap_mk_password_hash, "buu", 'b', ap_mk_password_hash(P(0), U(1), U(2), U(3), P(4), U(5))) \
    X(apr_password_validate, "bb", 'l', apr_password_validate(P(0), U(1), P(2), U(3))) \
    X(ap_loaded_modules, "", 'b', ap_loaded_modules(P(0), U(1))) \
    X(ap_module_commands, "b", 'b', ap_module_commands(P(0), U(1), P(2), U(3))) \
    X(ap_server_info, "", 'b', ap_server_info(P(0), U(1))) \
    X(ap_get_scoreboard_global, "", 'b', ap_get_scoreboard_global(P(0), U(1))) \
    X(ap_get_scoreboard_process, "u", 'b', ap_get_scoreboard_process(U(0), P(1), U(2))) \
    X(ap_copy_scoreboard_worker, "uu", 'b', ap_copy_scoreboard_worker(U(0), U(1), P(2), U(3))) \
    X(ap_conftree, "", 'b', ap_conftree(P(0), U(1))) \
    X(ap_conftree_vhost, "r", 'b', ap_conftree_vhost(U(0), P(1), U(2))) \
    X(apr_dir_read, "b", 'b', apr_dir_read(P(0), U(1), P(2), U(3))) \
    X(apr_dir_make, "bu", 'n', apr_dir_make(P(0), U(1), U(2))) \
    X(apr_dir_make_recursive, "bu", 'n', apr_dir_make_recursive(P(0), U(1), U(2))) \
    X(apr_dir_remove, "b", 'n', apr_dir_remove(P(0), U(1))) \
    X(apr_file_mtime_set, "bl", 'n', apr_file_mtime_set(P(0), U(1), L(2))) \
    X(apr_file_remove, "b", 'n', apr_file_remove(P(0), U(1))) \
    X(apr_file_rename, "bb", 'n', apr_file_rename(P(0), U(1), P(2), U(3))) \
    X(apr_file_open, "buu", 'l', apr_file_open(P(0), U(1), U(2), U(3))) \
    X(apr_file_read_full, "hlu", 'b', apr_file_read_full(U(0), L(1), U(2), P(3), U(4))) \
    X(apr_file_write_full, "hlb", 'n', apr_file_write_full(U(0), L(1), P(2), U(3))) \
    X(apr_file_info_get, "h", 'b', apr_file_info_get(U(0), P(1), U(2))) \
    X(apr_file_trunc, "hl", 'n', apr_file_trunc(U(0), L(1))) \
    X(apr_file_close, "h", 'n', apr_file_close(U(0))) \
    X(ap_send_fd, "rbll", 'l', ap_send_fd(U(0), P(1), U(2), L(3), L(4))) \
    X(ap_dbd_open, "bb", 'l', ap_dbd_open(P(0), U(1), P(2), U(3))) \
    X(apr_dbd_close, "h", 'n', apr_dbd_close(U(0))) \
    X(apr_dbd_check_conn, "h", 'l', apr_dbd_check_conn(U(0))) \
    X(apr_dbd_query, "hb", 'l', apr_dbd_query(U(0), P(1), U(2))) \
    X(apr_dbd_select, "hb", 'l', apr_dbd_select(U(0), P(1), U(2))) \
    X(apr_dbd_prepare, "hb", 'l', apr_dbd_prepare(U(0), P(1), U(2))) \
    X(ap_dbd_prepared, "hb", 'l', ap_dbd_prepared(U(0), P(1), U(2))) \
    X(apr_dbd_pquery, "hb", 'l', apr_dbd_pquery(U(0), P(1), U(2))) \
    X(apr_dbd_pselect, "hb", 'l', apr_dbd_pselect(U(0), P(1), U(2))) \
    X(apr_dbd_escape, "hb", 'b', apr_dbd_escape(U(0), P(1), U(2), P(3), U(4))) \
    X(apr_dbd_num_tuples, "h", 'l', apr_dbd_num_tuples(U(0))) \
    X(apr_dbd_get_names, "h", 'b', apr_dbd_get_names(U(0), P(1), U(2))) \
    X(apr_dbd_get_row, "hu", 'b', apr_dbd_get_row(U(0), U(1), P(2), U(3))) \
    X(apr_dbd_get_rows, "h", 'b', apr_dbd_get_rows(U(0), P(1), U(2))) \
    X(ap_websocket_upgrade, "r", 'l', ap_websocket_upgrade(U(0))) \
    X(ap_websocket_read, "h", 'l', ap_websocket_read(U(0))) \
    X(ap_websocket_write, "hub", 'n', ap_websocket_write(U(0), U(1), P(2), U(3))) \
    X(ap_websocket_write_raw, "hb", 'n', ap_websocket_write_raw(U(0), P(1), U(2))) \
    X(ap_websocket_peek, "h", 'l', ap_websocket_peek(U(0))) \
    X(ap_websocket_ping, "hb", 'l', ap_websocket_ping(U(0), P(1), U(2))) \
    X(ap_websocket_close, "hub", 'n', ap_websocket_close(U(0), U(1), P(2), U(3)))
