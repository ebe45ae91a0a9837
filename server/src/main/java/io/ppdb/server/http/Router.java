package io.ppdb.server.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the handler of a request: a trie of the segments of paths, in which {@code {name}} takes
 * any one segment. Filled first, then shared by threads.
 */
public final class Router {
  /** Who may ask. */
  public enum Access {
    /** Everybody, without a name. */
    OPEN,
    /** Whoever the gate lets in. */
    AUTHENTICATED
  }

  /**
   * What a request goes to.
   *
   * @param parameters what stands for the names in the route, decoded
   */
  record Match(HttpHandler handler, Access access, Map<String, String> parameters) {}

  private record Target(HttpHandler handler, Access access, List<String> names) {}

  private static final class Node {
    final Map<String, Node> literals = new HashMap<>();
    @Nullable Node parameter;
    final Map<HttpMethod, Target> targets = new TreeMap<>();
  }

  private final Node root = new Node();

  /**
   * Adds a route.
   *
   * @param path such as {@code /v1/kv/{namespace}/{key}}
   */
  public void add(HttpMethod method, String path, Access access, HttpHandler handler) {
    Node node = root;
    List<String> names = new ArrayList<>();
    for (String segment : segments(path)) {
      if (segment.startsWith("{")) {
        names.add(segment.substring(1, segment.length() - 1));
        Node next = node.parameter;
        if (next == null) {
          next = new Node();
          node.parameter = next;
        }
        node = next;
      } else {
        node = node.literals.computeIfAbsent(segment, each -> new Node());
      }
    }
    if (node.targets.put(method, new Target(handler, access, List.copyOf(names))) != null) {
      throw new IllegalArgumentException("two routes are " + method + " " + path);
    }
  }

  /**
   * The handler of a request.
   *
   * @param path not decoded yet
   * @throws HttpProblem 404 if there is no such path, 405 if it knows other methods only
   */
  Match find(HttpMethod method, String path) throws HttpProblem {
    List<String> segments = segments(path);
    List<String> values = new ArrayList<>();
    Node node = find(root, segments, 0, values);
    if (node == null) {
      throw new HttpProblem(HttpResponseStatus.NOT_FOUND, "there is nothing at " + path);
    }
    Target target = node.targets.get(method);
    if (target == null && method.equals(HttpMethod.HEAD)) {
      target = node.targets.get(HttpMethod.GET);
    }
    if (target == null) {
      String allowed =
          String.join(", ", node.targets.keySet().stream().map(HttpMethod::name).toList());
      throw new HttpProblem(
              HttpResponseStatus.METHOD_NOT_ALLOWED, method + " " + path + ": expected " + allowed)
          .with("Allow", allowed);
    }
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < values.size(); i++) {
      parameters.put(target.names().get(i), UrlText.decode(values.get(i)));
    }
    return new Match(target.handler(), target.access(), parameters);
  }

  private static @Nullable Node find(
      Node node, List<String> segments, int index, List<String> values) {
    if (index == segments.size()) {
      return node.targets.isEmpty() ? null : node;
    }
    Node literal = node.literals.get(segments.get(index));
    if (literal != null) {
      Node found = find(literal, segments, index + 1, values);
      if (found != null) {
        return found;
      }
    }
    Node parameter = node.parameter;
    if (parameter == null || segments.get(index).isEmpty()) {
      return null;
    }
    values.add(segments.get(index));
    Node found = find(parameter, segments, index + 1, values);
    if (found == null) {
      values.remove(values.size() - 1);
    }
    return found;
  }

  private static List<String> segments(String path) {
    return List.of(path.substring(1).split("/", -1));
  }
}
