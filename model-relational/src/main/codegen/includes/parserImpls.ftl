/** BEGIN, START TRANSACTION, COMMIT, END, ROLLBACK, SAVEPOINT, RELEASE, ABORT. */
SqlNode TransactionStatement() :
{
    final Span s;
    SqlIdentifier name = null;
    TransactionModes modes = TransactionModes.NONE;
    TransactionNode.Action action;
}
{
    (
        (
            <BEGIN> { s = span(); } [ <TRANSACTION> | <WORK> ]
        |
            <START> { s = span(); } <TRANSACTION>
        )
        [ modes = TransactionModes() ]
        { action = TransactionNode.Action.BEGIN; }
    |
        ( <COMMIT> | <END> ) { s = span(); } [ <TRANSACTION> | <WORK> ]
        { action = TransactionNode.Action.COMMIT; }
    |
        <ROLLBACK> { s = span(); action = TransactionNode.Action.ROLLBACK; }
        [ <TRANSACTION> | <WORK> ]
        [
            <TO> [ LOOKAHEAD(2) <SAVEPOINT> ] name = SimpleIdentifier()
            { action = TransactionNode.Action.ROLLBACK_TO; }
        ]
    |
        <SAVEPOINT> { s = span(); } name = SimpleIdentifier()
        { action = TransactionNode.Action.SAVEPOINT; }
    |
        <RELEASE> { s = span(); } [ LOOKAHEAD(2) <SAVEPOINT> ] name = SimpleIdentifier()
        { action = TransactionNode.Action.RELEASE; }
    )
    { return new TransactionNode(s.end(this), action, name, modes); }
}

/** ANALYZE [VERBOSE] [table [(column, ...)], ...]. */
SqlNode AnalyzeStatement() :
{
    final Span s;
    final List<AnalyzeNode.Target> targets = new ArrayList<AnalyzeNode.Target>();
}
{
    <ANALYZE> { s = span(); }
    [ LOOKAHEAD(1) <VERBOSE> ]
    [
        AnalyzeTarget(targets)
        ( <COMMA> AnalyzeTarget(targets) )*
    ]
    { return new AnalyzeNode(s.end(this), targets); }
}

void AnalyzeTarget(List<AnalyzeNode.Target> targets) :
{
    final SqlIdentifier table;
    SqlNodeList columns = null;
}
{
    table = CompoundIdentifier()
    [ columns = ParenthesizedSimpleIdentifierList() ]
    { targets.add(new AnalyzeNode.Target(table, columns)); }
}

/** EXPLAIN [ANALYZE] [VERBOSE] statement, or EXPLAIN (option, ...) statement. */
SqlNode ExplainStatement() :
{
    final Span s;
    final java.util.Map<String, SqlNode> explainOptions = new java.util.LinkedHashMap<String, SqlNode>();
    final SqlNode statement;
}
{
    <EXPLAIN> { s = span(); }
    (
        // A query may stand in parentheses, too.
        LOOKAHEAD({ getToken(1).kind == LPAREN && getToken(2).kind != SELECT
            && getToken(2).kind != VALUES && getToken(2).kind != VALUE && getToken(2).kind != WITH
            && getToken(2).kind != TABLE && getToken(2).kind != LPAREN })
        <LPAREN> ExplainOption(explainOptions) ( <COMMA> ExplainOption(explainOptions) )* <RPAREN>
    |
        [ LOOKAHEAD(1) <ANALYZE> { explainOptions.put("analyze", null); } ]
        [ LOOKAHEAD(1) <VERBOSE> { explainOptions.put("verbose", null); } ]
    )
    (
        LOOKAHEAD(1) statement = WithStatement()
    |
        statement = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    |
        statement = WriteStatement()
    )
    { return new ExplainNode(s.end(this), explainOptions, statement); }
}

void ExplainOption(java.util.Map<String, SqlNode> explainOptions) :
{
    final SqlIdentifier name;
    SqlNode value = null;
}
{
    name = SimpleIdentifier()
    [
        LOOKAHEAD(1) value = Literal()
    |
        <ON> { value = SqlLiteral.createBoolean(true, getPos()); }
    |
        value = SimpleIdentifier()
    ]
    { explainOptions.put(name.getSimple().toLowerCase(Locale.ROOT), value); }
}

