/** Answers what a browser asks for the console page; the API's own paths are not its concern. */
import { gzipSync } from "node:zlib";
import { isOfApi } from "./api-paths.ts";
import { assetsPath, digestOf, documentOf, type Asset, type ConsolePage } from "./build.ts";

export interface ConsoleSettings {
  readonly version: string;
  /** False: the page shows actions off, and whoever serves it refuses them. */
  readonly mayWrite: boolean;
}

const policyOf = ({ styleHashes }: ConsolePage): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    `style-src ${["'self'", ...styleHashes.map((hash) => `'${hash}'`)].join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

const headersOf = (page: ConsolePage): Readonly<Record<string, string>> => ({
  "content-security-policy": policyOf(page),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
});

interface Packed extends Asset {
  readonly gzipped: Buffer;
  readonly etag: string;
  readonly cacheControl: string;
}

const pack = (asset: Asset, cacheControl: string): Packed => ({
  ...asset,
  gzipped: gzipSync(asset.body, { level: 9 }),
  etag: `"${digestOf(asset.body)}"`,
  cacheControl,
});

/** Names of assets change with their content. */
const forever = "public, max-age=31536000, immutable";
const askAgain = "no-cache";

const acceptsGzip = (request: Request): boolean =>
  /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "");

const answer = (request: Request, packed: Packed, common: Readonly<Record<string, string>>) => {
  const headers = {
    ...common,
    "cache-control": packed.cacheControl,
    etag: packed.etag,
    vary: "accept-encoding",
  };
  if (request.headers.get("if-none-match") === packed.etag) {
    return new Response(null, { status: 304, headers });
  }
  const isPacked = acceptsGzip(request);
  const body = isPacked ? packed.gzipped : packed.body;
  return new Response(request.method === "HEAD" ? null : new Uint8Array(body), {
    headers: {
      ...headers,
      "content-type": packed.contentType,
      ...(isPacked && { "content-encoding": "gzip" }),
    },
  });
};

/** @returns undefined for what is not the page's: the API answers it */
export type ServeConsole = (request: Request) => Response | undefined;

export const serveConsole = (page: ConsolePage, settings: ConsoleSettings): ServeConsole => {
  const common = headersOf(page);
  const html = documentOf(page, {
    version: settings.version,
    write: String(settings.mayWrite),
  });
  const contentType = "text/html; charset=utf-8";
  const document = pack({ contentType, body: Buffer.from(html) }, askAgain);
  const assets = new Map(
    [...page.assets].map(([path, asset]) => [path, pack(asset, forever)] as const),
  );
  return (request) => {
    const { pathname } = new URL(request.url);
    if (isOfApi(pathname) || !["GET", "HEAD"].includes(request.method)) return undefined;
    if (!pathname.startsWith(assetsPath)) return answer(request, document, common);
    const asset = assets.get(pathname);
    return asset === undefined
      ? new Response("Not found", { status: 404, headers: common })
      : answer(request, asset, common);
  };
};
