/** CREATE, DROP and the other statements that change the catalog. */
SqlNode DefinitionStatement() :
{
    final Span s;
    final Definition definition;
}
{
    (
        <CREATE> { s = span(); } definition = CreateStatement()
    |
        <DROP> { s = span(); } definition = DropStatement()
    |
        <ALTER> { s = span(); } definition = AlterStatement()
    |
        <TRUNCATE> { s = span(); } definition = Truncate()
    |
        <COMMENT> { s = span(); } definition = CommentOn()
    |
        <REFRESH> { s = span(); } definition = RefreshMaterializedView()
    |
        <GRANT> { s = span(); } definition = Grant()
    |
        <REVOKE> { s = span(); } definition = Revoke()
    |
        <REASSIGN> { s = span(); } definition = ReassignOwned()
    )
    { return new DefinitionNode(s.end(this), definition); }
}

Definition CreateStatement() :
{
    boolean replace = false;
    final Definition definition;
}
{
    (
        definition = CreateTable()
    |
        definition = CreateIndex()
    |
        definition = CreateSequence()
    |
        definition = CreateSchema()
    |
        definition = CreateMaterializedView()
    |
        definition = CreateRole()
    |
        [ <OR> <REPLACE> { replace = true; } ] definition = CreateView(replace)
    )
    { return definition; }
}

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
Definition CreateTable() :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
    final List<ColumnClause> columns = new ArrayList<ColumnClause>();
    final List<ConstraintClause> constraints = new ArrayList<ConstraintClause>();
    final Map<String, String> tableOptions = new java.util.LinkedHashMap<String, String>();
    SqlNodeList names = null;
    final Token first;
    final TextSpan query;
    boolean withData = true;
}
{
    <TABLE>
    ifNotExists = IfNotExistsOpt()
    name = CompoundIdentifier()
    (
    LOOKAHEAD( [ ParenthesizedSimpleIdentifierList() ] <AS> )
    [ names = ParenthesizedSimpleIdentifierList() ]
    <AS> { first = getToken(1); }
    OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    { query = TextSpan.of(first, getToken(0)); }
    [ <WITH> [ <NO> { withData = false; } ] <DATA> ]
    { return new Definition.CreateTableAs(name, ifNotExists, names, query, withData); }
    |
    <LPAREN>
    TableElement(columns, constraints) ( <COMMA> TableElement(columns, constraints) )*
    <RPAREN>
    [ <WITH> <LPAREN> TableOption(tableOptions) ( <COMMA> TableOption(tableOptions) )* <RPAREN> ]
    { return new Definition.CreateTable(name, ifNotExists, columns, constraints, tableOptions); }
    )
}

void TableOption(Map<String, String> tableOptions) :
{
    final SqlIdentifier name;
    final SqlNode value;
}
{
    name = SimpleIdentifier() <EQ>
    ( value = StringLiteral() | value = NumericLiteral() | value = SpecialLiteral() )
    { tableOptions.put(name.getSimple(), ((SqlLiteral) value).toValue()); }
}

void TableElement(List<ColumnClause> columns, List<ConstraintClause> constraints) :
{
    final ConstraintClause constraint;
}
{
    constraint = TableConstraint() { constraints.add(constraint); }
|
    Column(columns, constraints)
}

ConstraintClause TableConstraint() :
{
    SqlIdentifier name = null;
    final ConstraintClause constraint;
    final Span s;
    final SqlNodeList columns;
    SqlNodeList included = null;
    final boolean nullsDistinct;
}
{
    [ <CONSTRAINT> name = SimpleIdentifier() ]
    (
        <PRIMARY> { s = span(); } <KEY> columns = ParenthesizedSimpleIdentifierList()
        { constraint = new ConstraintClause.Key(name, s.end(this), true, true, columns, null); }
    |
        <UNIQUE> { s = span(); } nullsDistinct = NullsDistinctOpt()
        columns = ParenthesizedSimpleIdentifierList()
        [ <INCLUDE> included = ParenthesizedSimpleIdentifierList() ]
        {
            constraint = new ConstraintClause.Key(name, s.end(this), false, nullsDistinct, columns,
                included);
        }
    |
        constraint = CheckConstraint(name)
    |
        <FOREIGN> { s = span(); } <KEY> columns = ParenthesizedSimpleIdentifierList()
        constraint = References(name, s, columns)
    )
    { return constraint; }
}

