/** The market of a region for who judges a whole place: of the many that ask at the same time one reads it, and the others wait. */
import { currentMarket, loadMarket } from "../../adapters/store/markets.ts";
import { acquireLease, releaseLease } from "../../adapters/store/leases.ts";
import { isShareable } from "../../core/decide/offers/shared-market.ts";
import type { MarketReference, RegionMarket } from "../../core/model/market.ts";
import type { StepContext } from "../runtime/context.ts";
import { marketOfRegion, type MarketQuestion } from "../judge/region-market.ts";

export interface StoredMarket {
  readonly market: RegionMarket;
  readonly stored: MarketReference;
}

type MarketContext = Pick<
  StepContext<"marketEc2" | "pricing">,
  "advisorFeedUrl" | "fetch" | "log" | "marketEc2" | "now" | "pause" | "pricing" | "table"
> & {
  /** 20 characters of `0-9a-z`. */
  readonly randomId: () => string;
};

/** Some thirty pages of prices and types take ten seconds; who died meanwhile is waited for no longer than that. */
const leaseSeconds = 60;
const lookEveryMs = 500;
/** Then each reads for itself. */
const mostLooks = (leaseSeconds * 1000) / lookEveryMs + 5;

const shared = async (
  { table }: MarketContext,
  { region, product, now, policy }: MarketQuestion,
): Promise<StoredMarket | undefined> => {
  const current = await currentMarket(table, { region, product });
  if (current === undefined || !isShareable(current.asOf, now.toISOString(), policy)) {
    return undefined;
  }
  const stored = { region, product, digest: current.digest };
  return { market: await loadMarket(table, stored), stored };
};

const resourceOf = ({ region, product }: MarketQuestion): string => `MARKET#${region}#${product}`;

/** Undefined: another one is reading it. */
const readUnderLease = async (
  context: MarketContext,
  question: MarketQuestion,
): Promise<StoredMarket | undefined> => {
  const { table, now, randomId } = context;
  const [resource, owner] = [resourceOf(question), `fleet-${randomId()}`];
  const wanted = { resource, owner, now: now(), seconds: leaseSeconds };
  const held = await acquireLease(table, wanted);
  if (held.kind !== "HELD") return undefined;
  try {
    return await marketOfRegion(context, question);
  } finally {
    await releaseLease(table, { resource, owner, fence: held.fence });
  }
};

/** @throws what the reading throws where there is neither a market to share nor a last good copy */
export const marketForMany = async (
  context: MarketContext,
  question: MarketQuestion,
): Promise<StoredMarket> => {
  for (let look = 0; look < mostLooks; look += 1) {
    const found = (await shared(context, question)) ?? (await readUnderLease(context, question));
    if (found !== undefined) return found;
    await context.pause(lookEveryMs);
  }
  return marketOfRegion(context, question);
};
