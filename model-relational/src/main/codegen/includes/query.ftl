/** WITH before a query, an INSERT, an UPDATE, a DELETE or a MERGE. */
SqlNode WithStatement() :
{
    final SqlNodeList tables;
    SqlNode e;
    final List<Object> list = new ArrayList<Object>();
}
{
    tables = WithList()
    (
        e = WriteStatement() { return ((WriteNode) e).withCommonTables(tables); }
    |
        e = LeafQueryOrExpr(ExprContext.ACCEPT_QUERY) { list.add(e); }
        ( AddSetOpQuery(list, ExprContext.ACCEPT_QUERY) )*
        { e = addWith(tables, SqlParserUtil.toTree(list)); }
        e = OrderByLimitOpt(e) { return e; }
    )
}

/** FOR UPDATE | NO KEY UPDATE | SHARE | KEY SHARE [OF table, ...] [NOWAIT | SKIP LOCKED] ... . */
SqlNode LockingClauses(SqlNode query) :
{
    final List<LockingClause.Item> items = new ArrayList<LockingClause.Item>();
}
{
    (
        LOOKAHEAD(2)
        LockingClause(items)
    )+
    { return LockingClause.add(query, items); }
}

void LockingClause(List<LockingClause.Item> items) :
{
    final Span s;
    final LockStrength strength;
    LockWait wait = LockWait.WAIT;
    final List<SqlIdentifier> tables = new ArrayList<SqlIdentifier>();
    SqlIdentifier table;
}
{
    <FOR> { s = span(); }
    (
        <UPDATE> { strength = LockStrength.UPDATE; }
    |
        <NO> <KEY> <UPDATE> { strength = LockStrength.NO_KEY_UPDATE; }
    |
        <SHARE> { strength = LockStrength.SHARE; }
    |
        <KEY> <SHARE> { strength = LockStrength.KEY_SHARE; }
    )
    [
        <OF> table = SimpleIdentifier() { tables.add(table); }
        ( LOOKAHEAD(2) <COMMA> table = SimpleIdentifier() { tables.add(table); } )*
    ]
    [
        LOOKAHEAD(1)
        <NOWAIT> { wait = LockWait.NOWAIT; }
    |
        <SKIP_> <LOCKED> { wait = LockWait.SKIP_LOCKED; }
    ]
    { items.add(new LockingClause.Item(strength, wait, tables, s.end(this))); }
}

/** The rest of DISTINCT ON ( expression, ... ): becomes the first item of the select list. */
void DistinctOn(List<SqlLiteral> keywords, List<SqlNode> selectList) :
{
    final Span s;
    final List<SqlNode> keys = new ArrayList<SqlNode>();
}
{
    <ON> { s = span(); } <LPAREN>
    AddExpression(keys, ExprContext.ACCEPT_SUB_QUERY)
    ( <COMMA> AddExpression(keys, ExprContext.ACCEPT_SUB_QUERY) )*
    <RPAREN> {
        keywords.remove(keywords.size() - 1);
        selectList.add(InfixOperators.DISTINCT_ON.createCall(s.end(this), keys));
    }
}

/** An operator that PostgreSQL has and the standard has not. */
void PostgresOperator(List<Object> list, ExprContext exprContext, Span s) :
{
}
{
    <POSTGRES_OPERATOR> {
        checkNonQueryExpression(exprContext);
        list.add(new SqlParserUtil.ToTreeListItem(InfixOperators.of(token.image), getPos()));
    }
    AddExpression2b(list, ExprContext.ACCEPT_SUB_QUERY)
}

/** expression AT TIME ZONE zone. */
void AtTimeZone(List<Object> list, ExprContext exprContext, Span s) :
{
}
{
    <AT> { checkNonQueryExpression(exprContext); } <TIME> <ZONE> {
        list.add(new SqlParserUtil.ToTreeListItem(InfixOperators.AT_TIME_ZONE, getPos()));
    }
    AddExpression2b(list, ExprContext.ACCEPT_SUB_QUERY)
}

/** {ISOLATION LEVEL level | READ ONLY | READ WRITE} [,] ... */
TransactionModes TransactionModes() :
{
    TransactionModes modes = TransactionModes.NONE;
}
{
    (
        [ <COMMA> ]
        (
            <ISOLATION> <LEVEL>
            (
                <SERIALIZABLE> { modes = modes.withIsolation(IsolationLevel.SERIALIZABLE); }
            |
                <REPEATABLE> <READ> { modes = modes.withIsolation(IsolationLevel.REPEATABLE_READ); }
            |
                <READ> ( <COMMITTED> | <UNCOMMITTED> )
                { modes = modes.withIsolation(IsolationLevel.READ_COMMITTED); }
            )
        |
            LOOKAHEAD(2)
            <READ> <ONLY> { modes = modes.withReadOnly(true); }
        |
            <READ> <WRITE> { modes = modes.withReadOnly(false); }
        )
    )+
    { return modes; }
}