/** NULLS [NOT] DISTINCT; whether they are. */
boolean NullsDistinctOpt() :
{
    boolean distinct = true;
}
{
    [ LOOKAHEAD(2) <NULLS> [ <NOT> { distinct = false; } ] <DISTINCT> ]
    { return distinct; }
}

/** CHECK ( condition ). */
ConstraintClause CheckConstraint(SqlIdentifier name) :
{
    final Span s;
    final Token first;
    final TextSpan text;
}
{
    <CHECK> { s = span(); }
    <LPAREN> { first = getToken(1); }
    Expression(ExprContext.ACCEPT_SUB_QUERY)
    { text = TextSpan.of(first, getToken(0)); }
    <RPAREN>
    { return new ConstraintClause.Check(name, s.end(this), text); }
}

/** REFERENCES table [(column, ...)] [MATCH SIMPLE] [ON DELETE action] [ON UPDATE action]. */
ConstraintClause References(SqlIdentifier name, Span s, SqlNodeList columns) :
{
    final SqlIdentifier parent;
    SqlNodeList parentColumns = null;
    Action onDelete = Action.NO_ACTION;
    Action onUpdate = Action.NO_ACTION;
}
{
    <REFERENCES> parent = CompoundIdentifier()
    [ parentColumns = ParenthesizedSimpleIdentifierList() ]
    [ <MATCH> <SIMPLE> ]
    (
        <ON>
        (
            <DELETE> onDelete = ReferentialAction()
        |
            <UPDATE> onUpdate = ReferentialAction()
        )
    )*
    [ LOOKAHEAD(2) <NOT> <DEFERRABLE> ]
    [ LOOKAHEAD(2) <INITIALLY> <IMMEDIATE> ]
    {
        return new ConstraintClause.ForeignKey(name, s.end(this), columns, parent, parentColumns,
            onDelete, onUpdate);
    }
}

Action ReferentialAction() :
{
}
{
    <NO> <ACTION> { return Action.NO_ACTION; }
|
    <RESTRICT> { return Action.RESTRICT; }
|
    <CASCADE> { return Action.CASCADE; }
|
    <SET>
    (
        <NULL> { return Action.SET_NULL; }
    |
        <DEFAULT_> { return Action.SET_DEFAULT; }
    )
}

void Column(List<ColumnClause> columns, List<ConstraintClause> constraints) :
{
    final SqlIdentifier name;
    final SqlDataTypeSpec type;
    final ColumnClause column;
}
{
    name = SimpleIdentifier()
    type = DataTypeOrInterval()
    { column = new ColumnClause(name, type); }
    ( ColumnConstraint(column, constraints) )*
    { columns.add(column); }
}

void ColumnConstraint(ColumnClause column, List<ConstraintClause> constraints) :
{
    SqlIdentifier name = null;
    final Token first;
    final Span s;
    final ConstraintClause constraint;
    final boolean nullsDistinct;
}
{
    [ <CONSTRAINT> name = SimpleIdentifier() ]
    (
        <NOT> <NULL> { column.setNotNull(); }
    |
        <NULL>
    |
        <DEFAULT_> { first = getToken(1); } Expression(ExprContext.ACCEPT_NON_QUERY)
        { column.setDefault(TextSpan.of(first, getToken(0))); }
    |
        <GENERATED> Generated(column)
    |
        <PRIMARY> { s = span(); } <KEY> {
            constraints.add(new ConstraintClause.Key(name, s.end(this), true, true,
                SqlNodeList.of(column.name()), null));
        }
    |
        <UNIQUE> { s = span(); } nullsDistinct = NullsDistinctOpt() {
            constraints.add(new ConstraintClause.Key(name, s.end(this), false, nullsDistinct,
                SqlNodeList.of(column.name()), null));
        }
    |
        constraint = CheckConstraint(name) { constraints.add(constraint); }
    |
        { s = span(); }
        constraint = References(name, s, SqlNodeList.of(column.name()))
        { constraints.add(constraint); }
    )
}

/** ALWAYS AS (expression) STORED, or ALWAYS | BY DEFAULT AS IDENTITY [(option ...)]. */
void Generated(ColumnClause column) :
{
    boolean always = true;
    final Token first;
    final TextSpan text;
    final SequenceClause clause = new SequenceClause();
}
{
    ( <ALWAYS> | <BY> <DEFAULT_> { always = false; } )
    <AS>
    (
        <IDENTITY> [ <LPAREN> ( SequenceOption(clause) )+ <RPAREN> ]
        { column.setIdentity(always, clause); }
    |
        <LPAREN> { first = getToken(1); }
        Expression(ExprContext.ACCEPT_SUB_QUERY)
        { text = TextSpan.of(first, getToken(0)); }
        <RPAREN> <STORED>
        { column.setStored(text); }
    )
}

