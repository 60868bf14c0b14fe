/** RFC 9457 problem documents: what went wrong, at which field, and what to do. */
import * as z from "zod";
import { familyOf, SpotOptimizerError } from "../../core/errors.ts";
import { evaluationHolding } from "../../core/model/lease-holder.ts";

export interface FieldFault {
  /** Dotted path in the body, or the name of a query, path or header parameter. */
  readonly field: string;
  readonly message: string;
}

const problemKinds = {
  "invalid-parameter": { status: 400, title: "A parameter of the request is not valid" },
  "malformed-json": { status: 400, title: "The body is not JSON" },
  "caller-unknown": { status: 403, title: "The caller is not known" },
  "not-an-approver": { status: 403, title: "The caller may not approve here" },
  "own-request": { status: 403, title: "Nobody approves what he has asked for himself" },
  "not-found": { status: 404, title: "There is no such thing" },
  "method-not-allowed": { status: 405, title: "The path does not take this method" },
  conflict: { status: 409, title: "The request does not fit the present state" },
  "evaluation-running": { status: 409, title: "An evaluation of this target is running" },
  "evaluation-unfinished": {
    status: 409,
    title: "An earlier evaluation has left open what it had begun",
  },
  "approved-before": { status: 409, title: "The same person has approved it before" },
  "not-restoring": { status: 409, title: "It does not bring a load back" },
  "approval-settled": { status: 409, title: "It is decided already" },
  "approval-expired": { status: 409, title: "The hours of the approval are over" },
  "approval-void": { status: 409, title: "The approval is void since the table was restored" },
  "bounds-changed": { status: 409, title: "Something else is asked for by now" },
  "kill-switch-engaged": { status: 409, title: "A kill switch is thrown" },
  "request-in-progress": { status: 409, title: "The same request is being worked on" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "The body has the wrong content type" },
  "invalid-body": { status: 422, title: "The body is not valid" },
  "idempotency-key-reused": { status: 422, title: "The Idempotency-Key was used differently" },
  "mode-not-available": { status: 422, title: "The pipeline mode is not available" },
  "not-replayable": { status: 422, title: "The evaluation holds no facts to replay" },
  "internal-error": { status: 500, title: "The request failed inside the product" },
  "refused-by-aws": { status: 502, title: "AWS refused a call" },
  "try-again": { status: 503, title: "AWS or the state table did not answer" },
} as const;
export type ProblemKind = keyof typeof problemKinds;

export const problemKindSchema = z.enum(Object.keys(problemKinds) as ProblemKind[]);

export interface ProblemParts {
  readonly errors?: readonly FieldFault[];
  /** Extension member: the evaluation that stands in the way. */
  readonly evaluationId?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by a route, rendered by the app. `message` is the problem's detail. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly kind: ProblemKind;
  readonly parts: ProblemParts;

  constructor(kind: ProblemKind, detail: string, parts: ProblemParts = {}) {
    super(detail);
    this.kind = kind;
    this.parts = parts;
  }

  get status(): number {
    return problemKinds[this.kind].status;
  }
}

/** 409: somebody works on the target, as its lease names him. Told by id where it is an evaluation. */
export const heldProblem = (detail: string, holder: string): ApiProblem => {
  const evaluationId = evaluationHolding(holder);
  return new ApiProblem(
    "evaluation-running",
    detail,
    evaluationId === undefined ? {} : { evaluationId },
  );
};

const typePrefix = "urn:spot-optimizer:problem:";

export const problemMediaType = "application/problem+json";

export const problemResponse = (problem: ApiProblem, path: string): Response => {
  const { status, title } = problemKinds[problem.kind];
  const document = {
    type: `${typePrefix}${problem.kind}`,
    title,
    status,
    detail: problem.message,
    instance: path,
    ...(problem.parts.errors === undefined ? {} : { errors: problem.parts.errors }),
    ...(problem.parts.evaluationId === undefined
      ? {}
      : { evaluation_id: problem.parts.evaluationId }),
  };
  return new Response(JSON.stringify(document), {
    status,
    headers: { "content-type": problemMediaType, ...problem.parts.headers },
  });
};

