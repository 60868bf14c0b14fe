import { describe, expect, it } from "@jest/globals";
import { openAccount } from "../../../local/lab/account.ts";
import { startMs } from "../../../local/lab/lab.ts";
import { smallMarket } from "../../../local/lab/small-market.ts";
import { runStorm, type StormFigures } from "../../../local/lab/storm.ts";

const storm = async (targets: number, isShadowMode: boolean): Promise<StormFigures> => {
  const account = await openAccount({
    market: smallMarket,
    seed: 1,
    startMs,
    region: "us-east-1",
    version: "0.0.0",
    name: "storm",
    front: "direct",
  });
  return runStorm(account, {
    targets,
    workloads: [{ instanceType: "m5.large", elasticIp: true }],
    registration: {
      isShadowMode,
      policyOverrides: { consistency: "stateless", accept_change_of: ["primary-private-ip"] },
    },
  });
};

describe("evaluations that run at the same time", () => {
  it("share the time and the request limits: throttled, and none out of time or unserved", async () => {
    const figures = await storm(30, false);
    expect(figures).toMatchObject({ endings: { SWITCHED: 30 }, timeOuts: 0, unserved: 0 });
    expect(figures.throttled).toBeGreaterThan(0);
    // One switch takes minutes: one after another, they would take hours.
    expect(figures.virtualSeconds).toBeLessThan(3600);
  });

  it("take the same course each time", async () => {
    expect(await storm(16, false)).toEqual(await storm(16, false));
  });
});