/**
 * [UNIQUE] INDEX [CONCURRENTLY] [IF NOT EXISTS] [name] ON table [USING method] ( element, ... )
 * [INCLUDE ( column, ... )] [NULLS [NOT] DISTINCT] [WHERE condition].
 */
Definition CreateIndex() :
{
    final Span s;
    boolean unique = false;
    final boolean ifNotExists;
    SqlIdentifier name = null;
    final SqlIdentifier table;
    final List<Definition.IndexColumn> columns = new ArrayList<Definition.IndexColumn>();
    SqlNodeList included = null;
    final boolean nullsDistinct;
    final Token first;
    TextSpan predicate = null;
}
{
    { s = span(); }
    [ <UNIQUE> { unique = true; } ]
    <INDEX>
    [ <CONCURRENTLY> ]
    ifNotExists = IfNotExistsOpt()
    [ name = SimpleIdentifier() ]
    <ON> [ <ONLY> ] table = CompoundIdentifier()
    [ <USING> IndexMethod() ]
    <LPAREN> IndexColumn(columns) ( <COMMA> IndexColumn(columns) )* <RPAREN>
    [ <INCLUDE> included = ParenthesizedSimpleIdentifierList() ]
    nullsDistinct = NullsDistinctOpt()
    [
        <WHERE> { first = getToken(1); }
        Expression(ExprContext.ACCEPT_SUB_QUERY)
        { predicate = TextSpan.of(first, getToken(0)); }
    ]
    {
        return new Definition.CreateIndex(s.pos(), unique, false, ifNotExists, name, table, columns,
            included, nullsDistinct, predicate);
    }
}

/** The one way in which indexes are stored, called as PostgreSQL calls the like. */
void IndexMethod() :
{
    final SqlIdentifier method;
}
{
    method = SimpleIdentifier()
    { Definition.requireIndexMethod(method); }
}

/** column | function(...) | ( expression ), then [ASC | DESC] [NULLS FIRST | NULLS LAST]. */
void IndexColumn(List<Definition.IndexColumn> columns) :
{
    SqlIdentifier name = null;
    final Token first = getToken(1);
    TextSpan expression = null;
    boolean descending = false;
    final Span s;
}
{
    { s = Span.of(); }
    (
        LOOKAHEAD( SimpleIdentifier() ( <COMMA> | <RPAREN> | <ASC> | <DESC> | <NULLS> ) )
        name = SimpleIdentifier() { s.add(getPos()); }
    |
        Expression(ExprContext.ACCEPT_SUB_QUERY)
        { expression = TextSpan.of(first, getToken(0)); s.add(getPos()); }
    )
    [ <ASC> | <DESC> { descending = true; } ]
    [
        LOOKAHEAD(2)
        <NULLS> ( <FIRST> { Definition.requireNullsOrder(descending, true, getPos()); }
        | <LAST> { Definition.requireNullsOrder(descending, false, getPos()); } )
    ]
    {
        columns.add(new Definition.IndexColumn(name, expression, s.pos(), descending));
    }
}

/** [OR REPLACE] VIEW name [(column, ...)] AS query. */
Definition CreateView(boolean replace) :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
    SqlNodeList columns = null;
    final Token first;
}
{
    <VIEW>
    ifNotExists = IfNotExistsOpt()
    name = CompoundIdentifier()
    [ columns = ParenthesizedSimpleIdentifierList() ]
    <AS> { first = getToken(1); }
    OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    {
        return new Definition.CreateView(name, replace, ifNotExists, columns,
            TextSpan.of(first, getToken(0)));
    }
}

Definition AlterStatement() :
{
    final Definition definition;
}
{
    (
        definition = AlterSequence()
    |
        definition = AlterTable()
    |
        definition = RenameView()
    |
        definition = RenameIndex()
    |
        definition = AlterMaterializedView()
    |
        definition = AlterSchema()
    |
        definition = AlterRole()
    )
    { return definition; }
}