const documentSchema = z.object({
  type: z
    .string()
    .startsWith(typePrefix)
    .transform((type) => type.slice(typePrefix.length))
    .pipe(problemKindSchema),
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).exactOptional(),
  evaluation_id: z.string().exactOptional(),
});

/** The problem that a document tells which the API itself has written. */
export const problemFrom = (document: unknown): ApiProblem => {
  const { type, detail, errors, evaluation_id: evaluationId } = documentSchema.parse(document);
  return new ApiProblem(type, detail, {
    ...(errors !== undefined && { errors }),
    ...(evaluationId !== undefined && { evaluationId }),
  });
};

const dotted = (path: readonly PropertyKey[]): string => path.map(String).join(".");

/** Says more than that the value is of another kind. */
const isTelling = ({ path, code }: z.core.$ZodIssue): boolean =>
  path.length > 0 || code === "custom" || code === "invalid_format";

/** Of several forms the one that was meant: that with the fewest faults that say why. */
const meantForm = (
  forms: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] => {
  const [nearest] = forms
    .filter((issues) => issues.some(isTelling))
    .toSorted((one, other) => one.length - other.length);
  return nearest ?? [];
};

/** One fault per field: an unknown key is named itself, not the object that holds it. */
const faultsOfIssue = (issue: z.core.$ZodIssue): readonly FieldFault[] => {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      field: dotted([...issue.path, key]),
      message: "is not a field of this request",
    }));
  }
  const meant = issue.code === "invalid_union" ? meantForm(issue.errors) : [];
  return meant.length === 0
    ? [{ field: dotted(issue.path), message: issue.message }]
    : meant.flatMap((inner) => faultsOfIssue({ ...inner, path: [...issue.path, ...inner.path] }));
};

/** What is said of the body as a whole counts only when no field of it is at fault. */
export const faultsOf = (error: z.core.$ZodError): readonly FieldFault[] => {
  const faults = error.issues.flatMap(faultsOfIssue);
  const ofFields = faults.filter((fault) => fault.field !== "");
  return ofFields.length === 0 ? faults : ofFields;
};

const sentenceOf = (faults: readonly FieldFault[]): string =>
  faults
    .map((fault) => (fault.field === "" ? fault.message : `${fault.field}: ${fault.message}`))
    .join("; ");

/** @param where where the parsed value stood: bodies are 422, everything else of the request 400. */
export const invalid = (where: "body" | "parameter", faults: readonly FieldFault[]): ApiProblem =>
  new ApiProblem(where === "body" ? "invalid-body" : "invalid-parameter", sentenceOf(faults), {
    errors: faults,
  });

const kindOfError = (error: SpotOptimizerError): ProblemKind => {
  if (familyOf(error) === "Retryable") return "try-again";
  if (error.name === "BrokenPermission" || error.name === "BrokenQuota") return "refused-by-aws";
  if (error.name === "BrokenNotFound") return "not-found";
  if (error.name === "BrokenModel") return "conflict";
  return "internal-error";
};

/** What the store says of a cursor that it never gave out, or of a bound of a list. */
const isBadPaging = (error: unknown): error is SpotOptimizerError & { readonly resource: string } =>
  error instanceof SpotOptimizerError &&
  error.name === "BrokenInput" &&
  ["cursor", "limit", "from", "to"].includes(error.resource ?? "");

/** Seconds after which a throttled or unavailable service is worth another try. */
const retryAfterSeconds = "2";

/**
 * Any thrown value as a problem. Our own errors carry sentences meant for operators; of an unknown one nothing
 * is shown, because nobody has looked at what it may contain: it is in the log.
 */
export const problemOf = (error: unknown): ApiProblem => {
  if (error instanceof ApiProblem) return error;
  if (isBadPaging(error)) {
    return invalid("parameter", [{ field: error.resource, message: error.message }]);
  }
  if (!(error instanceof SpotOptimizerError)) {
    return new ApiProblem(
      "internal-error",
      "An unknown error. The log of the API has it, under the time of this request.",
    );
  }
  const kind = kindOfError(error);
  return new ApiProblem(
    kind,
    error.message,
    kind === "try-again" ? { headers: { "retry-after": retryAfterSeconds } } : {},
  );
};
