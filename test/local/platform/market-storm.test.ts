import { describe, expect, it } from "@jest/globals";
import { openAccount } from "../../../local/lab/account.ts";
import { smallMarket } from "../../../local/lab/small-market.ts";
import {
  awaitStorm,
  carryOut,
  planStorm,
  type MarketTurn,
} from "../../../local/platform/market-storm.ts";

const region = "us-east-1";
const startMs = Date.parse("2026-03-02T10:00:00Z");
const minuteMs = 60_000;

const open = () =>
  openAccount({
    market: smallMarket,
    seed: 1,
    startMs,
    region,
    version: "test",
    name: "shop",
    front: "direct",
  });

const pools = ["m5.large", "m6i.large", "c5.large"].flatMap((instanceType) =>
  ["use1-az4", "use1-az5"].map((zone) => ({ instanceType, zone })),
);

const addSpot = ({ platform, accountId }: Awaited<ReturnType<typeof open>>) =>
  pools.map(({ instanceType, zone }) =>
    platform.ec2.control.addInstance({
      accountId,
      region,
      instanceType,
      zone,
      lifecycle: "spot",
    }),
  );

describe("a storm of the market", () => {
  it("waits until something stands on Spot, says so, and takes a third of the pools within three minutes, for an hour", async () => {
    const stage = await open();
    const { platform, accountId, clock } = stage;
    const { control } = platform.ec2;
    const turns: MarketTurn[] = [];
    const told: string[] = [];
    awaitStorm({
      platform,
      clock,
      accountIds: [accountId],
      seed: 1,
      tell: (sentence) => told.push(sentence),
      note: (turn) => turns.push(turn),
    });
    await clock.run({ atMostMs: clock.now() + 10 * minuteMs });
    expect(turns).toEqual([]);
    const ids = addSpot(stage);
    await clock.run({ atMostMs: clock.now() + 4 * minuteMs });
    const taken = turns.flatMap((turn) => turn.taken);
    expect(taken).toHaveLength(2);
    expect(ids.filter((id) => control.spotStatusOf(id)?.startsWith("instance-terminated"))).toEqual(
      expect.arrayContaining([...taken]),
    );
    expect(told).toEqual([expect.stringContaining("2 Spot Instances with them")]);
    await clock.run({ atMostMs: clock.now() + 60 * minuteMs });
    expect(turns.at(-1)?.opened).toEqual(turns[0]?.closed);
    expect(told.at(-1)).toContain("over");
  });

  it("is the same for the same seed, and its turns give the same world when they are played again", async () => {
    const [one, other] = [await open(), await open()];
    const ids = addSpot(one);
    expect(addSpot(other)).toEqual(ids);
    const { accountId, platform } = one;
    const storm = planStorm(platform, { accountIds: [accountId], seed: 7 });
    expect(planStorm(other.platform, { accountIds: [accountId], seed: 7 })).toEqual(storm);
    const [first = ""] = storm?.instanceIds ?? [];
    const turn = { closed: storm?.pools ?? [], opened: [], taken: [first] };
    carryOut(other.platform, turn);
    expect(other.platform.ec2.control.spotStatusOf(first)).toContain("no-capacity");
    // One that is gone by then is not taken.
    expect(() => {
      carryOut(other.platform, { ...turn, taken: ["i-0123456789abcdef0"] });
    }).not.toThrow();
  });

  it("is none where nothing stands on Spot", async () => {
    const { platform, accountId } = await open();
    expect(planStorm(platform, { accountIds: [accountId], seed: 1 })).toBeUndefined();
  });
});
