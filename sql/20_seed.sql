-- 20_seed.sql: the built-in schemas and resource types, as rows.
--
-- One row per schema of RFC 7643 (and the pagination attribute of RFC 9865), in the form of its
-- section 7.  Directory 0 stands for every directory.  Every attribute states all of its
-- characteristics, so that no reader needs to know a default; canonicalValues, referenceTypes and
-- subAttributes are left out where there are none.
--
-- The common attributes (section 3.1) have no URN of their own.  They stand in the row with the
-- empty URN, which every resource type starts from and which discovery never lists.
--
-- Where RFC 7643 contradicts itself, the text wins over the examples of section 8.7:
--   * references, binary values and identifiers of resources are case-exact (2.3.6, 2.3.7, 3.1);
--   * groups.$ref points to groups, and ims.type knows "other" (4.1.2);
--   * a group's displayName is required (4.2);
--   * "binary" is a data type (2.3);
--   * addresses.primary and members.display exist (2.4);
--   * etag and authenticationSchemes.type and .primary exist (5, 8.5);
--   * schemaExtensions is an optional list, referenceTypes is a list everywhere (6, 7);
--   * the id of a schema is always returned (7).
-- One exception: the display of e-mails, roles and the like, immutable by 2.4, is writable as in
-- 8.7, because clients do write it.

-- Internal: what every resource type has in addition to its schemas.
INSERT INTO scim.schema (directory_id, urn, definition, builtin)
VALUES (0, '', $json$
{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
  "id": "",
  "name": "Common",
  "description": "Attributes that every resource has, whatever its type.",
  "attributes": [
    {"name": "schemas", "type": "string", "description": "URNs of the schemas that the resource uses.",
     "multiValued": true, "required": true, "caseExact": true, "mutability": "readWrite", "returned": "always", "uniqueness": "none"},
    {"name": "id", "type": "string", "description": "Identifier given by this service; it stays the same for the life of the resource.",
     "multiValued": false, "required": true, "caseExact": true, "mutability": "readOnly", "returned": "always", "uniqueness": "server"},
    {"name": "externalId", "type": "string", "description": "Identifier of the resource in the records of the provisioning client.",
     "multiValued": false, "required": false, "caseExact": true, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
    {"name": "meta", "type": "complex", "description": "What the service records about the resource itself.",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "resourceType", "type": "string", "description": "Name of the resource type, as listed under /ResourceTypes.",
       "multiValued": false, "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "created", "type": "dateTime", "description": "Moment at which the resource was created.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "lastModified", "type": "dateTime", "description": "Moment of the latest real change to the resource.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "location", "type": "reference", "description": "Full address of the resource.",
       "multiValued": false, "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
       "referenceTypes": ["uri"]},
      {"name": "version", "type": "string", "description": "Version of the resource, the same as its ETag, for use in If-Match.",
       "multiValued": false, "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default", "uniqueness": "none"}
     ]}
  ]
}
$json$::pg_catalog.jsonb, true);