/** ALTER TABLE [IF EXISTS] [ONLY] name action, ... . */
Definition AlterTable() :
{
    final boolean ifExists;
    final SqlIdentifier name;
    final List<AlterAction> actions = new ArrayList<AlterAction>();
    final Definition changed;
}
{
    <TABLE>
    ifExists = IfExistsOpt()
    [ <ONLY> ]
    name = CompoundIdentifier()
    (
        changed = ChangeOwner(Definition.Kind.TABLE, name, ifExists) { return changed; }
    |
        AlterAction(actions) ( <COMMA> AlterAction(actions) )*
        { return new Definition.AlterTable(name, ifExists, actions); }
    )
}

void AlterAction(List<AlterAction> actions) :
{
    final SqlIdentifier name;
    final SqlIdentifier newName;
    final ConstraintClause constraint;
    boolean ifExists = false;
    boolean cascade = false;
    final Token first;
    final List<ColumnClause> columns = new ArrayList<ColumnClause>();
    final List<ConstraintClause> constraints = new ArrayList<ConstraintClause>();
}
{
    <ADD>
    (
        constraint = TableConstraint()
        { actions.add(new AlterAction.AddConstraint(constraint)); }
    |
        [ <COLUMN> ] ifExists = IfNotExistsOpt() Column(columns, constraints)
        { actions.add(new AlterAction.AddColumn(columns.get(0), constraints, ifExists)); }
    )
|
    <DROP>
    (
        <CONSTRAINT> ifExists = IfExistsOpt() name = SimpleIdentifier()
        [ <CASCADE> { cascade = true; } | <RESTRICT> ]
        { actions.add(new AlterAction.DropConstraint(name, ifExists, cascade)); }
    |
        [ <COLUMN> ] ifExists = IfExistsOpt() name = SimpleIdentifier()
        [ <CASCADE> { cascade = true; } | <RESTRICT> ]
        { actions.add(new AlterAction.DropColumn(name, ifExists, cascade)); }
    )
|
    <ALTER> [ <COLUMN> ] name = SimpleIdentifier()
    (
        <SET>
        (
            <DEFAULT_> { first = getToken(1); } Expression(ExprContext.ACCEPT_NON_QUERY)
            { actions.add(new AlterAction.SetDefault(name, TextSpan.of(first, getToken(0)))); }
        |
            <NOT> <NULL> { actions.add(new AlterAction.SetNotNull(name)); }
        |
            <DATA> SetType(name, actions)
        )
    |
        SetType(name, actions)
    |
        <DROP>
        (
            <DEFAULT_> { actions.add(new AlterAction.DropDefault(name)); }
        |
            <NOT> <NULL> { actions.add(new AlterAction.DropNotNull(name)); }
        )
    )
|
    <RENAME>
    (
        <TO> newName = SimpleIdentifier() { actions.add(new AlterAction.RenameTable(newName)); }
    |
        <CONSTRAINT> name = SimpleIdentifier() <TO> newName = SimpleIdentifier()
        { actions.add(new AlterAction.RenameConstraint(name, newName)); }
    |
        [ <COLUMN> ] name = SimpleIdentifier() <TO> newName = SimpleIdentifier()
        { actions.add(new AlterAction.RenameColumn(name, newName)); }
    )
}

/** TYPE type [USING expression]. */
void SetType(SqlIdentifier column, List<AlterAction> actions) :
{
    final SqlDataTypeSpec type;
    final Token first;
    TextSpan using = null;
}
{
    <TYPE> type = DataTypeOrInterval()
    [
        <USING> { first = getToken(1); }
        Expression(ExprContext.ACCEPT_SUB_QUERY)
        { using = TextSpan.of(first, getToken(0)); }
    ]
    { actions.add(new AlterAction.SetType(column, type, using)); }
}

/** VIEW [IF EXISTS] name RENAME TO name. */
Definition RenameView() :
{
    final boolean ifExists;
    final SqlIdentifier name;
    final SqlIdentifier newName;
    final Definition changed;
}
{
    <VIEW>
    ifExists = IfExistsOpt()
    name = CompoundIdentifier()
    (
        changed = ChangeOwner(Definition.Kind.VIEW, name, ifExists) { return changed; }
    |
        <RENAME> <TO> newName = SimpleIdentifier()
        { return new Definition.Rename(Definition.Kind.VIEW, name, ifExists, newName); }
    )
}

