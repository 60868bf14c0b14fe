/** Which Windows instances are switched, and which are refused by name. */
import { describe, expect, it } from "@jest/globals";
import type { Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLab, type LabOptions } from "../../../local/lab/lab.ts";
import { smallMarket } from "../../../local/lab/small-market.ts";

const windows = { platformDetails: "Windows", rootGib: 30 } as const;

describe("a Windows instance whose licence AWS includes", () => {
  it.each<[string, LabOptions]>([
    ["with an image of its root", { instance: windows }],
    ["with its root volume", { instance: windows, policy: { root_transfer: "move-root-volume" } }],
    [
      "relaunched",
      { instance: windows, policy: { root_transfer: "relaunch" }, maxReplacements: 2 },
    ],
    ["stateless", { instance: windows, consistency: "stateless" }],
  ])("is switched %s, to Windows, and saves against its own price", async (_name, options) => {
    const lab = await createLab(options);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(story.replacements.at(-1)?.platformDetails).toBe("Windows");
    const { hourlyUsd = 0, percent = 0 } = story.evaluation.verdict?.savings ?? {};
    const ownUsd = smallMarket.onDemand("us-east-1", "m5.large", "Windows") ?? 0;
    expect(ownUsd).toBeGreaterThan(
      smallMarket.onDemand("us-east-1", "m5.large", "Linux/UNIX") ?? 0,
    );
    expect((hourlyUsd / ownUsd) * 100).toBeCloseTo(percent, 3);
  });
});

describe("a Windows instance", () => {
  const joined = (lab: Lab, name: string): void => {
    lab.platform.ssm.installAgents(accountId);
    lab.platform.ssm.setComputerName(lab.originalId, name);
  };

  it.each<[string, LabOptions["instance"], string, string]>([
    [
      "with the owner's own licence",
      { platformDetails: "Windows BYOL" },
      "PLATFORM_WITHOUT_SPOT_PRODUCT",
      "the owner's own (BYOL)",
    ],
    [
      "with a licence of SQL Server",
      { platformDetails: "Windows with SQL Server Standard" },
      "PLATFORM_WITHOUT_SPOT_PRODUCT",
      "SQL Server is billed with it",
    ],
    ["from the Marketplace", { ...windows, productCodes: ["abc123"] }, "PRODUCT_CODES", "abc123"],
    ["on a dedicated host", { ...windows, tenancy: "host" }, "TENANCY_NOT_SHARED", "host"],
    [
      "whose owner says that it is in a domain",
      { ...windows, tags: { "spot-optimizer:domain-joined": "true" } },
      "DOMAIN_JOINED",
      "directory domain",
    ],
  ])("%s is refused by name", async (_name, instance, reason, words) => {
    const lab = await createLab({ ...(instance && { instance }) });
    const { status, evaluation, mutations } = await lab.run();
    expect(status).toBe("REFUSED");
    expect(evaluation.verdict?.reason).toBe(reason);
    expect(evaluation.verdict?.sentence).toContain(words);
    expect(mutations).toEqual([]);
  });

  it.each([
    ["EC2AMAZ-1A2B3C.corp.example.com", "REFUSED", "corp.example.com"],
    ["EC2AMAZ-1A2B3C.WORKGROUP", "SWITCHED", ""],
    ["EC2AMAZ-1A2B3C", "SWITCHED", ""],
  ])("whose agent reports %s is %s", async (name, status, words) => {
    const lab = await createLab({ instance: windows });
    joined(lab, name);
    const story = await lab.run();
    expect(story.status).toBe(status);
    expect(story.evaluation.verdict?.sentence).toContain(words);
  });

  it("is not asked for a domain where it runs Linux", async () => {
    const lab = await createLab();
    joined(lab, "ip-10-0-0-10.ec2.internal");
    expect((await lab.run()).status).toBe("SWITCHED");
  });
});