INSERT INTO scim.schema (directory_id, urn, definition, builtin)
VALUES (0, 'urn:ietf:params:scim:schemas:core:2.0:User', $json$
{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
  "id": "urn:ietf:params:scim:schemas:core:2.0:User",
  "name": "User",
  "description": "User Account",
  "attributes": [
    {"name": "userName", "type": "string", "description": "Name to sign in with; unique in the directory, whatever its letter case.",
     "multiValued": false, "required": true, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "server"},
    {"name": "name", "type": "complex", "description": "Parts of the person's name.",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "formatted", "type": "string", "description": "Full name in one line, with titles and suffixes, ready to be shown.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "familyName", "type": "string", "description": "Family name, also called last name or surname.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "givenName", "type": "string", "description": "Given name, also called first name.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "middleName", "type": "string", "description": "Middle name or names.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "honorificPrefix", "type": "string", "description": "Title in front of the name, such as Ms. or Dr.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "honorificSuffix", "type": "string", "description": "Suffix after the name, such as III or Jr.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"}
     ]},
    {"name": "displayName", "type": "string", "description": "Name that applications show for the person.",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
    {"name": "nickName", "type": "string", "description": "Informal name by which the person likes to be called.",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
    {"name": "profileUrl", "type": "reference", "description": "Address of a page about the person.",
     "multiValued": false, "required": false, "caseExact": true, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
     "referenceTypes": ["external"]},
    {"name": "title", "type": "string", "description": "Job title, such as Vice President.",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
    {"name": "userType", "type": "string", "description": "Relation to the organization, such as Employee or Contractor.",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
    {"name": "preferredLanguage", "type": "string", "description": "Preferred languages as in an Accept-Language header, such as en-GB.",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
    {"name": "locale", "type": "string", "description": "Locale for dates, numbers and currency, such as en-US.",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
    {"name": "timezone", "type": "string", "description": "Time zone by its IANA name, such as Europe/Berlin.",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
    {"name": "active", "type": "boolean", "description": "Whether the account may be used; false suspends it without deleting anything.",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
    {"name": "password", "type": "string", "description": "New password in clear text; it can be set but is never returned.",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "writeOnly", "returned": "never", "uniqueness": "none"},
    {"name": "emails", "type": "complex", "description": "E-mail addresses of the person.",
     "multiValued": true, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "value", "type": "string", "description": "The e-mail address, such as bjensen@example.com.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "display", "type": "string", "description": "Label shown for the address.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "type", "type": "string", "description": "What the address is used for.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
       "canonicalValues": ["work", "home", "other"]},
      {"name": "primary", "type": "boolean", "description": "Marks the address to use first; at most one is marked.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"}
     ]},
    {"name": "phoneNumbers", "type": "complex", "description": "Telephone numbers of the person.",
     "multiValued": true, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "value", "type": "string", "description": "The number, best in the form of RFC 3966, such as tel:+1-201-555-0123.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "display", "type": "string", "description": "Label shown for the number.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "type", "type": "string", "description": "What the number is used for.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
       "canonicalValues": ["work", "home", "mobile", "fax", "pager", "other"]},
      {"name": "primary", "type": "boolean", "description": "Marks the number to call first; at most one is marked.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"}
     ]},
    {"name": "ims", "type": "complex", "description": "Instant messaging addresses of the person.",
     "multiValued": true, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "value", "type": "string", "description": "The address or account name at the messaging service.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "display", "type": "string", "description": "Label shown for the address.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "type", "type": "string", "description": "The messaging service that the address belongs to.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
       "canonicalValues": ["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo", "other"]},
      {"name": "primary", "type": "boolean", "description": "Marks the address to use first; at most one is marked.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"}
     ]},
    {"name": "photos", "type": "complex", "description": "Pictures of the person.",
     "multiValued": true, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "value", "type": "reference", "description": "Address of the image file itself, not of a page that shows it.",
       "multiValued": false, "required": false, "caseExact": true, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
       "referenceTypes": ["external"]},
      {"name": "display", "type": "string", "description": "Label shown for the picture.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "type", "type": "string", "description": "Whether the picture is the full photo or a small version of it.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
       "canonicalValues": ["photo", "thumbnail"]},
      {"name": "primary", "type": "boolean", "description": "Marks the picture to show first; at most one is marked.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"}
     ]},
    {"name": "addresses", "type": "complex", "description": "Postal addresses of the person.",
     "multiValued": true, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "formatted", "type": "string", "description": "The whole address as printed on a label; it may contain line breaks.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "streetAddress", "type": "string", "description": "Street, house number and whatever else is needed to find the door.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "locality", "type": "string", "description": "City, town or village.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "region", "type": "string", "description": "State, province or region.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "postalCode", "type": "string", "description": "Postal code.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "country", "type": "string", "description": "Country by its two-letter code of ISO 3166-1, such as DE.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "type", "type": "string", "description": "What the address is used for.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
       "canonicalValues": ["work", "home", "other"]},
      {"name": "primary", "type": "boolean", "description": "Marks the address to use first; at most one is marked.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"}
     ]},
    {"name": "groups", "type": "complex", "description": "Groups that the user belongs to; they follow from the members of the groups.",
     "multiValued": true, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "value", "type": "string", "description": "Identifier of the group.",
       "multiValued": false, "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "$ref", "type": "reference", "description": "Address of the group.",
       "multiValued": false, "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
       "referenceTypes": ["Group"]},
      {"name": "display", "type": "string", "description": "Display name of the group.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "type", "type": "string", "description": "Whether the user is a member itself or through a nested group.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
       "canonicalValues": ["direct", "indirect"]}
     ]},
    {"name": "entitlements", "type": "complex", "description": "Rights that the user holds, such as a license or a permission.",
     "multiValued": true, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "value", "type": "string", "description": "Name or code of the right, as the application knows it.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "display", "type": "string", "description": "Label shown for the right.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "type", "type": "string", "description": "Kind of right, in words of your own.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "primary", "type": "boolean", "description": "Marks the most important right; at most one is marked.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"}
     ]},
    {"name": "roles", "type": "complex", "description": "Roles that the user has, such as Student or Approver.",
     "multiValued": true, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "value", "type": "string", "description": "Name or code of the role, as the application knows it.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "display", "type": "string", "description": "Label shown for the role.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "type", "type": "string", "description": "Kind of role, in words of your own.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "primary", "type": "boolean", "description": "Marks the most important role; at most one is marked.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"}
     ]},
    {"name": "x509Certificates", "type": "complex", "description": "X.509 certificates issued to the user.",
     "multiValued": true, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "value", "type": "binary", "description": "One certificate in DER form, encoded as base64.",
       "multiValued": false, "required": false, "caseExact": true, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "display", "type": "string", "description": "Label shown for the certificate.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "type", "type": "string", "description": "What the certificate is used for, in words of your own.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "primary", "type": "boolean", "description": "Marks the certificate to use first; at most one is marked.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"}
     ]}
  ]
}
$json$::pg_catalog.jsonb, true);

