package io.ppdb.relational;

import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.ReadView;
import io.ppdb.relational.access.AccessRights;
import io.ppdb.relational.access.ObjectClass;
import io.ppdb.relational.access.Privilege;
import io.ppdb.relational.access.Role;
import io.ppdb.relational.access.Role.Attribute;
import io.ppdb.relational.access.ScramVerifier;
import io.ppdb.relational.catalog.Catalog;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The gate that protocols use: who may log in, and by what. Thread-safe. */
public final class Logins {
  private final KeyValueStore store;
  private final Catalog catalog;

  Logins(KeyValueStore store, Catalog catalog) {
    this.store = store;
    this.catalog = catalog;
  }

  /**
   * By what a role shows who it is.
   *
   * @param verifier of its password; null if it has none, so that no password is right
   * @param validUntil when the password ends to be right; null for never
   * @param connectionLimit how many sessions it may have at a time; -1 for any number
   */
  public record Login(
      @Nullable ScramVerifier verifier, @Nullable Instant validUntil, int connectionLimit) {
    /** Whether {@code password} is right at {@code now}. */
    public boolean accepts(String password, Instant now) {
      ScramVerifier known = verifier;
      return known != null
          && (validUntil == null || now.isBefore(validUntil))
          && known.matches(password);
    }
  }

  /** The login of a role; empty if there is none of this name, or it may not log in. */
  public Optional<Login> find(String roleName) {
    return read(
        rights -> {
          Role role = rights.find(roleName);
          if (role == null || !role.has(Attribute.LOGIN)) {
            return Optional.<Login>empty();
          }
          String text = role.verifier();
          return Optional.of(
              new Login(
                  text == null ? null : ScramVerifier.parse(text),
                  role.validUntil(),
                  role.connectionLimit()));
        });
  }

  /** Whether some role that may log in has a password. */
  public boolean anyVerifier() {
    return read(
        rights ->
            rights.roles().stream()
                .anyMatch(role -> role.has(Attribute.LOGIN) && role.verifier() != null));
  }

  /** The id of a role that may open a session. */
  long require(String roleName) {
    return read(
        rights -> {
          Role role = rights.find(roleName);
          if (role == null) {
            throw new PpdbException(
                ErrorCode.INVALID_AUTHORIZATION, "role \"" + roleName + "\" does not exist");
          }
          if (!role.has(Attribute.LOGIN)) {
            throw new PpdbException(
                ErrorCode.INVALID_AUTHORIZATION,
                "role \"" + roleName + "\" is not permitted to log in");
          }
          if (!rights.has(
              role.id(), ObjectClass.DATABASE, ObjectClass.DATABASE_ID, Privilege.CONNECT)) {
            throw AccessRights.denied("database ppdb");
          }
          return role.id();
        });
  }

  private <T> T read(Function<AccessRights, T> question) {
    try (ReadView snapshot = store.snapshot()) {
      return question.apply(catalog.access().at(snapshot));
    }
  }
}
