package io.ppdb.kv.contract;

import io.ppdb.kv.Durability;
import io.ppdb.kv.ErrorCode;
import io.ppdb.kv.Isolation;
import io.ppdb.kv.KeyValueStore;
import io.ppdb.kv.PpdbException;
import io.ppdb.kv.Transaction;
import io.ppdb.kv.TransactionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Runs the clients of a {@link Workload} and gives what is wrong afterwards. */
public final class Workloads {
  /** The workloads there are. */
  public enum Kind {
    /** Transfers, and audits that must always find the same total. */
    BANK,
    /** Besides, two accounts may never be overdrawn together: a write skew would. */
    BANK_SERIALIZABLE,
    /** Lists that are appended to: no cycle but of two or more anti-dependencies. */
    LIST_APPEND,
    /** No cycle at all. */
    LIST_APPEND_SERIALIZABLE,
    /** Snapshot isolation judged as if it were serializable: proves that cycles are found. */
    LIST_APPEND_JUDGED_TOO_STRICTLY,
    /** Children that guard their parents, against deletions. */
    FOREIGN_KEYS,
    /** Writers that require the schema unchanged, against schema changes. */
    SCHEMA_EPOCHS;

    private Workload create() {
      return switch (this) {
        case BANK -> new BankWorkload(Isolation.SNAPSHOT);
        case BANK_SERIALIZABLE -> new BankWorkload(Isolation.SERIALIZABLE);
        case LIST_APPEND -> new ListAppendWorkload(Isolation.SNAPSHOT, Isolation.SNAPSHOT);
        case LIST_APPEND_SERIALIZABLE ->
            new ListAppendWorkload(Isolation.SERIALIZABLE, Isolation.SERIALIZABLE);
        case LIST_APPEND_JUDGED_TOO_STRICTLY ->
            new ListAppendWorkload(Isolation.SNAPSHOT, Isolation.SERIALIZABLE);
        case FOREIGN_KEYS -> new ForeignKeyWorkload();
        case SCHEMA_EPOCHS -> new SchemaEpochWorkload();
      };
    }
  }

  private Workloads() {}

  /** One thread, clients taken in turn at random: the same seed gives the same history. */
  public static List<String> interleaved(
      KeyValueStore store, Kind kind, long seed, int clientCount, int stepCount) {
    Workload workload = setUp(store, kind);
    Random random = new Random(seed);
    List<Client> clients = clients(store, workload, seed, clientCount);
    for (int i = 0; i < stepCount; i++) {
      clients.get(random.nextInt(clientCount)).step();
    }
    clients.forEach(Client::finish);
    return workload.violations();
  }

  /** A thread for every client. */
  public static List<String> threaded(
      KeyValueStore store, Kind kind, long seed, int clientCount, int stepsPerClient) {
    Workload workload = setUp(store, kind);
    List<Runnable> tasks = new ArrayList<>();
    for (Client client : clients(store, workload, seed, clientCount)) {
      tasks.add(
          () -> {
            for (int i = 0; i < stepsPerClient; i++) {
              client.step();
            }
            client.finish();
          });
    }
    Histories.inThreads(seed, tasks);
    return workload.violations();
  }

  private static Workload setUp(KeyValueStore store, Kind kind) {
    Histories.setPolicies(store, Histories.MAX_HISTORY_MILLIS);
    Workload workload = kind.create();
    workload.setUp(store);
    return workload;
  }

  private static List<Client> clients(
      KeyValueStore store, Workload workload, long seed, int count) {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(new Client(store, workload, new Random(seed * 31 + i)));
    }
    return clients;
  }

  /** Runs one plan after the other; a step at a time. */
  private static final class Client {
    private final KeyValueStore store;
    private final Workload workload;
    private final Random random;
    private Workload.@Nullable Plan plan;
    private @Nullable Transaction transaction;
    private int done;

    Client(KeyValueStore store, Workload workload, Random random) {
      this.store = store;
      this.workload = workload;
      this.random = random;
    }

    void step() {
      Workload.Plan current = plan;
      Transaction open = transaction;
      if (current == null || open == null) {
        begin(workload.plan(random));
        return;
      }
      try {
        if (done < current.steps().size()) {
          current.steps().get(done++).accept(open);
        } else {
          current.committed().accept(open.commit());
          end(open);
        }
      } catch (PpdbException e) {
        if (e.code() != ErrorCode.CONFLICT) {
          throw e;
        }
        end(open);
      }
    }

    private void begin(Workload.Plan next) {
      boolean serializable = store.properties().serializable();
      plan = next;
      done = 0;
      transaction =
          store.begin(
              TransactionOptions.DEFAULT
                  .withDurability(Durability.ASYNC)
                  .withIsolation(serializable ? next.isolation() : Isolation.SNAPSHOT));
    }

    private void end(Transaction open) {
      open.close();
      transaction = null;
    }

    /** Gives up what is under way. */
    void finish() {
      if (transaction != null) {
        end(transaction);
      }
    }
  }
}