/**
 * SET [SESSION | LOCAL] name {= | TO} value, SET TIME ZONE zone, SET TRANSACTION ..., SET SESSION
 * CHARACTERISTICS AS TRANSACTION ..., RESET.
 */
SqlNode SetStatement() :
{
    final Span s;
    SqlIdentifier name;
    SqlNode value = null;
    final TransactionModes modes;
}
{
    <SET> { s = span(); }
    (
    LOOKAHEAD( { getToken(1).kind == SESSION && getToken(2).kind == CHARACTERISTICS } )
    <SESSION> <CHARACTERISTICS> <AS>
    (
        // Behind AS any word is a name.
        LOOKAHEAD( { getToken(1).image.equalsIgnoreCase("transaction") } ) name = SimpleIdentifier()
    |
        <TRANSACTION>
    )
    modes = TransactionModes()
    { return new TransactionNode(s.end(this), TransactionNode.Action.SET_DEFAULT, null, modes); }
    |
    LOOKAHEAD( { AccessTokens.isAuthorization(getToken(1), getToken(2), getToken(3)) } )
    [ LOOKAHEAD( { getToken(2).kind == SESSION } ) ( <SESSION> | <LOCAL> ) ] <SESSION> <AUTHORIZATION>
    { name = new SqlIdentifier("session_authorization", getPos()); }
    value = RoleValue()
    { return new SqlSetOption(s.end(this), null, (SqlNode) name, value); }
    |
    LOOKAHEAD( { AccessTokens.isRole(getToken(1), getToken(2), getToken(3)) } )
    [ <SESSION> | <LOCAL> ] <ROLE> { name = new SqlIdentifier("role", getPos()); }
    value = RoleValue()
    { return new SqlSetOption(s.end(this), null, (SqlNode) name, value); }
    |
    [
        // With a value it is the name of a setting.
        LOOKAHEAD( {
            (getToken(1).kind == SESSION || getToken(1).kind == LOCAL)
                && getToken(2).kind != EQ && getToken(2).kind != TO } )
        ( <SESSION> | <LOCAL> )
    ]
    (
        LOOKAHEAD(2)
        <TRANSACTION>
        modes = TransactionModes()
        { return new TransactionNode(s.end(this), TransactionNode.Action.SET, null, modes); }
    |
        LOOKAHEAD(2)
        <TIME> { name = new SqlIdentifier("timezone", getPos()); } <ZONE>
        value = SettingValue()
        { return new SqlSetOption(s.end(this), null, (SqlNode) name, value); }
    |
        LOOKAHEAD( { getToken(1).kind == SCHEMA && getToken(2).kind == QUOTED_STRING } )
        <SCHEMA> { name = new SqlIdentifier("search_path", getPos()); }
        value = StringLiteral()
        { return new SqlSetOption(s.end(this), null, (SqlNode) name, SearchPathText.of(List.of(value))); }
    |
        LOOKAHEAD( { getToken(1).image.equalsIgnoreCase("search_path") } )
        name = CompoundIdentifier()
        ( <EQ> | <TO> )
        value = SearchPathValue()
        { return new SqlSetOption(s.end(this), null, (SqlNode) name, value); }
    |
        name = CompoundIdentifier()
        ( <EQ> | <TO> )
        value = SettingValue()
        { return new SqlSetOption(s.end(this), null, (SqlNode) name, value); }
    )
    )
|
    <RESET> { s = span(); }
    (
        <ALL> { name = new SqlIdentifier("all", getPos()); }
    |
        LOOKAHEAD(2)
        <SESSION> <AUTHORIZATION> { name = new SqlIdentifier("session_authorization", getPos()); }
    |
        name = CompoundIdentifier()
    )
    {
        return new SqlSetOption(s.end(this), null, (SqlNode) name,
            SqlStdOperatorTable.DEFAULT.createCall(getPos()));
    }
}

/** The name of a role, also in quotes, NONE or DEFAULT. */
SqlNode RoleValue() :
{
    final SqlNode value;
}
{
    <DEFAULT_> { return SqlStdOperatorTable.DEFAULT.createCall(getPos()); }
|
    LOOKAHEAD( { getToken(1).kind == NONE } )
    <NONE> { return SqlStdOperatorTable.DEFAULT.createCall(getPos()); }
|
    value = StringLiteral() { return value; }
|
    value = SimpleIdentifier() { return value; }
}

/** schema, ... | DEFAULT. */
SqlNode SearchPathValue() :
{
    SqlNode item;
    final List<SqlNode> items = new ArrayList<SqlNode>();
}
{
    <DEFAULT_> { return SqlStdOperatorTable.DEFAULT.createCall(getPos()); }
|
    item = SchemaItem() { items.add(item); }
    ( <COMMA> item = SchemaItem() { items.add(item); } )*
    { return SearchPathText.of(items); }
}

SqlNode SchemaItem() :
{
    final SqlNode item;
}
{
    ( item = StringLiteral() | item = SimpleIdentifier() ) { return item; }
}

