/** The console page as it is built and served: within its size, under a strict policy, and out of the API's way. */
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "@jest/globals";
import {
  buildConsole,
  documentOf,
  sizesOf,
  type ConsolePage,
} from "../../../local/console/build.ts";
import { serveConsole, type ServeConsole } from "../../../local/console/serve.ts";

const kilobyte = 1000;

describe("the console page", () => {
  let page: ConsolePage;
  let serve: ServeConsole;

  beforeAll(async () => {
    page = await buildConsole();
    serve = serveConsole(page, { version: '1.0"<', mayWrite: false });
  });

  const ask = (path: string, init: RequestInit = {}): Response | undefined =>
    serve(new Request(`http://127.0.0.1:4400${path}`, init));

  it("takes 65 kB at the first load, 112 kB more at the first chart, and 180 kB in all, gzipped", () => {
    expect([...page.first, ...page.charts].every((path) => page.assets.has(path))).toBe(true);
    expect(page.first.filter((path) => page.charts.includes(path))).toEqual([]);
    const { first, charts, all } = sizesOf(page);
    expect(first).toBeLessThanOrEqual(65 * kilobyte);
    expect(charts).toBeGreaterThan(0);
    expect(charts).toBeLessThanOrEqual(112 * kilobyte);
    expect(all).toBeLessThanOrEqual(180 * kilobyte);
  });

  it("admits the one style that charts write, by its hash", () => {
    const policy = ask("/")?.headers.get("content-security-policy") ?? "";
    expect(page.styleHashes).toHaveLength(1);
    expect(policy).toContain(`style-src 'self' '${String(page.styleHashes[0])}';`);
  });

  it("is the same document for every screen, with what whoever serves it says", async () => {
    const paths = ["/", "/evaluations/evl-1?x=y", "/apiary"];
    const texts = await Promise.all(paths.map(async (path) => ask(path)?.text()));
    expect(new Set(texts)).toEqual(
      new Set([documentOf(page, { version: '1.0"<', write: "false" })]),
    );
    expect(texts[0]).toContain('<meta name="spot-version" content="1.0&quot;&lt;" />');
    for (const path of page.first) expect(texts[0]).toContain(`"${path}"`);
  });

  it("leaves the API's paths, and whatever is not a reading, to the API", () => {
    expect(ask("/api/v1/health")).toBeUndefined();
    expect(ask("/api")).toBeUndefined();
    expect(ask("/", { method: "POST", body: "{}" })).toBeUndefined();
    expect(ask("/console/none.js")?.status).toBe(404);
  });

  it("loads nothing from elsewhere, and runs nothing that is not a file of its own", () => {
    const policy = ask("/")?.headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'; script-src 'self'; connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(documentOf(page, {})).not.toMatch(/<script(?! type="module" src="\/console\/)| style=/);
  });

  it("is kept by the browser: assets for good, the document as long as it is the same", async () => {
    const [style = ""] = page.first;
    const kept = ask(style, { headers: { "accept-encoding": "br, gzip" } });
    expect(kept?.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(kept?.headers.get("content-encoding")).toBe("gzip");
    const bytes = Buffer.from((await kept?.arrayBuffer()) ?? new ArrayBuffer(0));
    expect(gunzipSync(bytes)).toEqual(page.assets.get(style)?.body);
    const etag = ask("/")?.headers.get("etag") ?? "";
    expect(ask("/", { headers: { "if-none-match": etag } })?.status).toBe(304);
    expect(await ask("/", { method: "HEAD" })?.text()).toBe("");
  });
});