INSERT INTO scim.schema (directory_id, urn, definition, builtin)
VALUES (0, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', $json$
{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
  "id": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
  "name": "EnterpriseUser",
  "description": "Enterprise User",
  "attributes": [
    {"name": "employeeNumber", "type": "string", "description": "Number or code by which the organization knows the person.",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
    {"name": "costCenter", "type": "string", "description": "Cost center that the person is charged to.",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
    {"name": "organization", "type": "string", "description": "Organization that the person works for.",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
    {"name": "division", "type": "string", "description": "Division within the organization.",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
    {"name": "department", "type": "string", "description": "Department that the person works in.",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
    {"name": "manager", "type": "complex", "description": "The person's manager, named by the identifier of that user.",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "value", "type": "string", "description": "Identifier of the manager's user.",
       "multiValued": false, "required": false, "caseExact": true, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
      {"name": "$ref", "type": "reference", "description": "Address of the manager's user.",
       "multiValued": false, "required": false, "caseExact": true, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
       "referenceTypes": ["User"]},
      {"name": "displayName", "type": "string", "description": "Display name of the manager.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"}
     ]}
  ]
}
$json$::pg_catalog.jsonb, true);

INSERT INTO scim.schema (directory_id, urn, definition, builtin)
VALUES (0, 'urn:ietf:params:scim:schemas:core:2.0:Group', $json$
{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
  "id": "urn:ietf:params:scim:schemas:core:2.0:Group",
  "name": "Group",
  "description": "Group",
  "attributes": [
    {"name": "displayName", "type": "string", "description": "Name of the group, as people know it.",
     "multiValued": false, "required": true, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none"},
    {"name": "members", "type": "complex", "description": "Users and nested groups that belong to the group.",
     "multiValued": true, "required": false, "caseExact": false, "mutability": "readWrite", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "value", "type": "string", "description": "Identifier of the member.",
       "multiValued": false, "required": false, "caseExact": true, "mutability": "immutable", "returned": "default", "uniqueness": "none"},
      {"name": "$ref", "type": "reference", "description": "Address of the member.",
       "multiValued": false, "required": false, "caseExact": true, "mutability": "immutable", "returned": "default", "uniqueness": "none",
       "referenceTypes": ["User", "Group"]},
      {"name": "type", "type": "string", "description": "Whether the member is a user or a group.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "immutable", "returned": "default", "uniqueness": "none",
       "canonicalValues": ["User", "Group"]},
      {"name": "display", "type": "string", "description": "Display name of the member.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"}
     ]}
  ]
}
$json$::pg_catalog.jsonb, true);

INSERT INTO scim.schema (directory_id, urn, definition, builtin)
VALUES (0, 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig', $json$
{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
  "id": "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig",
  "name": "ServiceProviderConfig",
  "description": "What this service offers: its features, their limits, and how to authenticate.",
  "attributes": [
    {"name": "documentationUri", "type": "reference", "description": "Address of the documentation for people.",
     "multiValued": false, "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
     "referenceTypes": ["external"]},
    {"name": "patch", "type": "complex", "description": "Changing parts of a resource with PATCH.",
     "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "supported", "type": "boolean", "description": "Whether PATCH is offered.",
       "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"}
     ]},
    {"name": "bulk", "type": "complex", "description": "Sending many operations in one request to /Bulk.",
     "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "supported", "type": "boolean", "description": "Whether bulk requests are offered.",
       "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "maxOperations", "type": "integer", "description": "Largest number of operations in one bulk request.",
       "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "maxPayloadSize", "type": "integer", "description": "Largest size of one bulk request, in bytes.",
       "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"}
     ]},
    {"name": "filter", "type": "complex", "description": "Searching with filter expressions.",
     "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "supported", "type": "boolean", "description": "Whether filters are offered.",
       "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "maxResults", "type": "integer", "description": "Largest number of resources in one answer.",
       "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"}
     ]},
    {"name": "changePassword", "type": "complex", "description": "Setting a user's password through the password attribute.",
     "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "supported", "type": "boolean", "description": "Whether passwords can be set.",
       "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"}
     ]},
    {"name": "sort", "type": "complex", "description": "Ordering results with sortBy and sortOrder.",
     "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "supported", "type": "boolean", "description": "Whether sorting is offered.",
       "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"}
     ]},
    {"name": "authenticationSchemes", "type": "complex", "description": "Ways in which a client may authenticate.",
     "multiValued": true, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "name", "type": "string", "description": "Name of the scheme, as people know it.",
       "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "description", "type": "string", "description": "What the scheme is and how to obtain a credential for it.",
       "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "specUri", "type": "reference", "description": "Address of the specification of the scheme.",
       "multiValued": false, "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
       "referenceTypes": ["external"]},
      {"name": "documentationUri", "type": "reference", "description": "Address of instructions for using the scheme here.",
       "multiValued": false, "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
       "referenceTypes": ["external"]},
      {"name": "type", "type": "string", "description": "Kind of scheme, as a keyword for programs.",
       "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
       "canonicalValues": ["oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"]},
      {"name": "primary", "type": "boolean", "description": "Marks the scheme to use when there is a choice; at most one is marked.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"}
     ]},
    {"name": "etag", "type": "complex", "description": "Versions of resources in ETag headers and conditional requests.",
     "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "supported", "type": "boolean", "description": "Whether ETags are offered.",
       "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"}
     ]},
    {"name": "pagination", "type": "complex", "description": "Fetching long results page by page (RFC 9865).",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "cursor", "type": "boolean", "description": "Whether pages can be fetched by cursor.",
       "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "index", "type": "boolean", "description": "Whether pages can be fetched by startIndex.",
       "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "defaultPaginationMethod", "type": "string", "description": "Method used when a request does not choose one.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
       "canonicalValues": ["cursor", "index"]},
      {"name": "defaultPageSize", "type": "integer", "description": "Number of resources on a page when the request gives no count.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "maxPageSize", "type": "integer", "description": "Largest number of resources on one page.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "cursorTimeout", "type": "integer", "description": "Seconds for which a cursor can be used at least.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"}
     ]}
  ]
}
$json$::pg_catalog.jsonb, true);