/** INSERT, UPDATE or DELETE, with the clauses that PostgreSQL adds to them. */
SqlNode WriteStatement() :
{
    final SqlNode statement;
    OnConflictNode conflict = null;
    SqlNode from = null;
    SqlNodeList returning = null;
    final Span s;
    final SqlIdentifier table;
    SqlIdentifier alias = null;
    SqlNodeList columns = null;
    SqlNodeList values = null;
    SqlNode node = null;
    InsertNode.Overriding overriding = InsertNode.Overriding.NONE;
}
{
    (
        <INSERT> { s = span(); } <INTO> table = CompoundTableIdentifier()
        [ <AS> alias = SimpleIdentifier() ]
        [ LOOKAHEAD(2) columns = ParenthesizedSimpleIdentifierList() ]
        [
            LOOKAHEAD(2) <OVERRIDING>
            (
                <SYSTEM> { overriding = InsertNode.Overriding.SYSTEM_VALUE; }
            |
                <USER> { overriding = InsertNode.Overriding.USER_VALUE; }
            )
            <VALUE>
        ]
        (
            LOOKAHEAD(2) <DEFAULT_> <VALUES> { node = WriteNode.defaultValues(getPos()); }
        |
            node = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
        )
        { statement = new InsertNode(s.end(this), table, node, columns, overriding); }
        [ conflict = OnConflict() ]
    |
        <UPDATE> { s = span(); } table = CompoundTableIdentifier()
        [ [ <AS> ] alias = SimpleIdentifier() ]
        <SET> { columns = new SqlNodeList(getPos()); values = new SqlNodeList(getPos()); }
        Assignments(columns, values)
        [ <FROM> from = FromClause() ]
        [ node = Where() ]
        { statement = new SqlUpdate(s.end(this), table, columns, values, node, null, alias); }
    |
        <DELETE> { s = span(); } <FROM> table = CompoundTableIdentifier()
        [ [ <AS> ] alias = SimpleIdentifier() ]
        [ <USING> from = FromClause() ]
        [ node = Where() ]
        { statement = new SqlDelete(s.end(this), table, node, null, alias); }
    |
        statement = MergeStatement() { s = Span.of(statement); }
    )
    [ <RETURNING_CLAUSE> { returning = new SqlNodeList(getPos()); } Returned(returning) ]
    { return new WriteNode(s.end(this), statement, alias, from, conflict, returning); }
}

void Returned(SqlNodeList returning) :
{
    final List<SqlNode> items = new ArrayList<SqlNode>();
}
{
    AddSelectItem(items) ( <COMMA> AddSelectItem(items) )*
    { returning.addAll(items); }
}

/** column = value, (column, ...) = (value, ...), ... . */
void Assignments(SqlNodeList columns, SqlNodeList values) :
{
}
{
    Assignment(columns, values) ( <COMMA> Assignment(columns, values) )*
}

void Assignment(SqlNodeList columns, SqlNodeList values) :
{
    final SqlIdentifier column;
    final SqlNodeList several;
    final List<SqlNode> value = new ArrayList<SqlNode>();
}
{
    several = ParenthesizedSimpleIdentifierList() <EQ> [ <ROW> ]
    <LPAREN> AssignedValue(value) ( <COMMA> AssignedValue(value) )* <RPAREN>
    { WriteNode.assign(several, value, columns, values); }
|
    column = CompoundIdentifier() <EQ> AssignedValue(value)
    { columns.add(column); values.addAll(value); }
}

void AssignedValue(List<SqlNode> value) :
{
}
{
    <DEFAULT_> { value.add(SqlStdOperatorTable.DEFAULT.createCall(getPos())); }
|
    AddExpression(value, ExprContext.ACCEPT_SUB_QUERY)
}

/**
 * ON CONFLICT [(column | expression, ...) [WHERE ...] | ON CONSTRAINT name]
 * DO NOTHING | DO UPDATE SET ... [WHERE ...].
 */
