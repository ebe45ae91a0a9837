package io.ppdb.server.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table of the demo and the file it is filled from; the file's header names the columns.
 *
 * @param name the table's name
 * @param ddl the statement that makes it
 * @param columns the types of the file's columns, in order
 */
record DemoTable(String name, String ddl, List<ColumnKind> columns) {
  /** How the text of a field becomes a value. */
  enum ColumnKind {
    TEXT {
      @Override
      Object parse(String text) {
        return text;
      }
    },
    INTEGER {
      @Override
      Object parse(String text) {
        return Integer.valueOf(text);
      }
    },
    DOUBLE {
      @Override
      Object parse(String text) {
        return Double.valueOf(text);
      }
    },
    /** A local time; the sources label it as UTC, which it is not. */
    TIMESTAMP {
      @Override
      Object parse(String text) {
        return text.length() == "2012-01-01".length()
            ? LocalDate.parse(text).atStartOfDay()
            : LocalDateTime.parse(text.endsWith("Z") ? text.substring(0, text.length() - 1) : text);
      }
    };

    abstract Object parse(String text);
  }

  static final DemoTable COUNTRIES =
      new DemoTable(
          "countries",
          """
          CREATE TABLE countries (code VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, continent VARCHAR)
          """,
          List.of(ColumnKind.TEXT, ColumnKind.TEXT, ColumnKind.TEXT));

  static final DemoTable AIRPORTS =
      new DemoTable(
          "airports",
          """
          CREATE TABLE airports (id INTEGER PRIMARY KEY, code VARCHAR NOT NULL UNIQUE, icao VARCHAR,
            "desc" VARCHAR, city VARCHAR, region VARCHAR, country VARCHAR, runways INTEGER,
            longest INTEGER, elev INTEGER, lat DOUBLE PRECISION, lon DOUBLE PRECISION)
          """,
          List.of(
              ColumnKind.INTEGER,
              ColumnKind.TEXT,
              ColumnKind.TEXT,
              ColumnKind.TEXT,
              ColumnKind.TEXT,
              ColumnKind.TEXT,
              ColumnKind.TEXT,
              ColumnKind.INTEGER,
              ColumnKind.INTEGER,
              ColumnKind.INTEGER,
              ColumnKind.DOUBLE,
              ColumnKind.DOUBLE));

  static final DemoTable FLIGHTS =
      new DemoTable(
          "flights",
          """
          CREATE TABLE flights (departed_at TIMESTAMP NOT NULL, origin VARCHAR, destination VARCHAR,
            delay INTEGER, distance INTEGER)
            WITH (kind = 'timeseries', timestamp = 'departed_at', tags = 'origin,destination')
          """,
          List.of(
              ColumnKind.TIMESTAMP,
              ColumnKind.TEXT,
              ColumnKind.TEXT,
              ColumnKind.INTEGER,
              ColumnKind.INTEGER));

  static final DemoTable WEATHER =
      new DemoTable(
          "weather",
          """
          CREATE TABLE weather (day TIMESTAMP NOT NULL, airport VARCHAR,
            precipitation DOUBLE PRECISION, temp_max DOUBLE PRECISION, temp_min DOUBLE PRECISION,
            wind DOUBLE PRECISION, weather VARCHAR)
            WITH (kind = 'timeseries', timestamp = 'day', tags = 'airport')
          """,
          List.of(
              ColumnKind.TIMESTAMP,
              ColumnKind.TEXT,
              ColumnKind.DOUBLE,
              ColumnKind.DOUBLE,
              ColumnKind.DOUBLE,
              ColumnKind.DOUBLE,
              ColumnKind.TEXT));

  static final List<DemoTable> ALL = List.of(COUNTRIES, AIRPORTS, FLIGHTS, WEATHER);

  /** Opens file {@code name.csv} of the sample data. */
  static CsvReader open(String name) {
    String file = "data/" + name + ".csv";
    InputStream in = DemoTable.class.getResourceAsStream(file);
    if (in == null) {
      throw new UncheckedIOException(
          new IOException("the sample data " + file + " are not in this build"));
    }
    return new CsvReader(
        file, new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
  }

  /** The values of one record of the file. */
  @Nullable Object[] parse(List<@Nullable String> fields, int line) throws IOException {
    if (fields.size() != columns.size()) {
      throw new IOException(
          name
              + ".csv, line "
              + line
              + ": "
              + fields.size()
              + " fields, expected "
              + columns.size());
    }
    @Nullable Object[] values = new @Nullable Object[fields.size()];
    for (int i = 0; i < values.length; i++) {
      String field = fields.get(i);
      values[i] = field == null ? null : columns.get(i).parse(field);
    }
    return values;
  }
}
