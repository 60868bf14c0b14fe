/** What went wrong with a request, as a sentence that stands above what was read before. */

export interface Problem {
  /** A sentence. */
  readonly detail: string;
  /** HTTP status; 0: nothing answered. */
  readonly status: number;
  /** Last part of the problem's type: `evaluation-running`. Empty: not a problem document. */
  readonly kind: string;
}

/** Thrown by every request that does not succeed. */
export class RequestFailed extends Error {
  override readonly name = "RequestFailed";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/** RFC 9457; each member may be missing where something else has answered. */
interface ProblemDocument {
  readonly type?: unknown;
  readonly title?: unknown;
  readonly detail?: unknown;
  /** Of API Gateway. */
  readonly message?: unknown;
}

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

const documentOf = (text: string): ProblemDocument => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch (error) {
    // A page of a proxy: its status is told instead.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
};

/** @param body what was answered, whatever it is */
export const problemOf = (status: number, body: string): Problem => {
  const { type, title, detail, message } = documentOf(body);
  const said = textOf(detail) ?? textOf(message) ?? textOf(title);
  return {
    status,
    kind: textOf(type)?.split(":").at(-1) ?? "",
    detail: said ?? `The API answered ${String(status)}.`,
  };
};

const unreachable: Problem = {
  status: 0,
  kind: "",
  detail: "The API does not answer.",
};

/** @throws what is not a failed request: a defect of the page */
export const failureOf = (error: unknown): Problem => {
  if (error instanceof RequestFailed) return error.problem;
  // What fetch throws where nothing answers.
  if (error instanceof TypeError) return unreachable;
  throw error;
};
