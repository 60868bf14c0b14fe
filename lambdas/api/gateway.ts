/** The API as a Lambda function: an event of API Gateway's REST API (payload version 1) in, its answer out. */
import { handle } from "hono/aws-lambda";
import { apiBasePath, type ApiApp } from "./context.ts";
import { ApiProblem, problemResponse } from "./problem.ts";

/** What is looked at here; the adapter reads the rest. */
interface RestApiEvent {
  readonly path: string;
  readonly httpMethod: string;
  readonly body: string | null;
  readonly requestContext?: { readonly path?: string };
}

/** A domain with a base path leaves that in the event's path: a route is known from the API's own path on. */
const ownPath = (path: string): string => path.slice(Math.max(path.indexOf(apiBasePath), 0));

/**
 * What a URL is read as another path by: dot segments, `\\` for a slash, control characters that are left out, what begins a query or a fragment,
 * and letters and digits that are written as their codes. IAM has judged the path as it was sent. Sources: WHATWG URL, "Path state";
 * RFC 3986, section 6.2.2.2.
 */
const readsOtherwise =
  /[\\?#\u0000-\u001f\u007f]|(?:^|\/)\.{1,2}(?:\/|$)|%(?:2[de]|3\d|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/i;

/** Either may still have the client's percent-encoding. */
const pathProblem = ({ path, requestContext }: RestApiEvent): ApiProblem | undefined =>
  [path, requestContext?.path ?? ""].some((each) => readsOtherwise.test(each))
    ? new ApiProblem(
        "invalid-parameter",
        "The path must be written out: without `.` and `..` as parts, without `\\`, and with letters, digits, `-`, `.`, `_` and `~` as they are.",
        { errors: [{ field: "path", message: "is not written out" }] },
      )
    : undefined;

const answerProblem = async (problem: ApiProblem, path: string) => {
  const answer = problemResponse(problem, path);
  return {
    statusCode: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: await answer.text(),
    isBase64Encoded: false,
  };
};

/** The body of a GET or HEAD means nothing (RFC 9110, section 9.3.1), and no request can be made of it. */
const takesBody = (method: string): boolean => method !== "GET" && method !== "HEAD";

const asOurs = <Event extends RestApiEvent>(event: Event): Event => ({
  ...event,
  path: ownPath(event.path),
  body: takesBody(event.httpMethod) ? event.body : null,
});

/**
 * Everything we answer is text. The API declares no binary media types, so that API Gateway would pass base64 on as it is, and
 * to the adapter all but a few types are binary, `application/yaml` among them.
 */
const nothingIsBinary = (): boolean => false;

// eslint-disable-next-line @typescript-eslint/no-deprecated -- Hono 4 carries it; its successor package is for Hono 5.
const handlerOf = (app: ApiApp) => handle(app, { isContentTypeBinary: nothingIsBinary });

/** @param appFor the app that answers that path */
export const gatewayHandlerOf = (appFor: (path: string) => ApiApp | Promise<ApiApp>) => {
  const handlers = new WeakMap<ApiApp, ReturnType<typeof handlerOf>>();
  const answerOf = (app: ApiApp) => {
    const answer = handlers.get(app) ?? handlerOf(app);
    handlers.set(app, answer);
    return answer;
  };
  type AnyEvent = Parameters<ReturnType<typeof answerOf>>[0];
  // The adapter tells a REST API's event by what it lacks, and its type wants what only other events have.
  return async (event: RestApiEvent) => {
    const problem = pathProblem(event);
    if (problem !== undefined)
      return answerProblem(problem, event.requestContext?.path ?? event.path);
    const own = asOurs(event);
    return answerOf(await appFor(own.path))(own as unknown as AnyEvent);
  };
};