/** MATERIALIZED VIEW [IF EXISTS] name OWNER TO role. */
Definition AlterMaterializedView() :
{
    final boolean ifExists;
    final SqlIdentifier name;
    final Definition changed;
}
{
    <MATERIALIZED> <VIEW>
    ifExists = IfExistsOpt()
    name = CompoundIdentifier()
    changed = ChangeOwner(Definition.Kind.MATERIALIZED_VIEW, name, ifExists)
    { return changed; }
}

/** SCHEMA name OWNER TO role. */
Definition AlterSchema() :
{
    final SqlIdentifier name;
    final Definition changed;
}
{
    <SCHEMA>
    name = SimpleIdentifier()
    changed = ChangeOwner(Definition.Kind.SCHEMA, name, false)
    { return changed; }
}

/** ALTER INDEX [IF EXISTS] name RENAME TO name. */
Definition RenameIndex() :
{
    final boolean ifExists;
    final SqlIdentifier name;
    final SqlIdentifier newName;
}
{
    <INDEX>
    ifExists = IfExistsOpt()
    name = CompoundIdentifier()
    <RENAME> <TO> newName = SimpleIdentifier()
    { return new Definition.RenameIndex(name, ifExists, newName); }
}

/** TRUNCATE [TABLE] [ONLY] name, ... [RESTART IDENTITY | CONTINUE IDENTITY] [CASCADE | RESTRICT]. */
Definition Truncate() :
{
    SqlIdentifier name;
    final List<SqlIdentifier> tables = new ArrayList<SqlIdentifier>();
    boolean restart = false;
    boolean cascade = false;
}
{
    [ <TABLE> ] [ <ONLY> ]
    name = CompoundIdentifier() { tables.add(name); }
    ( <COMMA> name = CompoundIdentifier() { tables.add(name); } )*
    [ <RESTART> <IDENTITY> { restart = true; } | <CONTINUE> <IDENTITY> ]
    [ <CASCADE> { cascade = true; } | <RESTRICT> ]
    { return new Definition.Truncate(tables, restart, cascade); }
}

/** CREATE MATERIALIZED VIEW [IF NOT EXISTS] name [(column, ...)] AS query [WITH [NO] DATA]. */
Definition CreateMaterializedView() :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
    SqlNodeList columns = null;
    final Token first;
    final TextSpan query;
    boolean withData = true;
}
{
    <MATERIALIZED> <VIEW>
    ifNotExists = IfNotExistsOpt()
    name = CompoundIdentifier()
    [ columns = ParenthesizedSimpleIdentifierList() ]
    <AS> { first = getToken(1); }
    OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    { query = TextSpan.of(first, getToken(0)); }
    [ <WITH> [ <NO> { withData = false; } ] <DATA> ]
    {
        return new Definition.CreateMaterializedView(name, ifNotExists, columns, query, withData);
    }
}

/** REFRESH MATERIALIZED VIEW [CONCURRENTLY] name [WITH [NO] DATA]. */
Definition RefreshMaterializedView() :
{
    boolean concurrently = false;
    final SqlIdentifier name;
    boolean withData = true;
}
{
    <MATERIALIZED> <VIEW>
    [ LOOKAHEAD(1) <CONCURRENTLY> { concurrently = true; } ]
    name = CompoundIdentifier()
    [ <WITH> [ <NO> { withData = false; } ] <DATA> ]
    { return new Definition.RefreshMaterializedView(name, concurrently, withData); }
}

/** COMMENT ON kind name IS 'text' | NULL. */
Definition CommentOn() :
{
    final Definition.Kind kind;
    final SqlIdentifier name;
    SqlIdentifier relation = null;
    SqlNode text = null;
}
{
    <ON>
    (
        <CONSTRAINT> { kind = Definition.Kind.CONSTRAINT; }
        name = SimpleIdentifier() <ON> relation = CompoundIdentifier()
    |
        (
            <TABLE> { kind = Definition.Kind.TABLE; }
        |
            <VIEW> { kind = Definition.Kind.VIEW; }
        |
            <MATERIALIZED> <VIEW> { kind = Definition.Kind.MATERIALIZED_VIEW; }
        |
            <INDEX> { kind = Definition.Kind.INDEX; }
        |
            <SEQUENCE> { kind = Definition.Kind.SEQUENCE; }
        |
            <SCHEMA> { kind = Definition.Kind.SCHEMA; }
        |
            <COLUMN> { kind = Definition.Kind.COLUMN; }
        )
        name = CompoundIdentifier()
    )
    <IS>
    ( <NULL> | text = StringLiteral() )
    {
        return new Definition.Comment(kind, name, relation,
            text == null ? null : ((SqlLiteral) text).getValueAs(String.class));
    }
}

