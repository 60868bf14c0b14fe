/** Sends requests to the API, and gives back only what the API itself has answered; anything else is a Failure with its next step. */
import { changesNothing, dryRunOf, Tried } from "../dry-run.ts";
import { Failure } from "../failure.ts";
import type { Globals } from "../globals.ts";
import { printableLines, printableValue } from "../printable.ts";
import type { Surroundings } from "../surroundings.ts";
import type { ApiAddress } from "./address.ts";
import { failureOf, isJson, strangeAnswer, type ApiAnswer } from "./problems.ts";
import type { components } from "./schema.ts";

export interface Transport {
  readonly address: ApiAddress;
  readonly globals: Pick<Globals, "json" | "profile" | "region" | "dryRun" | "as">;
  readonly surroundings: Surroundings;
}

/** API Gateway answers after 29 seconds at the latest; on a busy laptop a verification may take longer. */
const patienceMs = 60_000;

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${String(patienceMs / 1000)} s`;
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  // Of several addresses of a name that were tried, each has its own reason and the whole has a code only.
  return cause.message || ("code" in cause ? String(cause.code) : cause.name);
};

const unreachable = ({ url, isDeployed }: ApiAddress, error: unknown): Failure =>
  new Failure("UNREACHABLE", `The API at ${url} does not answer (${reasonOf(error)})`, {
    next: isDeployed ? "check --url and the network" : "npm start, in another terminal",
  });

const stopped = (): Failure =>
  new Failure("INTERRUPTED", "Stopped by Ctrl-C", { next: "spot evaluations list" });

/** Whom the local API takes the caller for; nobody checks it. Where a request is signed, the signature says so. */
const withIdentity = (request: Request, { address, globals }: Transport): Request => {
  if (globals.as === undefined) return request;
  if (address.isDeployed) {
    throw new Failure("USAGE", "--as is for the API of npm start: a deployed one knows who signs", {
      next: "give --profile",
    });
  }
  request.headers.set("spot-optimizer-identity", globals.as);
  return request;
};

/** By its key a repeat is known as the same request, whoever repeats it. */
const withKey = (request: Request, newKey: () => string): Request => {
  const isKept = request.method === "POST" && !changesNothing(request);
  if (isKept) request.headers.set("idempotency-key", newKey());
  return request;
};

/** Of a deployed API. */
export const signed = async (
  request: Request,
  { address, globals: { profile, region }, surroundings: { now } }: Transport,
): Promise<Request> => {
  if (!address.isDeployed) return request;
  // A third of a second that the local API doesn't need.
  const { signedRequest } = await import("./signing.ts");
  return signedRequest(request, { profile, region, now });
};

const exchange = async (request: Request, transport: Transport): Promise<ApiAnswer> => {
  const { address, surroundings } = transport;
  const { pathname } = new URL(request.url);
  const signal = AbortSignal.any([surroundings.interrupt, AbortSignal.timeout(patienceMs)]);
  const sent = new Request(await signed(request, transport), { signal, redirect: "manual" });
  try {
    const response = await surroundings.fetch(sent);
    return {
      status: response.status,
      contentType: response.headers.get("content-type") ?? "",
      link: response.headers.get("link"),
      text: await response.text(),
      request: `${request.method} ${pathname}`,
      pathname,
    };
  } catch (error) {
    throw surroundings.interrupt.aborted ? stopped() : unreachable(address, error);
  }
};

/** As it may be shown: with --json nothing is shown but through JSON, which keeps the values as they are. */
const shown = (answer: ApiAnswer, isForMachines: boolean): string => {
  const { contentType, text } = answer;
  if (!isJson(contentType)) {
    return isForMachines ? text : printableLines(text.replaceAll("\r\n", "\n"));
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) throw strangeAnswer(answer);
    return isForMachines ? text : JSON.stringify(printableValue(value));
  } catch (error) {
    throw error instanceof SyntaxError ? strangeAnswer(answer) : error;
  }
};

const noContent = 204;

/** What the API answers with, beside JSON: a template, and tables for spreadsheets. */
const texts = /^(?:application\/yaml|text\/csv)\b/;

/** What is really sent. */
const asSent = async (
  request: Request,
  transport: Transport,
): Promise<{ readonly sent: Request; readonly isTried: boolean }> => {
  const tried = transport.globals.dryRun === true ? await dryRunOf(request) : undefined;
  const sent = withIdentity(tried ?? request, transport);
  return { sent, isTried: tried !== undefined };
};

const isDryRun = (value: object): value is components["schemas"]["DryRun"] =>
  "is_complete" in value && "changes" in value && "calls" in value;

const triedOf = (answer: ApiAnswer, value: unknown): Error =>
  typeof value === "object" && value !== null && isDryRun(value)
    ? new Tried(value)
    : strangeAnswer(answer);

/** Throws Tried, with --dry-run, for what would change something. */
export const sendOver =
  (transport: Transport) =>
  async (request: Request): Promise<Response> => {
    const { sent, isTried } = await asSent(request, transport);
    const answer = await exchange(withKey(sent, transport.surroundings.randomId), transport);
    const { status, contentType, link } = answer;
    const isSuccess = status >= 200 && status < 300;
    const failure = isSuccess ? undefined : failureOf(answer);
    if (failure !== undefined) throw failure;
    if (status === noContent) return new Response(null, { status });
    if (!isJson(contentType) && !texts.test(contentType)) throw strangeAnswer(answer);
    const text = shown(answer, transport.globals.json === true);
    if (isTried) throw triedOf(answer, JSON.parse(text));
    return new Response(text, {
      status,
      headers: { "content-type": contentType, ...(link !== null && { link }) },
    });
  };
