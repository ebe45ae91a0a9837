/** A role: a name, or who the session is. */
RoleName Role() :
{
    final SqlIdentifier name;
}
{
    ( <CURRENT_USER> | <CURRENT_ROLE> )
    { return new RoleName(RoleName.Kind.CURRENT, "current_user", getPos()); }
|
    <SESSION_USER> { return new RoleName(RoleName.Kind.SESSION, "session_user", getPos()); }
|
    name = SimpleIdentifier()
    { return RoleName.of(name.getSimple(), name.getParserPosition()); }
}

List<RoleName> Roles() :
{
    final List<RoleName> roles = new ArrayList<RoleName>();
    RoleName role;
}
{
    [ <GROUP> ] role = Role() { roles.add(role); }
    ( <COMMA> [ <GROUP> ] role = Role() { roles.add(role); } )*
    { return roles; }
}

/** (ROLE | USER | GROUP) [IF NOT EXISTS] name [WITH] option ... . */
Definition CreateRole() :
{
    boolean login = false;
    final boolean ifNotExists;
    final RoleName name;
    final RoleOptions roleOptions = new RoleOptions();
}
{
    ( <ROLE> | <USER> { login = true; } | <GROUP> )
    ifNotExists = IfNotExistsOpt()
    name = Role()
    [ <WITH> ]
    ( RoleOption(roleOptions) )*
    {
        return new Definition.Access(
            new AccessStatement.CreateRole(name, ifNotExists, login, roleOptions));
    }
}

void RoleOption(RoleOptions roleOptions) :
{
    final SqlIdentifier word;
    List<RoleName> roles;
    SqlNode value = null;
    boolean hasValue = false;
    final long limit;
}
{
    LOOKAHEAD( { getToken(1).kind == CONNECTION && getToken(2).kind == LIMIT } )
    <CONNECTION> <LIMIT> limit = SignedLong()
    { roleOptions.setConnectionLimit(limit, getPos()); }
|
    <IN> ( <ROLE> | <GROUP> ) roles = Roles() { roleOptions.groups().addAll(roles); }
|
    LOOKAHEAD( { getToken(1).kind == ROLE } )
    <ROLE> roles = Roles() { roleOptions.members().addAll(roles); }
|
    <USER> roles = Roles() { roleOptions.members().addAll(roles); }
|
    LOOKAHEAD( { getToken(1).kind == ADMIN } )
    <ADMIN> roles = Roles() { roleOptions.admins().addAll(roles); }
|
    word = SimpleIdentifier()
    [ value = StringLiteral() { hasValue = true; } | <NULL> { hasValue = true; } ]
    { roleOptions.add(word, hasValue, value); }
}

/** (ROLE | USER | GROUP) [IF EXISTS] name RENAME TO name | [WITH] option ... . */
Definition AlterRole() :
{
    final boolean ifExists;
    final RoleName name;
    final RoleName newName;
    final RoleOptions roleOptions = new RoleOptions();
}
{
    ( <ROLE> | <USER> | <GROUP> )
    ifExists = IfExistsOpt()
    name = Role()
    (
        LOOKAHEAD(2)
        <RENAME> <TO> newName = Role()
        {
            return new Definition.Access(
                new AccessStatement.RenameRole(name, ifExists, newName));
        }
    |
        [ <WITH> ]
        ( RoleOption(roleOptions) )+
        {
            return new Definition.Access(
                new AccessStatement.AlterRole(name, ifExists, roleOptions));
        }
    )
}

/** (ROLE | USER | GROUP) [IF EXISTS] name, ... . */
Definition DropRoles() :
{
    final boolean ifExists;
    final List<RoleName> names;
}
{
    ( <ROLE> | <USER> | <GROUP> )
    ifExists = IfExistsOpt()
    names = Roles()
    { return new Definition.Access(new AccessStatement.DropRoles(names, ifExists)); }
}

/** OWNED BY role, ... [CASCADE | RESTRICT]. */
Definition DropOwned() :
{
    final List<RoleName> roles;
    boolean cascade = false;
}
{
    <OWNED> <BY> roles = Roles()
    [ <CASCADE> { cascade = true; } | <RESTRICT> ]
    { return new Definition.Access(new AccessStatement.DropOwned(roles, cascade)); }
}

/** REASSIGN OWNED BY role, ... TO role. */
Definition ReassignOwned() :
{
    final List<RoleName> roles;
    final RoleName owner;
}
{
    <OWNED> <BY> roles = Roles() <TO> owner = Role()
    { return new Definition.Access(new AccessStatement.ReassignOwned(roles, owner)); }
}

