/** The account's quota of snapshots: one that is used up is known before anything is touched, at a call a day. */
import { describe, expect, it } from "@jest/globals";
import { CloudError } from "../../../local/cloud/contract.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLab, region, type LabOptions } from "../../../local/lab/lab.ts";

const place = { accountId, region };

/** The owner has so many, EC2 shows five at a time, and what `verify` found is a day old. */
const withSnapshots = async (count: number, options: LabOptions = {}): Promise<Lab> => {
  const lab = await createLab({ ...options, settings: { pageSize: 5, ...options.settings } });
  lab.platform.ec2.control.addSnapshots(place, count);
  lab.clock.elapse(25 * 3_600_000);
  return lab;
};

const setQuota = ({ platform }: Lab, quota: number): void => {
  platform.ec2.control.setSnapshotQuota(place, quota);
};

const runIn = async (lab: Lab): Promise<Ending> => {
  const story = await lab.run();
  expect(await complaintsAbout(lab, story)).toEqual([]);
  return story;
};

const callsIn = async (lab: Lab, ...names: readonly string[]): Promise<readonly string[]> => {
  const { journal } = lab.platform.cloud;
  const from = journal.length;
  await runIn(lab);
  const operations = journal.slice(from).map(({ operation }) => operation);
  return operations.filter((operation) => names.includes(operation));
};

describe("a quota of snapshots that is used up", () => {
  it.each(["stop-and-image", "move-volumes"] as const)(
    "is a refusal before anything is made, with the command that raises it, and %s goes on once it is raised",
    async (consistency) => {
      const lab = await withSnapshots(12, { consistency });
      setQuota(lab, 13);
      const story = await runIn(lab);
      expect(story.evaluation.verdict).toMatchObject({
        kind: "REFUSE",
        reason: "TOO_MANY_SNAPSHOTS",
      });
      expect(story.evaluation.verdict?.sentence).toMatch(
        /has \d+ of the 13 snapshots .*request-service-quota-increase/,
      );
      expect(story.mutations).toEqual([]);
      setQuota(lab, 100_000);
      expect((await runIn(lab)).status).toBe("SWITCHED");
    },
  );

  it("is nothing to a load that carries nothing", async () => {
    const lab = await withSnapshots(12, { consistency: "stateless" });
    setQuota(lab, 12);
    expect((await runIn(lab)).status).toBe("SWITCHED");
  });

  it("while the original serves ends the switch before the stop", async () => {
    const lab = await withSnapshots(12);
    lab.platform.cloud.faults.before(({ operation }) => {
      if (operation === "CreateImage") setQuota(lab, 12);
    });
    const story = await runIn(lab);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.failure?.cause).toContain("SnapshotLimitExceeded");
    expect(story.mutations.map(({ operation }) => operation)).not.toContain("StopInstances");
  });
});

describe("a quota that is not used up", () => {
  it("is not asked for where one page has all snapshots, and these are counted once a day", async () => {
    const lab = await withSnapshots(3, { policy: { min_savings_percent: 95 } });
    const asked = ["DescribeSnapshots", "GetServiceQuota"];
    expect(await callsIn(lab, ...asked)).toEqual(["DescribeSnapshots"]);
    expect(await callsIn(lab, ...asked)).toEqual([]);
  });

  it("is asked for once a day where there are more, as long as there is plenty", async () => {
    const lab = await withSnapshots(12, { policy: { min_savings_percent: 95 } });
    const pages = ["DescribeSnapshots", "DescribeSnapshots", "DescribeSnapshots"];
    const asked = ["DescribeSnapshots", "GetServiceQuota"];
    expect((await callsIn(lab, ...asked)).toSorted()).toEqual([...pages, "GetServiceQuota"]);
    expect(await callsIn(lab, ...asked)).toEqual([]);
    lab.clock.elapse(25 * 3_600_000);
    setQuota(lab, 500);
    expect(await callsIn(lab, "GetServiceQuota")).toHaveLength(1);
    // Five hundred are not plenty, where others make some too.
    expect(await callsIn(lab, "GetServiceQuota")).toHaveLength(1);
  });

  it("is AWS's default where none is known of the account", async () => {
    const lab = await withSnapshots(12);
    lab.platform.serviceQuotas.forgetApplied();
    expect((await runIn(lab)).status).toBe("SWITCHED");
  });

  it.each(["GetServiceQuota", "DescribeSnapshots"])(
    "and can't be found out, because %s is not allowed, refuses nothing and is told",
    async (denied) => {
      const lab = await withSnapshots(12, { policy: { root_transfer: "move-root-volume" } });
      lab.platform.cloud.faults.before(({ operation }) => {
        if (operation === denied) throw new CloudError("AccessDeniedException", "No.");
      });
      expect((await runIn(lab)).evaluation.verdict?.sentence).toMatch(
        new RegExp(`Not read beforehand: whether .* make more snapshots \\(${denied}`),
      );
    },
  );
});

describe("verify of the account", () => {
  const roomIn = async (lab: Lab) => {
    const { status, body } = await lab.send("POST", `/accounts/${accountId}/verify`);
    expect(status).toBe(200);
    return body as { verified: boolean; snapshots: readonly { status: string; message: string }[] };
  };

  it.each([
    ["ENOUGH", 100_000, "many more"],
    ["ENOUGH", 900, "It has 12 of 900"],
    ["USED_UP", 12, "--quota-code L-309BACF6"],
  ])("says %s of a quota of %d, and verifies all the same", async (status, quota, told) => {
    const lab = await withSnapshots(12);
    setQuota(lab, quota);
    const { verified, snapshots } = await roomIn(lab);
    expect(verified).toBe(true);
    expect(snapshots).toEqual([
      { region, status, message: expect.stringContaining(told) as unknown },
    ]);
  });
});