INSERT INTO scim.schema (directory_id, urn, definition, builtin)
VALUES (0, 'urn:ietf:params:scim:schemas:core:2.0:ResourceType', $json$
{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
  "id": "urn:ietf:params:scim:schemas:core:2.0:ResourceType",
  "name": "ResourceType",
  "description": "A kind of resource: its endpoint, its main schema and its extensions.",
  "attributes": [
    {"name": "id", "type": "string", "description": "Identifier of the resource type; here the same as its name.",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
    {"name": "name", "type": "string", "description": "Name of the resource type, as it stands in meta.resourceType of its resources.",
     "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
    {"name": "description", "type": "string", "description": "What resources of this type stand for.",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
    {"name": "endpoint", "type": "reference", "description": "Path of these resources below the base address, such as /Users.",
     "multiValued": false, "required": true, "caseExact": true, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
     "referenceTypes": ["uri"]},
    {"name": "schema", "type": "reference", "description": "URN of the main schema of this type.",
     "multiValued": false, "required": true, "caseExact": true, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
     "referenceTypes": ["uri"]},
    {"name": "schemaExtensions", "type": "complex", "description": "Schemas that add attributes to resources of this type.",
     "multiValued": true, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "schema", "type": "reference", "description": "URN of the extension schema.",
       "multiValued": false, "required": true, "caseExact": true, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
       "referenceTypes": ["uri"]},
      {"name": "required", "type": "boolean", "description": "Whether each resource of this type must carry the extension.",
       "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"}
     ]}
  ]
}
$json$::pg_catalog.jsonb, true);

INSERT INTO scim.schema (directory_id, urn, definition, builtin)
VALUES (0, 'urn:ietf:params:scim:schemas:core:2.0:Schema', $json$
{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
  "id": "urn:ietf:params:scim:schemas:core:2.0:Schema",
  "name": "Schema",
  "description": "A schema: the attributes it defines and their characteristics.",
  "attributes": [
    {"name": "id", "type": "string", "description": "URN of the schema.",
     "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "always", "uniqueness": "none"},
    {"name": "name", "type": "string", "description": "Name of the schema, as people know it.",
     "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
    {"name": "description", "type": "string", "description": "What the schema describes.",
     "multiValued": false, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
    {"name": "attributes", "type": "complex", "description": "Attributes that the schema defines, with their characteristics.",
     "multiValued": true, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
     "subAttributes": [
      {"name": "name", "type": "string", "description": "Name of the attribute.",
       "multiValued": false, "required": true, "caseExact": true, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "type", "type": "string", "description": "Data type of the value, such as string or complex.",
       "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
       "canonicalValues": ["string", "complex", "boolean", "decimal", "integer", "dateTime", "reference", "binary"]},
      {"name": "multiValued", "type": "boolean", "description": "Whether there can be a list of values instead of one.",
       "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "description", "type": "string", "description": "What the attribute is for, in words for people.",
       "multiValued": false, "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "required", "type": "boolean", "description": "Whether a value must be given.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "canonicalValues", "type": "string", "description": "Suggested values, such as work and home.",
       "multiValued": true, "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "caseExact", "type": "boolean", "description": "Whether letter case counts when values are compared.",
       "multiValued": false, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "mutability", "type": "string", "description": "Whether and when a client may write the value.",
       "multiValued": false, "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
       "canonicalValues": ["readOnly", "readWrite", "immutable", "writeOnly"]},
      {"name": "returned", "type": "string", "description": "When the value is part of an answer.",
       "multiValued": false, "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
       "canonicalValues": ["always", "never", "default", "request"]},
      {"name": "uniqueness", "type": "string", "description": "Among which resources a value must be unique.",
       "multiValued": false, "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
       "canonicalValues": ["none", "server", "global"]},
      {"name": "referenceTypes", "type": "string", "description": "What a reference may point to: resource types, external or uri.",
       "multiValued": true, "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default", "uniqueness": "none"},
      {"name": "subAttributes", "type": "complex", "description": "Parts of a complex attribute, described like attributes.",
       "multiValued": true, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default", "uniqueness": "none",
       "subAttributes": [
        {"name": "name", "type": "string", "description": "Name of the sub-attribute.",
         "multiValued": false, "required": true, "caseExact": true, "mutability": "readOnly", "returned": "default",
         "uniqueness": "none"},
        {"name": "type", "type": "string", "description": "Data type of the value, such as string or complex.",
         "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default",
         "uniqueness": "none",
         "canonicalValues": ["string", "complex", "boolean", "decimal", "integer", "dateTime", "reference", "binary"]},
        {"name": "multiValued", "type": "boolean", "description": "Whether there can be a list of values instead of one.",
         "multiValued": false, "required": true, "caseExact": false, "mutability": "readOnly", "returned": "default",
         "uniqueness": "none"},
        {"name": "description", "type": "string", "description": "What the sub-attribute is for, in words for people.",
         "multiValued": false, "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default",
         "uniqueness": "none"},
        {"name": "required", "type": "boolean", "description": "Whether a value must be given where the attribute is present.",
         "multiValued": false, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default",
         "uniqueness": "none"},
        {"name": "canonicalValues", "type": "string", "description": "Suggested values, such as work and home.",
         "multiValued": true, "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default",
         "uniqueness": "none"},
        {"name": "caseExact", "type": "boolean", "description": "Whether letter case counts when values are compared.",
         "multiValued": false, "required": false, "caseExact": false, "mutability": "readOnly", "returned": "default",
         "uniqueness": "none"},
        {"name": "mutability", "type": "string", "description": "Whether and when a client may write the value.",
         "multiValued": false, "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default",
         "uniqueness": "none",
         "canonicalValues": ["readOnly", "readWrite", "immutable", "writeOnly"]},
        {"name": "returned", "type": "string", "description": "When the value is part of an answer.",
         "multiValued": false, "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default",
         "uniqueness": "none",
         "canonicalValues": ["always", "never", "default", "request"]},
        {"name": "uniqueness", "type": "string", "description": "Among which resources a value must be unique.",
         "multiValued": false, "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default",
         "uniqueness": "none",
         "canonicalValues": ["none", "server", "global"]},
        {"name": "referenceTypes", "type": "string", "description": "What a reference may point to: resource types, external or uri.",
         "multiValued": true, "required": false, "caseExact": true, "mutability": "readOnly", "returned": "default",
         "uniqueness": "none"}
       ]}
     ]}
  ]
}
$json$::pg_catalog.jsonb, true);

INSERT INTO scim.resource_type
    (directory_id, type_id, name, definition, members_attribute, member_of_attribute, promoted, builtin)
VALUES (0, 1, 'User', $json$
{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
  "id": "User",
  "name": "User",
  "description": "User Account",
  "endpoint": "/Users",
  "schema": "urn:ietf:params:scim:schemas:core:2.0:User",
  "schemaExtensions": [
    {"schema": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "required": false}
  ]
}
$json$::pg_catalog.jsonb, NULL, 'groups',
  '{"userName": "user_name", "displayName": "display_name", "active": "active"}', true);

INSERT INTO scim.resource_type
    (directory_id, type_id, name, definition, members_attribute, member_of_attribute, promoted, builtin)
VALUES (0, 2, 'Group', $json$
{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
  "id": "Group",
  "name": "Group",
  "description": "Group",
  "endpoint": "/Groups",
  "schema": "urn:ietf:params:scim:schemas:core:2.0:Group"
}
$json$::pg_catalog.jsonb, 'members', NULL, '{"displayName": "display_name"}', true);