/** OWNER TO role. */
Definition ChangeOwner(Definition.Kind kind, SqlIdentifier name, boolean ifExists) :
{
    final RoleName owner;
}
{
    <OWNER> <TO> owner = Role()
    {
        return new Definition.Access(
            new AccessStatement.ChangeOwner(kind, name, ifExists, owner));
    }
}

/** Privileges or roles, and what the privileges are on. */
Definition Grant() :
{
    final List<AccessStatement.PrivilegeClause> items =
        new ArrayList<AccessStatement.PrivilegeClause>();
    final List<SqlIdentifier> names = new ArrayList<SqlIdentifier>();
    AccessStatement.TargetKind kind = null;
    final List<RoleName> roles;
    boolean option = false;
    RoleName grantor = null;
}
{
    PrivilegeItems(items)
    [ <ON> kind = GrantTarget(names) ]
    <TO> roles = Roles()
    [ <WITH> ( <GRANT> | <ADMIN> ) <OPTION> { option = true; } ]
    [ <GRANTED> <BY> grantor = Role() ]
    {
        return new Definition.Access(AccessStatement.of(
            false, items, kind, names, roles, option, false, grantor));
    }
}

/** [GRANT OPTION FOR | ADMIN OPTION FOR] privileges or roles, and from whom. */
Definition Revoke() :
{
    final List<AccessStatement.PrivilegeClause> items =
        new ArrayList<AccessStatement.PrivilegeClause>();
    final List<SqlIdentifier> names = new ArrayList<SqlIdentifier>();
    AccessStatement.TargetKind kind = null;
    final List<RoleName> roles;
    boolean option = false;
    RoleName grantor = null;
    boolean cascade = false;
}
{
    [
        LOOKAHEAD( { getToken(2).kind == OPTION && getToken(3).kind == FOR } )
        ( <GRANT> | <ADMIN> ) <OPTION> <FOR> { option = true; }
    ]
    PrivilegeItems(items)
    [ <ON> kind = GrantTarget(names) ]
    <FROM> roles = Roles()
    [ <GRANTED> <BY> grantor = Role() ]
    [ <CASCADE> { cascade = true; } | <RESTRICT> ]
    {
        return new Definition.Access(AccessStatement.of(
            true, items, kind, names, roles, option, cascade, grantor));
    }
}

void PrivilegeItems(List<AccessStatement.PrivilegeClause> items) :
{
}
{
    PrivilegeItem(items) ( <COMMA> PrivilegeItem(items) )*
}

void PrivilegeItem(List<AccessStatement.PrivilegeClause> items) :
{
    final SqlIdentifier word;
    SqlNodeList columns = null;
}
{
    (
        <ALL> { word = new SqlIdentifier(AccessStatement.ALL, getPos()); }
        [ LOOKAHEAD( { getToken(1).kind == PRIVILEGES } ) <PRIVILEGES> ]
    |
        ( <SELECT> | <INSERT> | <UPDATE> | <DELETE> | <TRUNCATE> | <REFERENCES> | <CREATE> )
        { word = new SqlIdentifier(token.image, getPos()); }
    |
        word = SimpleIdentifier()
    )
    [ columns = ParenthesizedSimpleIdentifierList() ]
    { items.add(new AccessStatement.PrivilegeClause(word, columns)); }
}

AccessStatement.TargetKind GrantTarget(List<SqlIdentifier> names) :
{
    AccessStatement.TargetKind kind = AccessStatement.TargetKind.TABLE;
    SqlIdentifier name;
}
{
    (
        <ALL>
        (
            <TABLES> { kind = AccessStatement.TargetKind.TABLES_IN_SCHEMA; }
        |
            <SEQUENCES> { kind = AccessStatement.TargetKind.SEQUENCES_IN_SCHEMA; }
        )
        <IN> <SCHEMA>
    |
        LOOKAHEAD( { getToken(1).kind == TABLE } ) <TABLE>
    |
        LOOKAHEAD( { getToken(1).kind == SEQUENCE && AccessTokens.isBeforeName(getToken(2)) } )
        <SEQUENCE> { kind = AccessStatement.TargetKind.SEQUENCE; }
    |
        LOOKAHEAD( { getToken(1).kind == SCHEMA && AccessTokens.isBeforeName(getToken(2)) } )
        <SCHEMA> { kind = AccessStatement.TargetKind.SCHEMA; }
    |
        LOOKAHEAD( { getToken(1).kind == DATABASE && AccessTokens.isBeforeName(getToken(2)) } )
        <DATABASE> { kind = AccessStatement.TargetKind.DATABASE; }
    |
        { }
    )
    name = CompoundIdentifier() { names.add(name); }
    ( <COMMA> name = CompoundIdentifier() { names.add(name); } )*
    { return kind; }
}