OnConflictNode OnConflict() :
{
    final Span s;
    SqlNodeList target = null;
    SqlNode element;
    SqlNode targetCondition = null;
    SqlIdentifier constraint = null;
    SqlNodeList columns = null;
    SqlNodeList values = null;
    SqlNode where = null;
}
{
    <ON> { s = span(); } <CONFLICT>
    [
        <LPAREN> { target = new SqlNodeList(getPos()); }
        element = Expression(ExprContext.ACCEPT_SUB_QUERY) { target.add(element); }
        ( <COMMA> element = Expression(ExprContext.ACCEPT_SUB_QUERY) { target.add(element); } )*
        <RPAREN>
        [ targetCondition = Where() ]
    |
        <ON> <CONSTRAINT> constraint = SimpleIdentifier()
    ]
    <DO>
    (
        <NOTHING>
    |
        <UPDATE> <SET> { columns = new SqlNodeList(getPos()); values = new SqlNodeList(getPos()); }
        Assignments(columns, values)
        [ where = Where() ]
    )
    { return new OnConflictNode(s.end(this), target, targetCondition, constraint, columns, values,
        where); }
}

/** SHOW setting. */
SqlNode ShowStatement() :
{
    final Span s;
    final SqlIdentifier name;
}
{
    <SHOW> { s = span(); }
    (
        LOOKAHEAD(<TRANSACTION> <ISOLATION>)
        <TRANSACTION> <ISOLATION> <LEVEL>
        { name = new SqlIdentifier("transaction_isolation", getPos()); }
    |
        name = CompoundIdentifier()
    )
    { return new ShowNode(s.end(this), name); }
}

/** The type names that PostgreSQL has and the standard has not. */
SqlTypeNameSpec PostgresTypeName() :
{
}
{
    <TEXT> { return new SqlBasicTypeNameSpec(SqlTypeName.VARCHAR, getPos()); }
|
    <BYTEA> { return new SqlBasicTypeNameSpec(SqlTypeName.VARBINARY, getPos()); }
|
    <BOOL> { return new SqlBasicTypeNameSpec(SqlTypeName.BOOLEAN, getPos()); }
|
    <INT2> { return new SqlBasicTypeNameSpec(SqlTypeName.SMALLINT, getPos()); }
|
    <INT4> { return new SqlBasicTypeNameSpec(SqlTypeName.INTEGER, getPos()); }
|
    <INT8> { return new SqlBasicTypeNameSpec(SqlTypeName.BIGINT, getPos()); }
|
    <FLOAT4> { return new SqlBasicTypeNameSpec(SqlTypeName.REAL, getPos()); }
|
    <FLOAT8> { return new SqlBasicTypeNameSpec(SqlTypeName.DOUBLE, getPos()); }
|
    ( <JSONB> | <JSON> ) { return new SqlBasicTypeNameSpec(SqlTypeName.VARIANT, getPos()); }
|
    <TIMESTAMPTZ> {
        return new SqlBasicTypeNameSpec(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, getPos());
    }
}

/** A type, or an interval with or without a qualifier. */
SqlDataTypeSpec DataTypeOrInterval() :
{
    final Span s;
    SqlIntervalQualifier qualifier;
    final SqlDataTypeSpec type;
}
{
    <INTERVAL> { s = span(); }
    [ LOOKAHEAD(2) qualifier = IntervalQualifier() ]
    { return new SqlDataTypeSpec(new IntervalTypeName(s.end(this)), s.end(this)); }
|
    type = DataType() { return type; }
}

/** PostgreSQL's cast: expression :: type. */
void InfixCast(List<Object> list, ExprContext exprContext, Span s) :
{
    final SqlDataTypeSpec type;
}
{
    <INFIX_CAST> { checkNonQueryExpression(exprContext); }
    type = DataTypeOrInterval() {
        list.add(new SqlParserUtil.ToTreeListItem(SqlLibraryOperators.INFIX_CAST, s.pos()));
        list.add(type);
    }
}

/** A string between two pairs of dollar signs, in which nothing is special. */
SqlNode DollarQuotedString() :
{
}
{
    <DOLLAR_QUOTED_STRING> {
        return SqlLiteral.createCharString(
            token.image.substring(2, token.image.length() - 2), getPos());
    }
}
