/** What a request asks for: the verb, and the resource or path. Source: Kubernetes documentation, "API concepts", "Resource URIs". */
import { findKind, type Kind } from "./kinds.ts";

/** As all fronts hand it in; the body is parsed JSON. */
export interface KubeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

/** What authorisation judges. */
export interface Asked {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

interface ResourceRequest {
  readonly asked: Asked;
  /** Undefined where the server does not have it. */
  readonly kind: Kind | undefined;
}

export type Target =
  | ({ readonly type: "RESOURCE" } & ResourceRequest)
  | { readonly type: "PATH"; readonly verb: string; readonly path: string };

const isWatch = (query: URLSearchParams): boolean =>
  ["true", "1"].includes(query.get("watch") ?? "");

const verbOf = ({ method, query }: KubeRequest, name: string): string => {
  switch (method) {
    case "GET":
    case "HEAD":
      if (isWatch(query)) return "watch";
      return name === "" ? "list" : "get";
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return name === "" ? "deletecollection" : "delete";
    default:
      return method.toLowerCase();
  }
};

interface Located {
  readonly group: string;
  readonly rest: readonly string[];
}

const locate = (segments: readonly string[]): Located | undefined => {
  const [root, ...rest] = segments;
  if (root === "api" && rest[0] === "v1") return { group: "", rest: rest.slice(1) };
  if (root === "apis" && rest[1] === "v1") return { group: rest[0] ?? "", rest: rest.slice(2) };
  return undefined;
};

/** `namespaces/x/pods/y/status`: a namespace's own subresources are told from resources in it by their names. */
const inNamespace = ([first, namespace = "", third = ""]: readonly string[]): boolean =>
  first === "namespaces" && namespace !== "" && !["", "status", "finalize"].includes(third);

export const targetOf = (request: KubeRequest): Target => {
  const segments = request.path
    .split("/")
    .filter((segment) => segment !== "")
    .map((segment) => decodeURIComponent(segment));
  const located = locate(segments);
  if (located === undefined || located.rest.length === 0) {
    return { type: "PATH", verb: request.method.toLowerCase(), path: request.path };
  }
  const { group, rest } = located;
  const isIn = inNamespace(rest);
  const [resource = "", name = "", subresource = ""] = isIn ? rest.slice(2) : rest;
  const namespace = isIn || resource === "namespaces" ? (rest[1] ?? "") : "";
  const asked = { verb: verbOf(request, name), group, resource, subresource, namespace, name };
  return { type: "RESOURCE", asked, kind: findKind(group, resource) };
};

const asStrings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];

/** In the query or, of a deletion, in its options. */
export const isDryRun = ({ query, body }: KubeRequest): boolean => {
  const options = typeof body === "object" && body !== null ? body : {};
  const inBody = "dryRun" in options ? asStrings(options.dryRun) : [];
  return query.getAll("dryRun").includes("All") || inBody.includes("All");
};
