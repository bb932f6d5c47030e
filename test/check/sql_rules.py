"""The rules of the installation script, on PostgreSQL's own parse tree (pglast).

  - plain CREATE: OR REPLACE and IF NOT EXISTS would adopt an object that somebody planted
  - every relation, type and function is created under a qualified name; the public API, which
    scim.control's schema puts into pg_catalog, is named scim_*
  - SECURITY DEFINER pins search_path to pg_catalog, pg_temp
  - every function, table and view has a COMMENT
"""
import sys

from pglast import parse_sql


def name_of(parts):
    return ".".join(p.sval for p in parts)


def relation_name(relation):
    return (relation.schemaname + "." if relation.schemaname else "") + relation.relname


class Rules:
    def __init__(self):
        self.bad, self.made, self.commented = [], {}, set()

    def complain(self, where, what):
        self.bad.append("%s: %s" % (where, what))

    def statement(self, where, node):
        handler = getattr(self, type(node).__name__, None)
        if getattr(node, "if_not_exists", False):
            self.complain(where, "IF NOT EXISTS")
        if getattr(node, "replace", False):
            self.complain(where, "OR REPLACE")
        if handler:
            handler(where, node)

    def created(self, where, kind, name):
        self.made[(kind, name)] = where
        if "." not in name and not (kind == "function" and name.startswith("scim_")):
            self.complain(where, "%s %s has no schema" % (kind, name))

    def CreateStmt(self, where, node):
        self.created(where, "table", relation_name(node.relation))

    def ViewStmt(self, where, node):
        self.created(where, "view", relation_name(node.view))

    def CreateFunctionStmt(self, where, node):
        name = name_of(node.funcname)
        self.created(where, "function", name)
        options = {o.defname: o.arg for o in node.options}
        if "security" in options and truth(options["security"]):
            sets = [o.arg for o in node.options if o.defname == "set"]
            if not any(path_is_pinned(s) for s in sets):
                self.complain(where, "SECURITY DEFINER function %s without "
                              "SET search_path = pg_catalog, pg_temp" % name)

    def CommentStmt(self, where, node):
        kind = node.objtype.name
        if kind == "OBJECT_FUNCTION":
            self.commented.add(("function", name_of(node.object.objname)))
        elif kind in ("OBJECT_TABLE", "OBJECT_VIEW"):
            self.commented.add((kind[7:].lower(), name_of(node.object)))

    def finish(self):
        for key in self.made.keys() - self.commented:
            self.complain(self.made[key], "no COMMENT ON %s %s" % key)


def truth(node):
    return bool(getattr(node, "boolval", getattr(node, "val", False)))


def path_is_pinned(setting):
    return setting.name == "search_path" and [
        getattr(a.val, "sval", getattr(a.val, "val", None)) for a in setting.args
    ] == ["pg_catalog", "pg_temp"]


def main():
    rules = Rules()
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as source:
            text = "".join(line if not line.startswith("\\") else "\n" for line in source)
        for raw in parse_sql(text):
            start = raw.stmt_location + len(text[raw.stmt_location:]) - len(
                text[raw.stmt_location:].lstrip())
            rules.statement("%s:%d" % (path, text.count("\n", 0, start) + 1), raw.stmt)
    rules.finish()
    print("\n".join(sorted(rules.bad)), end="\n" if rules.bad else "")
    return 1 if rules.bad else 0


sys.exit(main())