/** CREATE SCHEMA [IF NOT EXISTS] name. */
Definition CreateSchema() :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
}
{
    <SCHEMA>
    ifNotExists = IfNotExistsOpt()
    name = SimpleIdentifier()
    { return new Definition.CreateSchema(name, ifNotExists); }
}

/** CREATE SEQUENCE [IF NOT EXISTS] name option ... . */
Definition CreateSequence() :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
    final SequenceClause clause = new SequenceClause();
}
{
    <SEQUENCE>
    ifNotExists = IfNotExistsOpt()
    name = CompoundIdentifier()
    ( SequenceOption(clause) )*
    { return new Definition.CreateSequence(name, ifNotExists, clause); }
}

/** ALTER SEQUENCE [IF EXISTS] name RENAME TO name | option ... . */
Definition AlterSequence() :
{
    final boolean ifExists;
    final SqlIdentifier name;
    final SqlIdentifier newName;
    final Definition changed;
    final SequenceClause clause = new SequenceClause();
}
{
    <SEQUENCE>
    ifExists = IfExistsOpt()
    name = CompoundIdentifier()
    (
        <RENAME> <TO> newName = SimpleIdentifier()
        { return new Definition.Rename(Definition.Kind.SEQUENCE, name, ifExists, newName); }
    |
        changed = ChangeOwner(Definition.Kind.SEQUENCE, name, ifExists) { return changed; }
    |
        ( SequenceOption(clause) )+
        { return new Definition.AlterSequence(name, ifExists, clause); }
    )
}

void SequenceOption(SequenceClause clause) :
{
    final SqlDataTypeSpec type;
    long value;
    Long given = null;
}
{
    <AS> type = DataType() { clause.setType(type); }
|
    <INCREMENT> [ <BY> ] value = SignedLong() { clause.setIncrement(value); }
|
    <MINVALUE> value = SignedLong() { clause.setMinimum(value); }
|
    <MAXVALUE> value = SignedLong() { clause.setMaximum(value); }
|
    <START> [ <WITH> ] value = SignedLong() { clause.setStart(value); }
|
    <RESTART> [ [ <WITH> ] value = SignedLong() { given = value; } ] { clause.setRestart(given); }
|
    <CACHE> value = SignedLong() { clause.setCache(value); }
|
    <CYCLE> { clause.setCycles(true); }
|
    <NO>
    (
        <MINVALUE> { clause.setMinimum(null); }
    |
        <MAXVALUE> { clause.setMaximum(null); }
    |
        <CYCLE> { clause.setCycles(false); }
    )
}

long SignedLong() :
{
    boolean negative = false;
    final Token number;
}
{
    [ <PLUS> | <MINUS> { negative = true; } ]
    number = <UNSIGNED_INTEGER_LITERAL>
    { return TextSpan.integer(number, negative); }
}

/** DROP kind [IF EXISTS] name, ... [CASCADE | RESTRICT]. */
Definition DropStatement() :
{
    final Definition.Kind kind;
    final boolean ifExists;
    SqlIdentifier name;
    final List<SqlIdentifier> names = new ArrayList<SqlIdentifier>();
    boolean cascade = false;
    final Definition dropped;
}
{
    dropped = DropRoles() { return dropped; }
|
    dropped = DropOwned() { return dropped; }
|
    (
        <TABLE> { kind = Definition.Kind.TABLE; }
    |
        <INDEX> [ <CONCURRENTLY> ] { kind = Definition.Kind.INDEX; }
    |
        <VIEW> { kind = Definition.Kind.VIEW; }
    |
        <MATERIALIZED> <VIEW> { kind = Definition.Kind.MATERIALIZED_VIEW; }
    |
        <SEQUENCE> { kind = Definition.Kind.SEQUENCE; }
    |
        <SCHEMA> { kind = Definition.Kind.SCHEMA; }
    )
    ifExists = IfExistsOpt()
    name = CompoundIdentifier() { names.add(name); }
    ( <COMMA> name = CompoundIdentifier() { names.add(name); } )*
    [ <CASCADE> { cascade = true; } | <RESTRICT> ]
    { return new Definition.Drop(kind, ifExists, names, cascade); }
}
