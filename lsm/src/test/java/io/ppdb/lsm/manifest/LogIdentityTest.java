package io.ppdb.lsm.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.ppdb.lsm.format.ByteReader;
import io.ppdb.lsm.format.ByteWriter;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Fields 24 and 25 of an edit, byte by byte as in {@code docs/format/manifest.md}. */
class LogIdentityTest {
  private static final UUID LOG = UUID.fromString("6fa1b2c3-d4e5-4607-9819-2a3b4c5d6e7f");
  private static final String ID = "6fa1b2c3d4e5460798192a3b4c5d6e7f";

  @Test
  void anIdentityHasTheBytesOfItsText() {
    check(new ManifestEdit().logId(LOG), "18" + ID);
    ManifestState state = new ManifestState().after(read("18" + ID));
    assertThat(state.logId()).isEqualTo(LOG);
    assertThat(state.checkpointOf()).isNull();
    assertThat(hex(state.snapshot())).endsWith("18" + ID);
  }

  @Test
  void aCheckpointSaysWhichCommitsItHas() {
    LogPosition position = new LogPosition(LOG, 300);
    check(new ManifestEdit().checkpointOf(position), "19" + ID + "ac02");
    ManifestState state = new ManifestState().after(read("19" + ID + "ac02"));
    assertThat(state.checkpointOf()).isEqualTo(position);
    assertThat(state.logId()).isNull();
    assertThat(hex(state.snapshot())).endsWith("19" + ID + "ac02");
  }

  @Test
  void aStoreWithALogIsNoCheckpoint() {
    ManifestState state = new ManifestState().after(read("19" + ID + "ac02"));
    state = state.after(read("18" + ID));
    assertThat(state.checkpointOf()).isNull();
    assertThat(state.logId()).isEqualTo(LOG);
  }

  private static void check(ManifestEdit edit, String expected) {
    assertThat(hex(edit)).isEqualTo(expected);
  }

  private static String hex(ManifestEdit edit) {
    ByteWriter writer = new ByteWriter(64);
    edit.write(writer);
    return HexFormat.of().formatHex(writer.toByteArray());
  }

  private static ManifestEdit read(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    return ManifestEdit.read(new ByteReader(Path.of("MANIFEST"), 0, bytes, 0, bytes.length));
  }
}
