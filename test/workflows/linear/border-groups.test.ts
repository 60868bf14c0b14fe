import { describe, expect, it } from "@jest/globals";
import { loadOffers } from "../../../adapters/store/evaluations.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLab, region } from "../../../local/lab/lab.ts";

const rejectedZones = async (lab: Lab, { evaluationId }: Ending): Promise<ReadonlySet<string>> =>
  new Set(
    ((await loadOffers(lab.table, evaluationId)) ?? [])
      .filter(({ rejection }) => rejection?.code === "ADDRESS_CANNOT_FOLLOW")
      .map(({ pool }) => pool.zoneId),
  );

/** All zones but the original's are Local Zones, as near as can be and as cheap. */
const labBesideLocalZones = async (elasticIp: boolean) => {
  const lab = await createLab({ consistency: "stop-and-image", instance: { elasticIp } });
  const own = lab.control.find(lab.originalId)?.zoneId;
  const others = lab.control.zones(accountId, region).filter(({ id }) => id !== own);
  for (const { id: zone } of others) {
    lab.control.setBorderGroup({ accountId, region, zone, borderGroup: "us-east-1-nyc-1" });
  }
  return { lab, own, others: new Set(others.map(({ id }) => id)) };
};

describe("an Elastic IP, which can't leave its network border group", () => {
  it("keeps the replacement out of Local Zones", async () => {
    const { lab, own, others } = await labBesideLocalZones(true);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(lab.replacement()?.zoneId).toBe(own);
    expect(await rejectedZones(lab, story)).toEqual(others);
  });

  it("is not asked about where there is none", async () => {
    const { lab } = await labBesideLocalZones(false);
    const story = await lab.run();
    expect(story.status).toBe("SWITCHED");
    expect(await rejectedZones(lab, story)).toEqual(new Set());
  });
});
