/** Translates what the API, API Gateway or something else in between answers into a sentence, a next step and an exit code. */
import type { Exit } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { printable } from "../printable.ts";

/** RFC 9457, as the API writes it; each member may be missing in an answer of something else. */
interface Problem {
  readonly type?: unknown;
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly evaluation_id?: unknown;
}

export interface ApiAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Where the next rows of a table are. */
  readonly link: string | null;
  readonly text: string;
  /** `GET /api/v1/accounts`, for sentences. */
  readonly request: string;
  /** Without query. */
  readonly pathname: string;
}

const exitsOfStatus: ReadonlyMap<number, Exit> = new Map<number, Exit>([
  [400, "USAGE"],
  [401, "DENIED"],
  [403, "DENIED"],
  [404, "NOT_FOUND"],
  [415, "USAGE"],
  [422, "USAGE"],
  [429, "UNREACHABLE"],
  [500, "BUG"],
  [503, "UNREACHABLE"],
  [504, "UNREACHABLE"],
]);

/** 422 that are not about how something was typed. */
const refusals: readonly string[] = ["mode-not-available", "not-replayable"];

const exitOf = (status: number, kind: string): Exit =>
  refusals.includes(kind) ? "REFUSED" : (exitsOfStatus.get(status) ?? "REFUSED");

/** The list in which to look for what is not there, by the first part of the path. */
const listOfNoun: Readonly<Record<string, string>> = {
  accounts: "spot accounts list",
  approvals: "spot approvals list",
  evaluations: "spot evaluations list",
  lab: "spot targets list",
  models: "spot models list",
  waste: "spot waste list",
};

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? printable(value) : undefined;

const nextOfKind: Readonly<Record<string, (evaluationId: string | undefined) => string>> = {
  "evaluation-running": (id) =>
    id === undefined ? "spot evaluations list" : `spot show ${id} --watch`,
  "evaluation-unfinished": (id) =>
    `spot evaluations resume, roll-back or adopt ${id ?? "EVALUATION"}`,
  "kill-switch-engaged": () => "spot kill-switch off",
  "try-again": () => "the same command in a few seconds",
  "request-in-progress": () => "the same command in a few seconds",
  "internal-error": () => "look into the log of the API",
  "caller-unknown": () => "give --profile, or aws configure",
};

const nounOf = (pathname: string): string => /\/api\/v1\/([a-z-]+)/.exec(pathname)?.[1] ?? "";

const nextOf = (kind: string, status: number, answer: Problem & ApiAnswer): string | undefined => {
  const known = nextOfKind[kind]?.(textOf(answer.evaluation_id));
  if (known !== undefined) return known;
  const [, evaluationId] = /\/evaluations\/(evl-[0-9a-z]+)\//.exec(answer.pathname) ?? [];
  if (status === 409 && evaluationId !== undefined) return `spot show ${evaluationId}`;
  if (status === 409 && answer.pathname.endsWith("/accounts")) return listOfNoun["accounts"];
  if (status !== 404) return undefined;
  return /\/lab\/instances\/i-/.test(answer.pathname)
    ? "spot targets list, or spot evaluations list: a switch gives a target another instance"
    : listOfNoun[nounOf(answer.pathname)];
};

const failureOfProblem = (problem: Problem, answer: ApiAnswer): Failure => {
  const kind = textOf(problem.type)?.split(":").at(-1) ?? "";
  const sentence = textOf(problem.detail) ?? textOf(problem.title) ?? `${answer.request} failed`;
  const next = nextOf(kind, answer.status, { ...problem, ...answer });
  return new Failure(exitOf(answer.status, kind), sentence, {
    ...(next !== undefined && { next }),
    document: { ...problem },
  });
};

/** What API Gateway says before the API is asked: who is missing, or what he may not do. */
const failureOfGateway = (message: string, { status, request }: ApiAnswer): Failure => {
  const exit = exitsOfStatus.get(status) ?? "UNREACHABLE";
  const isDenied = exit === "DENIED";
  return new Failure(
    exit === "BUG" ? "UNREACHABLE" : exit,
    isDenied
      ? `${request} is denied: ${message}`
      : `${request} was answered ${String(status)}: ${message}`,
    {
      next: isDenied
        ? "give --profile with a role that has execute-api:Invoke"
        : "the same command in a few seconds",
    },
  );
};

export const isJson = (contentType: string): boolean =>
  /^application\/(?:[a-z.+-]*\+)?json\b/i.test(contentType);

/** Undefined: it is not a JSON object. */
const objectOf = ({
  contentType,
  text,
}: ApiAnswer): Readonly<Record<string, unknown>> | undefined => {
  if (!isJson(contentType)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** Something answers that is not the API: another server on the port, or a page of a proxy. */
export const strangeAnswer = ({ request, status }: ApiAnswer): Failure =>
  new Failure(
    "UNREACHABLE",
    `${request} was answered ${String(status)}, and not by the control API`,
    {
      next: "spot health --url with the address of the API",
    },
  );

/** Of an answer that is not a success. Undefined: it is a document of the API all the same, as that of an unhealthy one. */
export const failureOf = (answer: ApiAnswer): Failure | undefined => {
  const body = objectOf(answer);
  if (body === undefined) return strangeAnswer(answer);
  if (answer.contentType.startsWith("application/problem+json"))
    return failureOfProblem(body, answer);
  const message = textOf(body["message"]) ?? textOf(body["Message"]);
  return message === undefined ? undefined : failureOfGateway(message, answer);
};
