package io.ppdb.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The arrows of ARCHITECTURE.md: who may import whom. */
class ArchitectureTest {
  private static final String KV = "io.ppdb.kv..";
  private static final String LSM = "io.ppdb.lsm..";
  private static final String MEMORY = "io.ppdb.kv.memory..";
  private static final String RELATIONAL = "io.ppdb.relational..";
  private static final String TIME_SERIES = "io.ppdb.timeseries..";
  private static final String GRAPH = "io.ppdb.graph..";
  private static final String DATABASE = "io.ppdb.database..";
  private static final String JDBC = "io.ppdb.jdbc..";
  private static final String SERVER = "io.ppdb.server..";
  private static final String COMMAND_LINE = "io.ppdb.server.cli..";

  private static final JavaClasses PPDB =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.ppdb");

  /** An empty package would make every rule about it hold. */
  @Test
  void everyModuleIsLookedAt() {
    for (String each :
        List.of(KV, LSM, MEMORY, RELATIONAL, TIME_SERIES, GRAPH, DATABASE, JDBC, SERVER)) {
      assertThat(PPDB.stream().filter(resideInAPackage(each))).as(each).isNotEmpty();
    }
  }

  @Test
  void kvCoreImportsTheJdkAndJspecifyOnly() {
    classes()
        .that()
        .resideInAPackage(KV)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(KV, "java..", "javax..", "jdk..", "org.jspecify.annotations..")
        .check(PPDB);
  }

  @Test
  void engineImportsKvCoreOnly() {
    importsOfPpdb(LSM, LSM, KV);
  }

  @Test
  void driverImportsNothingOfPpdb() {
    importsOfPpdb(JDBC, JDBC);
    classes()
        .that()
        .resideInAPackage(JDBC)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(JDBC, "java..", "javax..", "org.jspecify.annotations..")
        .check(PPDB);
  }

  @Test
  void modelsImportKvCoreAndNotEachOther() {
    importsOfPpdb(RELATIONAL, RELATIONAL, KV);
    importsOfPpdb(GRAPH, GRAPH, KV);
    importsOfPpdb(TIME_SERIES, TIME_SERIES, RELATIONAL, KV);
  }

  @Test
  void databaseImportsModelsAndDriver() {
    importsOfPpdb(DATABASE, DATABASE, RELATIONAL, TIME_SERIES, GRAPH, JDBC, KV);
  }

  @Test
  void nothingImportsTheServer() {
    noClasses()
        .that()
        .resideOutsideOfPackage(SERVER)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(SERVER)
        .check(PPDB);
  }

  /** But for the commands that look at an engine's files. */
  @Test
  void enginesAreFoundNotImported() {
    noClasses()
        .that()
        .resideOutsideOfPackages(LSM, MEMORY, COMMAND_LINE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(LSM, MEMORY)
        .check(PPDB);
  }

  @Test
  void calciteStaysWithSql() {
    onlyIn("org.apache.calcite..", RELATIONAL, TIME_SERIES, DATABASE);
  }

  @Test
  void tinkerPopStaysWithTheGraph() {
    onlyIn("org.apache.tinkerpop..", GRAPH, DATABASE, "io.ppdb.server.gremlin..");
  }

  @Test
  void commandLineLibraryStaysWithTheCommandLine() {
    onlyIn("picocli..", COMMAND_LINE);
  }

  private static void importsOfPpdb(String from, String... allowed) {
    noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat(resideInAPackage("io.ppdb..").and(resideOutsideOfPackages(allowed)))
        .check(PPDB);
  }

  /** A rule about a library is only worth something while somebody uses it. */
  private static void onlyIn(String library, String... packages) {
    assertThat(PPDB.stream().filter(resideInAnyPackage(packages)))
        .as("users of %s", library)
        .anyMatch(
            user ->
                user.getDirectDependenciesFromSelf().stream()
                    .map(Dependency::getTargetClass)
                    .anyMatch(resideInAPackage(library)));
    noClasses()
        .that()
        .resideOutsideOfPackages(packages)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(PPDB);
  }
}
