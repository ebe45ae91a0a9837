boolean IfNotExistsOpt() :
{
}
{
    LOOKAHEAD(3)
    <IF> <NOT> <EXISTS> { return true; }
|
    { return false; }
}

boolean IfExistsOpt() :
{
}
{
    LOOKAHEAD(2)
    <IF> <EXISTS> { return true; }
|
    { return false; }
}

/** CREATE TABLE [IF NOT EXISTS] name ( element, ... ) [WITH ( option = 'value', ... )]. */
SqlCreate CreateTable(Span s, boolean replace) :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
    final Span list;
    final List<SqlNode> elements = new ArrayList<SqlNode>();
    final List<SqlNode> tableOptions = new ArrayList<SqlNode>();
}
{
    <TABLE>
    ifNotExists = IfNotExistsOpt()
    name = CompoundIdentifier()
    <LPAREN> { list = span(); }
    TableElement(elements)
    ( <COMMA> TableElement(elements) )*
    <RPAREN>
    [ <WITH> <LPAREN> TableOption(tableOptions) ( <COMMA> TableOption(tableOptions) )* <RPAREN> ]
    {
        return new CreateTableNode(s.end(this), replace, ifNotExists, name,
            new SqlNodeList(elements, list.end(this)), new SqlNodeList(tableOptions, getPos()));
    }
}

void TableOption(List<SqlNode> tableOptions) :
{
    final SqlIdentifier name;
    final SqlNode value;
}
{
    name = SimpleIdentifier() <EQ>
    ( value = StringLiteral() | value = NumericLiteral() | value = SpecialLiteral() )
    { tableOptions.add(new OptionNode(Span.of(name).end(this), name, value)); }
}

void TableElement(List<SqlNode> elements) :
{
    SqlIdentifier constraint = null;
    final KeyConstraintNode key;
}
{
    [ <CONSTRAINT> constraint = SimpleIdentifier() ]
    key = TableKey(constraint) { elements.add(key); }
|
    Column(elements)
}

KeyConstraintNode TableKey(SqlIdentifier name) :
{
    final Span s;
    final boolean primary;
    final SqlNodeList columns;
}
{
    (
        <PRIMARY> { s = span(); } <KEY> { primary = true; }
    |
        <UNIQUE> { s = span(); primary = false; }
    )
    columns = ParenthesizedSimpleIdentifierList()
    { return new KeyConstraintNode(s.end(this), name, primary, columns); }
}

void Column(List<SqlNode> elements) :
{
    final SqlIdentifier name;
    final SqlDataTypeSpec type;
    final ColumnDefinitionNode column;
}
{
    name = SimpleIdentifier()
    type = DataTypeOrInterval()
    { column = new ColumnDefinitionNode(Span.of(name).end(this), name, type); }
    ( ColumnConstraint(column, elements) )*
    { elements.add(column); }
}

void ColumnConstraint(ColumnDefinitionNode column, List<SqlNode> elements) :
{
    SqlIdentifier constraint = null;
    SqlNode e;
}
{
    [ <CONSTRAINT> constraint = SimpleIdentifier() ]
    (
        <NOT> <NULL> { column.setNotNull(); }
    |
        <NULL>
    |
        <DEFAULT_> e = Expression(ExprContext.ACCEPT_NON_QUERY) { column.setDefault(e); }
    |
        <PRIMARY> <KEY> {
            elements.add(new KeyConstraintNode(getPos(), constraint, true,
                SqlNodeList.of(column.name())));
        }
    |
        <UNIQUE> {
            elements.add(new KeyConstraintNode(getPos(), constraint, false,
                SqlNodeList.of(column.name())));
        }
    )
}

/** CREATE [UNIQUE] INDEX [IF NOT EXISTS] [name] ON table ( column [ASC | DESC], ... ). */
SqlCreate CreateIndex(Span s, boolean replace) :
{
    boolean unique = false;
    final boolean ifNotExists;
    SqlIdentifier name = null;
    final SqlIdentifier table;
    final List<SqlNode> columns = new ArrayList<SqlNode>();
}
{
    [ <UNIQUE> { unique = true; } ]
    <INDEX>
    ifNotExists = IfNotExistsOpt()
    [ name = SimpleIdentifier() ]
    <ON> table = CompoundIdentifier()
    <LPAREN> IndexColumn(columns) ( <COMMA> IndexColumn(columns) )* <RPAREN>
    {
        return new CreateIndexNode(s.end(this), replace, unique, ifNotExists, name, table,
            new SqlNodeList(columns, getPos()));
    }
}

