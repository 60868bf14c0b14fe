/**
 * How the API server refuses: a Status object with code and reason, or plain text where the real one sends it. Source: API conventions,
 * "Response Status Kind"; messages as Kubernetes 1.35 sends them (spec: tried).
 */
import { type Kind, qualifiedName } from "./kinds.ts";

interface Cause {
  readonly reason?: string;
  readonly message: string;
  /** Path of what is wrong in the object. */
  readonly field?: string;
}

interface Details {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly Cause[];
  readonly retryAfterSeconds?: number;
}

export interface Status {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: object;
  readonly status: "Success" | "Failure";
  readonly message?: string;
  readonly reason?: string;
  readonly details?: Details;
  readonly code: number;
}

/** An answer that is a refusal; a text body is sent as text/plain. */
export class KubeRefusal extends Error {
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Status | string;

  constructor(code: number, body: Status | string, headers: Readonly<Record<string, string>> = {}) {
    super(typeof body === "string" ? body : (body.message ?? "refused"));
    this.name = "KubeRefusal";
    this.code = code;
    this.body = body;
    this.headers = headers;
  }
}

/** A reason that is empty is left out, as the real server does. */
export const refuse = (
  code: number,
  reason: string,
  { message, details }: { readonly message: string; readonly details?: Details },
): KubeRefusal =>
  new KubeRefusal(
    code,
    {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      ...(reason !== "" && { reason }),
      ...(details !== undefined && { details }),
      code,
    },
    details?.retryAfterSeconds === undefined
      ? {}
      : { "retry-after": String(details.retryAfterSeconds) },
  );

const named = (
  { group, plural }: { readonly group: string; readonly plural: string },
  name: string,
): Details => ({
  name,
  ...(group !== "" && { group }),
  kind: plural,
});

export const notFound = (kind: Kind, name: string): KubeRefusal =>
  refuse(404, "NotFound", {
    message: `${qualifiedName(kind)} "${name}" not found`,
    details: named(kind, name),
  });

/** In a group that the server has. */
export const unknownResource = (): KubeRefusal =>
  refuse(404, "NotFound", {
    message: "the server could not find the requested resource",
    details: {},
  });

/** Nothing of the server is at such a path: plain text. */
export const unknownPath = (): KubeRefusal => new KubeRefusal(404, "404 page not found\n");

export const alreadyExists = (kind: Kind, name: string): KubeRefusal =>
  refuse(409, "AlreadyExists", {
    message: `${qualifiedName(kind)} "${name}" already exists`,
    details: named(kind, name),
  });

export const conflict = (
  kind: { readonly group: string; readonly plural: string },
  name: string,
  why: string,
): KubeRefusal =>
  refuse(409, "Conflict", {
    message: `Operation cannot be fulfilled on ${qualifiedName(kind)} "${name}": ${why}`,
    details: named(kind, name),
  });

export const staleVersion = (kind: Kind, name: string): KubeRefusal =>
  conflict(
    kind,
    name,
    "the object has been modified; please apply your changes to the latest version and try again",
  );

/** Here the server names the kind, not the resource. */
export const otherUid = (
  { group, kind }: Kind,
  name: string,
  { wanted, found }: { readonly wanted: string; readonly found: string },
): KubeRefusal =>
  conflict(
    { group, plural: kind },
    name,
    `the UID in the precondition (${wanted}) does not match the UID in record (${found}). The object might have been deleted and then recreated`,
  );

export const badRequest = (message: string): KubeRefusal => refuse(400, "BadRequest", { message });

/** What is wrong with a member is told by the first words of its message. Source: field errors of apimachinery. */
const causeOf = (message: string): string => {
  if (message.startsWith("Forbidden")) return "FieldValueForbidden";
  return message.startsWith("Required") ? "FieldValueRequired" : "FieldValueInvalid";
};

export const invalid = (
  { kind, group }: Kind,
  name: string,
  { field, message }: { readonly field: string; readonly message: string },
): KubeRefusal =>
  refuse(422, "Invalid", {
    message: `${kind}${group === "" ? "" : `.${group}`} "${name}" is invalid: ${field}: ${message}`,
    details: {
      ...(name !== "" && { name }),
      ...(group !== "" && { group }),
      kind,
      causes: [{ reason: causeOf(message), message, field }],
    },
  });

/** A body of another kind than the path's. */
export const otherKind = (
  given: { readonly apiVersion?: string | undefined; readonly kind: string },
  { kind, group }: { readonly kind: string; readonly group: string },
): KubeRefusal => {
  const version = (given.apiVersion ?? "").split("/").at(-1) ?? "";
  const hub = group === "" ? "core" : group.split(".")[0];
  return badRequest(
    `${given.kind} in version "${version}" cannot be handled as a ${kind}: converting (${version}.${given.kind}) to (${hub ?? ""}.${kind}): unknown conversion`,
  );
};

export const unauthorized = (): KubeRefusal =>
  refuse(401, "Unauthorized", { message: "Unauthorized" });

/** @param next with which a list can go on all the same */
export const expired = (message: string, next?: string): KubeRefusal => {
  const { code, body } = refuse(410, "Expired", { message });
  if (next === undefined || typeof body === "string") return new KubeRefusal(code, body);
  return new KubeRefusal(code, { ...body, metadata: { continue: next } });
};

export const notAllowed = (): KubeRefusal =>
  refuse(405, "MethodNotAllowed", {
    message: "the server does not allow this method on the requested resource",
    details: {},
  });

/** 429 of an eviction that its budget doesn't allow; with `retryAfterSeconds` where the budget's status is behind. */
export const budgetRefuses = (message: string, retryAfterSeconds?: number): KubeRefusal =>
  refuse(429, "TooManyRequests", {
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: {
      causes: [{ reason: "DisruptionBudget", message }],
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    },
  });

/** The server's own limit: plain text. */
export const tooManyRequests = (): KubeRefusal =>
  new KubeRefusal(429, "Too many requests, please try again later.", { "retry-after": "1" });