SqlNode SettingValue() :
{
    SqlNode value;
}
{
    value = Literal() { return value; }
|
    <DEFAULT_> { return SqlStdOperatorTable.DEFAULT.createCall(getPos()); }
|
    <ON> { return new SqlIdentifier("on", getPos()); }
|
    <LOCAL> { return SqlStdOperatorTable.DEFAULT.createCall(getPos()); }
|
    value = SimpleIdentifier() { return value; }
}

/** MERGE INTO target USING source ON condition WHEN ... . */
SqlNode MergeStatement() :
{
    final Span s;
    final SqlIdentifier table;
    SqlIdentifier alias = null;
    final SqlNode source;
    final SqlNode condition;
    final List<SqlNode> clauses = new ArrayList<SqlNode>();
}
{
    <MERGE> { s = span(); } <INTO> table = CompoundTableIdentifier()
    [ [ <AS> ] alias = SimpleIdentifier() ]
    <USING> source = TableRef()
    <ON> condition = Expression(ExprContext.ACCEPT_SUB_QUERY)
    ( MergeClause(clauses) )+
    {
        return new MergeNode(s.end(this), table, alias, source, condition,
            new SqlNodeList(clauses, s.end(this)));
    }
}

void MergeClause(List<SqlNode> clauses) :
{
    final Span s;
    final boolean matched;
    SqlNode condition = null;
    MergeNode.Action action = MergeNode.Action.NOTHING;
    SqlNodeList columns = new SqlNodeList(SqlParserPos.ZERO);
    SqlNodeList values = new SqlNodeList(SqlParserPos.ZERO);
    final List<SqlNode> list = new ArrayList<SqlNode>();
}
{
    <WHEN> { s = span(); }
    ( <MATCHED> { matched = true; } | <NOT> <MATCHED> { matched = false; } )
    [ <AND> condition = Expression(ExprContext.ACCEPT_SUB_QUERY) ]
    <THEN>
    (
        <DO> <NOTHING>
    |
        <DELETE> { action = MergeNode.Action.DELETE; }
    |
        <UPDATE> <SET> { action = MergeNode.Action.UPDATE; }
        Assignments(columns, values)
    |
        <INSERT> { action = MergeNode.Action.INSERT; }
        [ columns = ParenthesizedSimpleIdentifierList() ]
        (
            <DEFAULT_> <VALUES>
        |
            <VALUES> <LPAREN> AssignedValue(list) ( <COMMA> AssignedValue(list) )* <RPAREN>
            { values.addAll(list); }
        )
    )
    {
        clauses.add(new MergeNode.Clause(s.end(this), matched, condition, action, columns, values));
    }
}

/** COPY table [ ( column, ... ) ] | ( query ) FROM | TO place [ [WITH] options ]. */
SqlNode CopyStatement() :
{
    final Span s;
    SqlIdentifier table = null;
    SqlNodeList columns = null;
    SqlNode query = null;
    final boolean from;
    SqlNode file = null;
    final java.util.Map<String, SqlNode> copyOptions = new java.util.LinkedHashMap<String, SqlNode>();
}
{
    <COPY> { s = span(); }
    (
        <LPAREN> query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY) <RPAREN>
    |
        table = CompoundTableIdentifier()
        [ columns = ParenthesizedSimpleIdentifierList() ]
    )
    (
        <FROM> { from = true; } ( file = StringLiteral() | <STDIN> )
    |
        <TO> { from = false; } ( file = StringLiteral() | <STDOUT> )
    )
    [ <WITH> ]
    (
        <LPAREN> CopyOption(copyOptions) ( <COMMA> CopyOption(copyOptions) )* <RPAREN>
    |
        ( CopyOption(copyOptions) )*
    )
    {
        return new CopyNode(s.end(this), table, columns, query, from, file, copyOptions);
    }
}

void CopyOption(java.util.Map<String, SqlNode> copyOptions) :
{
    final SqlIdentifier name;
    SqlNode value = null;
}
{
    (
        <NULL> { name = new SqlIdentifier("null", getPos()); }
    |
        <ESCAPE> { name = new SqlIdentifier("escape", getPos()); }
    |
        name = SimpleIdentifier()
    )
    [
        // Without parentheses around the options NULL may begin the next one.
        LOOKAHEAD(1, { getToken(1).kind != NULL } )
        value = Literal()
    |
        LOOKAHEAD(2) value = ParenthesizedSimpleIdentifierList()
    |
        <STAR> { value = SqlIdentifier.star(getPos()); }
    |
        LOOKAHEAD(1, { getToken(2).kind == COMMA || getToken(2).kind == RPAREN } )
        value = SimpleIdentifier()
    ]
    {
        copyOptions.put(name.getSimple().toLowerCase(Locale.ROOT),
            value == null ? SqlLiteral.createBoolean(true, getPos()) : value);
    }
}
