package io.ppdb.database.session;

/** {@link JdbcMetadataTest} over the network. */
class RemoteJdbcMetadataTest extends JdbcMetadataTest {
  /** The protocol does not tell where a column comes from. */
  @Override
  String schemaOfOrigin(String schema) {
    return "";
  }
}