void IndexColumn(List<SqlNode> columns) :
{
    final SqlIdentifier name;
}
{
    name = SimpleIdentifier()
    (
        <DESC> { columns.add(SqlStdOperatorTable.DESC.createCall(getPos(), name)); }
    |
        [ <ASC> ] { columns.add(name); }
    )
}

/** DROP TABLE | INDEX [IF EXISTS] name, ... [CASCADE | RESTRICT]. */
SqlDrop DropTableOrIndex(Span s, boolean replace) :
{
    final boolean table;
    final boolean ifExists;
    SqlIdentifier name;
    final List<SqlNode> names = new ArrayList<SqlNode>();
    boolean cascade = false;
}
{
    ( <TABLE> { table = true; } | <INDEX> { table = false; } )
    ifExists = IfExistsOpt()
    name = CompoundIdentifier() { names.add(name); }
    ( <COMMA> name = CompoundIdentifier() { names.add(name); } )*
    [ <CASCADE> { cascade = true; } | <RESTRICT> ]
    {
        return new DropNode(s.end(this), table, ifExists,
            new SqlNodeList(names, getPos()), cascade);
    }
}

/** BEGIN, START TRANSACTION, COMMIT, END, ROLLBACK, SAVEPOINT, RELEASE, ABORT. */
SqlNode TransactionStatement() :
{
    final Span s;
    SqlIdentifier name = null;
    boolean readOnly = false;
    boolean serializable = false;
    TransactionNode.Action action;
}
{
    (
        (
            <BEGIN> { s = span(); } [ <TRANSACTION> | <WORK> ]
        |
            <START> { s = span(); } <TRANSACTION>
        )
        (
            [ <COMMA> ]
            (
                <ISOLATION> <LEVEL>
                (
                    <SERIALIZABLE> { serializable = true; }
                |
                    <REPEATABLE> <READ>
                |
                    LOOKAHEAD(2) <READ> <COMMITTED>
                |
                    <READ> <UNCOMMITTED>
                )
            |
                LOOKAHEAD(2) <READ> <ONLY> { readOnly = true; }
            |
                <READ> <WRITE>
            )
        )*
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
    { return new TransactionNode(s.end(this), action, name, serializable, readOnly); }
}

/** EXPLAIN [ANALYZE] [VERBOSE] statement. */
SqlNode ExplainStatement() :
{
    final Span s;
    boolean analyze = false;
    final SqlNode statement;
}
{
    <EXPLAIN> { s = span(); }
    [ LOOKAHEAD(1) <ANALYZE> { analyze = true; } ]
    [ LOOKAHEAD(1) <VERBOSE> ]
    (
        statement = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    |
        statement = WriteStatement()
    )
    { return new ExplainNode(s.end(this), analyze, statement); }
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
}
{
    (
        <INSERT> { s = span(); } <INTO> table = CompoundTableIdentifier()
        [ <AS> alias = SimpleIdentifier() ]
        [ LOOKAHEAD(2) columns = ParenthesizedSimpleIdentifierList() ]
        (
            LOOKAHEAD(2) <DEFAULT_> <VALUES> { node = WriteNode.defaultValues(getPos()); }
        |
            node = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
        )
        { statement = new SqlInsert(s.end(this), SqlNodeList.EMPTY, table, node, columns); }
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

/** ON CONFLICT [(column, ...) | ON CONSTRAINT name] DO NOTHING | DO UPDATE SET ... [WHERE ...]. */
OnConflictNode OnConflict() :
{
    final Span s;
    SqlNodeList target = null;
    SqlIdentifier constraint = null;
    SqlNodeList columns = null;
    SqlNodeList values = null;
    SqlNode where = null;
}
{
    <ON> { s = span(); } <CONFLICT>
    [
        target = ParenthesizedSimpleIdentifierList()
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
    { return new OnConflictNode(s.end(this), target, constraint, columns, values, where); }
}

/** SHOW setting. */
SqlNode ShowStatement() :
{
    final Span s;
    final SqlIdentifier name;
}
{
    <SHOW> { s = span(); }
    name = CompoundIdentifier()
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
