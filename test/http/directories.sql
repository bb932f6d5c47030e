-- What the cases need: directories, a token that works and tokens that do not. Prints shell
-- assignments. A token that has expired is made by moving its expiry back.
SELECT scim_create_directory('check'), scim_create_directory('other'), scim_create_directory('crash'),
       scim_create_directory('ledger'), scim_create_directory('strict', profile => 'strict') \g /dev/null

SELECT 'token=' || scim_issue_token('check', 'cases');
SELECT 'token_other=' || scim_issue_token('other', 'cases of another directory');
SELECT 'token_crash=' || scim_issue_token('crash', 'crash drill');
SELECT 'token_ledger=' || scim_issue_token('ledger', 'load with a ledger');
SELECT 'token_strict=' || scim_issue_token('strict', 'RFC cases');
SELECT 'token_read=' || scim_issue_token('check', 'read only', scopes => '{read}');
SELECT 'token_expired=' || scim_issue_token('check', 'expired');
SELECT 'token_revoked=' || scim_issue_token('check', 'revoked');

UPDATE scim.credential SET expires_at = now() - interval '1 second' WHERE label = 'expired';
SELECT scim_revoke_token('check', credential_id) FROM scim.credential WHERE label = 'revoked' \g /dev/null

-- Tokens that stand for a user; two of these users leave, one for each driver.
SELECT 'token_' || name || '=' || scim_issue_token('check', name, subject =>
       (scim_create_user('check', jsonb_build_object('userName', name)) ->> 'id')::uuid)
  FROM unnest(ARRAY['me', 'leaves_tcp', 'leaves_sql']) AS name;

-- Directories with schemas of their own: one attribute of every kind in an extension of User, a
-- resource type, and, in the second, an extension that every user must have.
SELECT scim_create_directory('extended'), scim_create_directory('demanding', profile => 'strict') \g /dev/null

CREATE TEMPORARY TABLE kinds AS SELECT $json${
  "id": "urn:example:params:scim:schemas:extension:kinds:1.0:User", "name": "Kinds", "attributes": [
    {"name": "text"}, {"name": "exact", "caseExact": true}, {"name": "flag", "type": "boolean"},
    {"name": "whole", "type": "integer"}, {"name": "fraction", "type": "decimal"},
    {"name": "moment", "type": "dateTime"}, {"name": "bytes", "type": "binary"},
    {"name": "link", "type": "reference", "referenceTypes": ["external"]},
    {"name": "owner", "type": "reference", "referenceTypes": ["User"]},
    {"name": "always", "returned": "always"}, {"name": "onRequest", "returned": "request"},
    {"name": "never", "returned": "never"}, {"name": "secret", "mutability": "writeOnly", "returned": "never"},
    {"name": "fixed", "mutability": "immutable"}, {"name": "server", "mutability": "readOnly"},
    {"name": "badge", "uniqueness": "server"}, {"name": "exactBadge", "uniqueness": "server", "caseExact": true},
    {"name": "passport", "uniqueness": "global"}, {"name": "colour", "canonicalValues": ["red", "green"]},
    {"name": "words", "multiValued": true}, {"name": "A-b_c$9"},
    {"name": "place", "type": "complex", "subAttributes": [
      {"name": "room", "required": true}, {"name": "floor", "type": "integer"}, {"name": "kept", "mutability": "immutable"}]},
    {"name": "cards", "type": "complex", "multiValued": true, "subAttributes": [
      {"name": "value"}, {"name": "type"}, {"name": "display"}, {"name": "primary", "type": "boolean"},
      {"name": "since", "type": "dateTime"}]}]}$json$::jsonb AS definition;

SELECT scim_register_schema(directory, definition, 'User'),
       scim_register_schema(directory, '{"id": "urn:example:params:scim:schemas:Device", "name": "Device", "attributes": [
         {"name": "displayName", "required": true}, {"name": "serial", "caseExact": true, "uniqueness": "server"},
         {"name": "owner", "type": "reference", "referenceTypes": ["User"]}]}'),
       scim_register_resource_type(directory, '{"name": "Device", "endpoint": "/Devices", "description": "A device",
         "schema": "urn:example:params:scim:schemas:Device"}')
  FROM kinds, unnest(ARRAY['extended', 'demanding']) AS directory \g /dev/null
SELECT scim_register_schema('demanding', '{"id": "urn:example:params:scim:schemas:extension:staff:1.0:User", "name": "Staff", "attributes": [
         {"name": "number", "required": true}, {"name": "desk"}]}', 'User', required => true) \g /dev/null

SELECT 'token_extended=' || scim_issue_token('extended', 'cases of extensions');
SELECT 'token_demanding=' || scim_issue_token('demanding', 'cases of a required extension');

-- A directory whose cursors last one second, and one with small pages.
SELECT scim_create_directory('brief', settings => '{"cursor_timeout": 1}'),
       scim_create_directory('small', settings => '{"default_page_size": 2, "max_page_size": 3}') \g /dev/null
SELECT 'token_brief=' || scim_issue_token('brief', 'cursors');
SELECT 'token_small=' || scim_issue_token('small', 'small pages');

-- A directory whose discovery endpoints want a token as well.
SELECT scim_create_directory('closed', settings => '{"open_discovery": false}') \g /dev/null
SELECT 'token_closed=' || scim_issue_token('closed', 'cases of closed discovery');

-- A directory of each stock profile, and one that tolerates nothing that can be switched off.
SELECT scim_create_directory(name, profile => name) FROM unnest(ARRAY['aws', 'cloudsso', 'ram', 'asa']) AS name \g /dev/null
SELECT scim_create_directory('exact', profile => 'strict', settings => '{"accept_string_booleans": false,
  "accept_op_case": false, "accept_remove_value": false, "accept_path_keys": false}') \g /dev/null
SELECT 'token_' || name || '=' || scim_issue_token(name, 'cases of a profile')
  FROM unnest(ARRAY['aws', 'cloudsso', 'ram', 'asa', 'exact']) AS name;
SELECT 'token_second=' || scim_issue_token('cloudsso', 'second credential');
SELECT scim_alter_directory('cloudsso', settings => '{"synchronization": true}') \g /dev/null
SELECT 'token_soft=' || token FROM scim_create_directory('soft', settings => '{"delete_action": "deactivate"}'),
  scim_enable_synchronization('soft');
-- Made before a client came: the one is refused to it, the other taken over.
SELECT scim_create_user(name, '{"userName": "legacy"}') FROM unnest(ARRAY['asa', 'cloudsso']) AS name \g /dev/null

-- A client of the directory that has OAuth's.
SELECT scim_create_oauth_client('ram', 'traffic', 'server', '{/acs/scim}') AS client_id \gset
SELECT 'client_id=' || :'client_id';
SELECT 'client_secret=' || scim_create_client_secret('ram', :'client_id');
