/**
 * The Spot Advisor's public feed: how often Spot instances of a type were interrupted in a region over the last
 * month. AWS neither documents nor guarantees it, so everything that is read from it is validated first.
 */
import * as z from "zod";
import { SpotOptimizerError } from "../../core/errors.ts";
import type { AdvisorBand } from "../../core/model/market.ts";
import { translateError } from "./translate-error.ts";

/** The feed has some megabytes; a server that takes longer than this is taken for dead. */
const timeoutMs = 20_000;

const rangeSchema = z.object({
  index: z.int().min(0),
  label: z.string().min(1),
  max: z.number().min(0),
});

const feedSchema = z
  .object({
    ranges: z.array(rangeSchema).min(1),
    spot_advisor: z.record(
      z.string(),
      z.record(z.string(), z.record(z.string(), z.object({ s: z.number(), r: z.int().min(0) }))),
    ),
  })
  .superRefine((feed, context) => {
    const known = new Set(feed.ranges.map(({ index }) => index));
    for (const [region, systems] of Object.entries(feed.spot_advisor)) {
      for (const [os, types] of Object.entries(systems)) {
        for (const [type, { r }] of Object.entries(types)) {
          if (known.has(r)) continue;
          context.addIssue({
            code: "custom",
            path: ["spot_advisor", region, os, type, "r"],
            message: `is ${String(r)}, which is not one of the ranges`,
          });
        }
      }
    }
  });

export type AdvisorFeed = Readonly<z.infer<typeof feedSchema>>;

/** @throws BrokenFacts naming the path of the first member that is not as expected */
export const parseAdvisorFeed = (body: unknown): AdvisorFeed => {
  const parsed = feedSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path =
    issue === undefined || issue.path.length === 0 ? "the document" : issue.path.join(".");
  throw new SpotOptimizerError(
    "BrokenFacts",
    `The Spot Advisor feed is malformed at ${path}: ${issue?.message ?? "unknown"}.`,
    { resource: path },
  );
};

interface Bounds {
  readonly minPercent: number;
  readonly maxPercent: number;
}

/** `<5%`, `5-10%`, `>20%`. */
const boundsInLabel = (text: string): Bounds | undefined => {
  const [, sign, from, to] =
    /^([<>]?)(\d+)(?:[-–](\d+))?$/.exec(text.replaceAll(/[\s%]/g, "")) ?? [];
  if (from === undefined) return undefined;
  if (sign === "<") return { minPercent: 0, maxPercent: Number(from) };
  if (sign === ">") return { minPercent: Number(from), maxPercent: 100 };
  return to === undefined ? undefined : { minPercent: Number(from), maxPercent: Number(to) };
};

/**
 * Bounds as the label says them: the feed's own `max` is a sorting aid and lies above the label's bound in the
 * middle ranges (11 for `5-10%`). Where a label can't be read: from the previous range's `max` to this one's.
 */
const boundsOf = (feed: AdvisorFeed): ReadonlyMap<number, Bounds & { readonly label: string }> => {
  const sorted = [...feed.ranges].sort((a, b) => a.index - b.index);
  return new Map(
    sorted.map(({ index, label, max }, position) => {
      const isLast = position === sorted.length - 1;
      const byMaxima = {
        minPercent: sorted[position - 1]?.max ?? 0,
        maxPercent: isLast ? 100 : max,
      };
      return [index, { label, ...(boundsInLabel(label) ?? byMaxima) }];
    }),
  );
};

/**
 * Bands of all types in the region for `Linux` or `Windows`, sorted by type. Empty when the feed does not cover
 * the region or the system: each candidate is then rejected for want of a band.
 */
export const bandsFor = (
  feed: AdvisorFeed,
  input: { readonly region: string; readonly os: "Linux" | "Windows" },
): AdvisorBand[] => {
  const ranges = boundsOf(feed);
  return Object.entries(feed.spot_advisor[input.region]?.[input.os] ?? {})
    .flatMap(([instanceType, { r }]) => {
      const range = ranges.get(r);
      return range === undefined ? [] : [{ instanceType, band: r, ...range }];
    })
    .sort((a, b) => (a.instanceType < b.instanceType ? -1 : 1));
};

const readBody = async (response: Response, url: string): Promise<unknown> => {
  const text = await response.text();
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new SpotOptimizerError("BrokenFacts", `The Spot Advisor feed at ${url} is not JSON.`, {
      resource: url,
      cause: error,
    });
  }
};

/**
 * Fetches the feed, unparsed.
 * @throws RetryableUnavailable if the server can't be reached or is overloaded, BrokenFacts if it refuses or
 *   sends something that is not JSON
 */
export const fetchAdvisorFeed = async (fetchUrl: typeof fetch, url: string): Promise<unknown> => {
  const about = { action: "Fetch of the Spot Advisor feed", resource: url };
  let response: Response;
  try {
    response = await fetchUrl(url, { signal: AbortSignal.timeout(timeoutMs) });
    if (response.ok) return await readBody(response, url);
  } catch (error) {
    if (error instanceof SpotOptimizerError) throw error;
    const translated = translateError(error, about);
    throw new SpotOptimizerError("RetryableUnavailable", translated.message, {
      resource: url,
      cause: error,
    });
  }
  const isPassing = response.status >= 500 || response.status === 429;
  throw new SpotOptimizerError(
    isPassing ? "RetryableUnavailable" : "BrokenFacts",
    `The Spot Advisor feed at ${url} answered with HTTP ${String(response.status)}.`,
    { resource: url },
  );
};
