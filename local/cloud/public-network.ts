/** The public network as our functions see it from outside: the advisor's feed, and the applications that a test puts there. */
import type { AdvisorFeed } from "./market/advisor-feed.ts";

/** What a service is asked, as far as it looks at it. */
export interface PublicRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Status that it answers with now; undefined: nobody listens. Without a request: it is connected to, and no more. */
type PublicService = (request?: PublicRequest) => number | undefined;

export interface PublicNetwork {
  /** From now on, at every port and path of that host. */
  serve(host: string, service: PublicService): void;
  readonly fetch: AdvisorFeed["fetch"];
  /** Rejects with the socket's code where nobody listens. */
  readonly connect: (where: { readonly host: string }) => Promise<void>;
}

const requestOf = (url: string, init: RequestInit | undefined): PublicRequest => ({
  url,
  headers: Object.fromEntries(new Headers(init?.headers)),
  body: typeof init?.body === "string" ? init.body : "",
});

const refused = (host: string): Error =>
  Object.assign(new Error(`Nobody listens at ${host}.`), { code: "ECONNREFUSED" });

export const createPublicNetwork = (feed: AdvisorFeed): PublicNetwork => {
  const services = new Map<string, PublicService>();
  return {
    serve: (host, service) => {
      services.set(host, service);
    },
    fetch: async (url, init) => {
      const { href, hostname, pathname } = new URL(url instanceof Request ? url.url : url);
      if (pathname === feed.path) return feed.fetch(url, init);
      const status = services.get(hostname)?.(requestOf(href, init));
      // As the global `fetch`: the socket's own error is the cause.
      if (status === undefined) throw new TypeError("fetch failed", { cause: refused(hostname) });
      return new Response(null, { status });
    },
    connect: ({ host }) =>
      services.get(host)?.() === undefined ? Promise.reject(refused(host)) : Promise.resolve(),
  };
};
