package io.ppdb.relational.statistics;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.codec.KeyReader;
import io.ppdb.kv.codec.KeyType;
import io.ppdb.kv.codec.KeyWriter;
import io.ppdb.relational.statistics.ColumnStatistics.CommonValue;
import io.ppdb.relational.statistics.TableStatistics.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Statistics as bytes: a tuple in the encoding of keys. {@code docs/format/catalog.md} lists its
 * elements.
 */
public final class StatisticsCodec {
  private static final long FORMAT = 1;

  private StatisticsCodec() {}

  /** Writes {@code statistics}, which are known by {@code version}. */
  public static byte[] encode(long version, TableStatistics statistics) {
    KeyWriter writer = new KeyWriter();
    writer.addLong(FORMAT).addLong(version).addDouble(statistics.rowCount()).beginTuple();
    new TreeMap<>(statistics.columns()).forEach((name, column) -> encode(writer, name, column));
    writer.endTuple().beginTuple();
    new TreeMap<>(statistics.keys())
        .forEach(
            (number, counts) -> {
              writer.addLong(number).beginTuple();
              counts.forEach(writer::addDouble);
              writer.endTuple();
            });
    return writer.endTuple().toByteArray();
  }

  private static void encode(KeyWriter writer, String name, Column column) {
    ColumnStatistics values = column.values();
    writer.beginTuple().addString(name).addString(column.type());
    writer.addDouble(values.nullFraction()).addDouble(values.distinctCount()).beginTuple();
    for (CommonValue common : values.common()) {
      writer.addBytes(common.value().bytes()).addDouble(common.fraction());
    }
    writer.endTuple().beginTuple();
    for (SampleValue bound : values.bounds()) {
      writer.addBytes(bound.bytes());
    }
    writer.endTuple().endTuple();
  }

  /** The version in what {@link #encode} wrote. */
  public static long version(byte[] bytes) {
    return header(bytes).readLong();
  }

  public static TableStatistics decode(byte[] bytes) {
    KeyReader reader = header(bytes);
    reader.skip();
    double rowCount = reader.readDouble();
    Map<String, Column> columns = new LinkedHashMap<>();
    reader.beginTuple();
    while (hasElement(reader)) {
      decodeColumn(reader, columns);
    }
    reader.endTuple().beginTuple();
    Map<Integer, List<Double>> keys = new LinkedHashMap<>();
    while (hasElement(reader)) {
      int number = Math.toIntExact(reader.readLong());
      List<Double> counts = new ArrayList<>();
      reader.beginTuple();
      while (hasElement(reader)) {
        counts.add(reader.readDouble());
      }
      reader.endTuple();
      keys.put(number, counts);
    }
    reader.endTuple().expectEnd();
    return new TableStatistics(rowCount, columns, keys);
  }

  private static void decodeColumn(KeyReader reader, Map<String, Column> columns) {
    reader.beginTuple();
    String name = reader.readString();
    String type = reader.readString();
    double nullFraction = reader.readDouble();
    double distinctCount = reader.readDouble();
    List<CommonValue> common = new ArrayList<>();
    reader.beginTuple();
    while (hasElement(reader)) {
      common.add(new CommonValue(SampleValue.of(reader.readBytes()), reader.readDouble()));
    }
    reader.endTuple().beginTuple();
    List<SampleValue> bounds = new ArrayList<>();
    while (hasElement(reader)) {
      bounds.add(SampleValue.of(reader.readBytes()));
    }
    reader.endTuple().endTuple();
    columns.put(
        name, new Column(type, new ColumnStatistics(nullFraction, distinctCount, common, bounds)));
  }

  private static KeyReader header(byte[] bytes) {
    KeyReader reader = new KeyReader(bytes);
    long format = reader.readLong();
    if (format != FORMAT) {
      throw new PpdbException(
          ErrorCode.FORMAT_NOT_SUPPORTED,
          "statistics of format " + format + "; this version reads format " + FORMAT);
    }
    return reader;
  }

  private static boolean hasElement(KeyReader reader) {
    return reader.peekType() != KeyType.END;
  }
}
