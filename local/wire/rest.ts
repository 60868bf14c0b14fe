/** Finds a REST operation by method and path, and decodes what its path, query string, headers and body say. */
import { FromStringShapeDeserializer } from "@smithy/core/protocols";
import { MalformedRequest } from "./errors.ts";
import { decodeJson } from "./json.ts";
import type { WireRequest } from "./messages.ts";
import { hasBody, payloadOf, type Operation, type ServiceModel } from "../schemas/model.ts";
import type { Slot } from "../schemas/shape.ts";

interface Route {
  readonly operation: Operation;
  readonly pattern: RegExp;
  /** Names of the path's labels in their order. */
  readonly labels: readonly string[];
  /** `?tagKeys` and the like that stand in the route itself. */
  readonly fixedQuery: URLSearchParams;
}

const routesByModel = new WeakMap<ServiceModel, ReadonlyMap<string, readonly Route[]>>();

const routesOf = (model: ServiceModel): ReadonlyMap<string, readonly Route[]> => {
  const known = routesByModel.get(model);
  if (known !== undefined) return known;
  const routes = Map.groupBy(
    [...model.operations.values()].filter(({ http }) => http !== undefined).map(routeOf),
    ({ operation }) => operation.http?.method ?? "",
  );
  // Of two that match, the one with fewer labels is meant, and of these the one with more of a fixed query.
  const sorted = new Map(
    [...routes].map(([method, list]) => [
      method,
      list.toSorted(
        (one, other) =>
          one.labels.length - other.labels.length || other.fixedQuery.size - one.fixedQuery.size,
      ),
    ]),
  );
  routesByModel.set(model, sorted);
  return sorted;
};

const routeOf = (operation: Operation): Route => {
  const [path = "", query = ""] = (operation.http?.path ?? "").split("?");
  const labels: string[] = [];
  const source = path.replaceAll(/\{(\w+)(\+?)\}|[.*+^$()|[\]\\]/g, (found, name, greedy) => {
    if (typeof name !== "string") return `\\${found}`;
    labels.push(name);
    return greedy === "+" ? "(.+)" : "([^/]+)";
  });
  return {
    operation,
    pattern: new RegExp(`^${source}/?$`),
    labels,
    fixedQuery: new URLSearchParams(query),
  };
};

export interface MatchedRoute {
  readonly operation: Operation;
  /** Decoded from the path, by label. */
  readonly labels: ReadonlyMap<string, string>;
  /** Of the route itself. */
  readonly fixedQuery: URLSearchParams;
}

export const matchRoute = (model: ServiceModel, request: WireRequest): MatchedRoute | undefined => {
  for (const route of routesOf(model).get(request.method) ?? []) {
    const found = route.pattern.exec(request.path);
    const isMeant = [...route.fixedQuery].every(([key, value]) => request.query.get(key) === value);
    if (found === null || !isMeant) continue;
    const labels = route.labels.map(
      (label, index) => [label, decodeURIComponent(found[index + 1] ?? "")] as const,
    );
    const { operation, fixedQuery } = route;
    return { operation, labels: new Map(labels), fixedQuery };
  }
  return undefined;
};

/** 5: in paths and query strings times are ISO 8601. */
const leaves = new FromStringShapeDeserializer({
  timestampFormat: { useTrait: true, default: 5 },
  httpBindings: true,
});

/** @throws MalformedRequest naming the parameter */
export const decodeRest = async (
  { operation, labels, fixedQuery }: MatchedRoute,
  request: WireRequest,
): Promise<Record<string, unknown>> => {
  const input = await decodeBody(operation, request);
  const known = new Set<string>(fixedQuery.keys());
  for (const slot of operation.input.members.values()) {
    if (slot.traits.httpLabel) {
      input[slot.name] = readLeaf(slot, labels.get(slot.name) ?? "");
    } else if (slot.traits.httpQuery !== undefined) {
      known.add(slot.traits.httpQuery);
      readQuery(slot, request.query.getAll(slot.traits.httpQuery), input);
    } else if (slot.traits.httpHeader !== undefined) {
      const given = request.headers[slot.traits.httpHeader.toLowerCase()];
      if (given !== undefined) input[slot.name] = readLeaf(slot, given);
    }
  }
  refuseUnknown(request.query, known);
  return input;
};

const encoder = new TextEncoder();

const decodeBody = async (
  operation: Operation,
  { body }: WireRequest,
): Promise<Record<string, unknown>> => {
  const payload = payloadOf(operation.input);
  if (payload !== undefined) return body === "" ? {} : { [payload.name]: encoder.encode(body) };
  return hasBody(operation) ? decodeJson(body, operation, "rest") : {};
};

const readQuery = (slot: Slot, given: readonly string[], input: Record<string, unknown>): void => {
  const { item, kind } = slot.shape;
  const [first] = given;
  if (first === undefined) return;
  input[slot.name] =
    kind === "list" && item !== undefined
      ? given.map((each) => readLeaf(item, each))
      : readLeaf(slot, first);
};

const readLeaf = (slot: Slot, value: string): unknown => {
  const { kind } = slot.shape;
  const isBad =
    (kind === "number" && Number.isNaN(Number(value))) ||
    (kind === "boolean" && !/^(true|false)$/i.test(value));
  if (isBad) throw new MalformedRequest("BAD_VALUE", `The value of ${slot.name} must be a ${kind}`);
  return leaves.read(slot.schema, value);
};

const refuseUnknown = (query: URLSearchParams, known: ReadonlySet<string>): void => {
  for (const key of query.keys()) {
    if (known.has(key) || /^x-amz-/i.test(key)) continue;
    throw new MalformedRequest("UNKNOWN_PARAMETER", `The parameter ${key} is not recognized`);
  }
};
