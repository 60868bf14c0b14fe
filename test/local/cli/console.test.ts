/** Who is let into the console of `spot console`, and what he may do there. */
import { request as httpRequest, type OutgoingHttpHeaders } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { changesNothing } from "../../../local/cli/console/read-only.ts";
import { forwardTo } from "../../../local/cli/console/forward.ts";
import { startConsole, type ConsoleServer } from "../../../local/cli/console/serve.ts";
import type { Surroundings } from "../../../local/cli/surroundings.ts";
import { answering, jsonAnswer, spotOn } from "./spot-under-test.ts";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** By Node itself: fetch lets nobody set Host, Origin or Cookie. */
const ask = (
  {
    url,
    method = "GET",
    body,
  }: { readonly url: string; readonly method?: string; readonly body?: string },
  headers: OutgoingHttpHeaders = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });

const open = async (mayWrite: boolean) => {
  const { fetch, asked } = answering(() => jsonAnswer({ items: [] }));
  const surroundings = { fetch, interrupt: new AbortController().signal } as Surroundings;
  const address = { url: "http://127.0.0.1:4400/live", isDeployed: false };
  let requests = 0;
  const server = await startConsole({
    page: ({ url }) =>
      new URL(url).pathname.startsWith("/api/") ? undefined : new Response("page"),
    api: forwardTo({ address, globals: { as: "ada" }, surroundings }, mayWrite),
    port: 0,
    onRequest: () => {
      requests += 1;
    },
  });
  const { origin, hash } = new URL(server.url);
  const token = hash.replace("#token=", "");
  return { server, origin, token, asked, requests: () => requests };
};

const enter = async ({ origin, token }: { readonly origin: string; readonly token: string }) => {
  const { headers } = await ask({ url: `${origin}/console-session`, method: "POST", body: token });
  return String(headers["set-cookie"]).split(";")[0] ?? "";
};

describe("spot console", () => {
  let opened: Awaited<ReturnType<typeof open>>;
  let server: ConsoleServer;

  beforeEach(async () => {
    opened = await open(false);
    ({ server } = opened);
  });

  afterEach(async () => {
    await server.close();
  });

  it("gives nobody without its cookie the page, and hands nothing of his on", async () => {
    const { origin, asked, requests } = opened;
    const page = await ask({ url: `${origin}/evaluations` });
    expect(page.text).toContain('<script type="module" src="/console-session.js">');
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
    expect((await ask({ url: `${origin}/api/v1/fleet` })).status).toBe(401);
    const stranger = { cookie: `spot-console-${new URL(origin).port}=guessed` };
    expect((await ask({ url: `${origin}/api/v1/fleet` }, stranger)).status).toBe(401);
    expect([asked.length, requests()]).toEqual([0, 0]);
  });

  it("changes the token of its address for a cookie that scripts and other sites can't use", async () => {
    const { origin, token } = opened;
    const wrong = await ask({
      url: `${origin}/console-session`,
      method: "POST",
      body: `${token}x`,
    });
    expect([wrong.status, wrong.headers["set-cookie"]]).toEqual([403, undefined]);
    const right = await ask({ url: `${origin}/console-session`, method: "POST", body: token });
    expect(right.status).toBe(204);
    expect(right.headers["set-cookie"]).toEqual([
      expect.stringMatching(/^spot-console-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/),
    ]);
    expect(right.headers["set-cookie"]).not.toContain(token);
  });

  it("serves the page and hands readings on, without the cookie", async () => {
    const { origin, asked, requests } = opened;
    const cookie = await enter(opened);
    expect((await ask({ url: `${origin}/` }, { cookie })).text).toBe("page");
    const answer = await ask(
      { url: `${origin}/api/v1/evaluations?limit=2` },
      { cookie, "if-none-match": '"1"' },
    );
    expect(JSON.parse(answer.text)).toEqual({ items: [] });
    const [request] = asked;
    expect(request?.url).toBe("http://127.0.0.1:4400/live/api/v1/evaluations?limit=2");
    expect(Object.fromEntries(request?.headers ?? [])).toEqual({
      "if-none-match": '"1"',
      "spot-optimizer-identity": "ada",
    });
    expect(requests()).toBe(2);
  });

  it("refuses what would change something, and hands it on with --write alone", async () => {
    const put = { method: "PUT", body: '{"engaged":true}' };
    const refused = await ask(
      { url: `${opened.origin}/api/v1/kill-switch?dry_run=true`, ...put },
      { cookie: await enter(opened) },
    );
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.text)).toMatchObject({
      detail: "Read-only. Restart spot console with --write.",
    });
    expect(opened.asked).toEqual([]);
    const writing = await open(true);
    const cookie = await enter(writing);
    await ask({ url: `${writing.origin}/api/v1/kill-switch`, ...put }, { cookie });
    expect(await writing.asked[0]?.json()).toEqual({ engaged: true });
    await writing.server.close();
  });

  it.each([
    ["another name, that now leads here", { host: "evil.example:4400" }],
    ["a page of another site", { "sec-fetch-site": "cross-site" }],
    ["a page of another port", { "sec-fetch-site": "same-site" }],
    ["another origin", { origin: "http://127.0.0.1:1" }],
  ])("refuses a request from %s, even with the cookie", async (_who, headers) => {
    const cookie = await enter(opened);
    const { status } = await ask({ url: `${opened.origin}/api/v1/fleet` }, { cookie, ...headers });
    expect([status, opened.asked.length]).toEqual([403, 0]);
  });

  it.each([
    ["GET", "/fleet", true],
    ["POST", "/dry-run", true],
    ["POST", "/evaluations/evl-1/replay", true],
    ["POST", "/evaluations/evl-1/resume?dry_run=true", true],
    ["DELETE", "/accounts/444455556666?dry_run=true&end=i-1", true],
    ["DELETE", "/accounts/444455556666?dry_run=true&dry_run=false", false],
    ["DELETE", "/accounts/444455556666", false],
    ["POST", "/evaluations/evl-1/resume", false],
    ["POST", "/lab/instances/tgt-1/evaluate?dry_run=true", false],
    ["POST", "/dry-run/../kill-switch", false],
    ["PATCH", "/lab/instances/tgt-1", false],
  ])("takes %s %s for one that changes nothing: %s", (method, path, isHarmless) => {
    expect(changesNothing({ method, url: `http://127.0.0.1:1/api/v1${path}` })).toBe(isHarmless);
  });

  it("ends at Ctrl-C, and after half an hour in which nobody asks", async () => {
    const { fetch } = answering(() => jsonAnswer({ version: "0.1.0" }));
    const interrupt = new AbortController();
    const stop = () => {
      interrupt.abort();
      return Promise.resolve();
    };
    const stopped = await spotOn({ fetch, interrupt: interrupt.signal, sleep: stop })(
      "console",
      "--json",
    );
    expect(stopped.code).toBe(130);
    expect(JSON.parse(stopped.stdout)).toMatchObject({ write: false });
    let minutes = 0;
    const idle = await spotOn({
      fetch,
      now: () => new Date(minutes * 60_000),
      sleep: () => {
        minutes += 1;
        return Promise.resolve();
      },
    })("console");
    expect([idle.code, minutes]).toEqual([0, 30]);
    expect(idle.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}\n$/);
    expect(idle.stderr).toMatch(/^Read-only: --write lets it change something\. Ctrl-C ends it/);
  });
});
