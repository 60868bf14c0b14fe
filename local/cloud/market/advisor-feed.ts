/** The Spot Advisor's public JSON feed as a market has it: over HTTP, or through a `fetch` that stays in this process. */
import { BrokenConnection } from "../faults.ts";

/** What the feed gives: the market's document, or what a bad day gives. */
type FeedAnswer =
  | { readonly kind: "MARKET" }
  | { readonly kind: "STATUS"; readonly status: number }
  /** Not what a reader expects: truncated, another format … */
  | { readonly kind: "BODY"; readonly body: string }
  | { readonly kind: "UNREACHABLE" };

export interface AdvisorFeed {
  /** Where the HTTP front serves it. */
  readonly path: string;
  /** @throws BrokenConnection while it is unreachable */
  answer(): FeedResponse;
  /** As the global `fetch`, for the feed alone: other paths are answered with 404. */
  readonly fetch: (url: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** From now on. */
  setAnswer(answer: FeedAnswer): void;
}

interface FeedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The file's name at AWS. */
const path = "/spot-advisor-data.json";

export const createAdvisorFeed = (market: { readonly advisor: () => unknown }): AdvisorFeed => {
  let current: FeedAnswer = { kind: "MARKET" };

  const answer = (): FeedResponse => {
    switch (current.kind) {
      case "MARKET":
        return respond(200, JSON.stringify(market.advisor()));
      case "BODY":
        return respond(200, current.body);
      case "STATUS":
        return respond(current.status, "<Error><Code>ServiceUnavailable</Code></Error>");
      case "UNREACHABLE":
        throw new BrokenConnection(new Error("the Spot Advisor feed can't be reached"));
    }
  };

  const fetchFeed: AdvisorFeed["fetch"] = async (url, init) => {
    init?.signal?.throwIfAborted();
    const { pathname } = new URL(url instanceof Request ? url.url : url);
    if (pathname !== path) return new Response("", { status: 404 });
    // An unreachable feed rejects, as the global `fetch` does.
    const { status, headers, body } = await Promise.resolve().then(answer);
    return new Response(body, { status, headers });
  };

  return {
    path,
    answer,
    fetch: fetchFeed,
    setAnswer: (next) => {
      current = next;
    },
  };
};

const respond = (status: number, body: string): FeedResponse => ({
  status,
  headers: { "content-type": "application/json" },
  body,
});
