/** The console page as it is served, with an API behind it that a test chooses. */
import { buildConsole, type ConsolePage } from "../../local/console/build.ts";
import { serveConsole } from "../../local/console/serve.ts";
import { serveApi, type Listening } from "../../local/platform/serve-api.ts";

export type Api = (request: Request) => Response | Promise<Response>;

/** By the path below `/api/v1`, without its query. */
export type Answers = Readonly<Record<string, Api>>;

export const json = (body: unknown, status = 200): Api => {
  const text = JSON.stringify(body);
  const contentType = status < 400 ? "application/json" : "application/problem+json";
  return () => new Response(text, { status, headers: { "content-type": contentType } });
};

export const problem = (status: number, detail: string): Api =>
  json(
    { type: "urn:spot-optimizer:problem:unavailable", title: "Unavailable", status, detail },
    status,
  );

/** Long enough to be looked at. */
export const never: Api = () => new Promise<Response>(() => undefined);

/** What every screen asks for. */
export const shared: Answers = {
  "/health": json({
    status: "ok",
    version: "0.1.0",
    checked_at: "2026-03-02T09:00:00.000Z",
    region: "us-east-1",
    emulated: true,
    table: "reachable",
  }),
  "/kill-switch": json({ engaged: false, effective: false }),
};

/** Of what nobody has answers for the page says that it is not to be had. */
export const apiOf =
  (answers: Answers): Api =>
  (request) => {
    const { pathname } = new URL(request.url);
    const answer = answers[pathname.replace(/^\/api\/v1/, "")];
    return (answer ?? problem(404, `Nothing is at ${pathname}.`))(request);
  };

let built: Promise<ConsolePage> | undefined;
/** Once for all tests of a file. */
export const builtPage = (): Promise<ConsolePage> => (built ??= buildConsole());

export const servePage = async (api: Api, mayWrite = true): Promise<Listening> => {
  const page = serveConsole(await builtPage(), { version: "0.1.0", mayWrite });
  return serveApi(async (request) => page(request) ?? api(request), 0);
};
