import { describe, expect, it } from "@jest/globals";
import { CloudError } from "../../../../local/cloud/contract.ts";
import type { LabAccount } from "../../../../local/lab/account.ts";
import { addWorkload } from "../../../../local/lab/subject.ts";
import { addGroup } from "../../../../local/platform/customer-group.ts";
import { openFleet, region, runPreflight } from "./preflight-lab.ts";

/** Two vCPUs each: a group of three, and two instances. */
const fleetWith = async (spotVcpus: number): Promise<LabAccount> => {
  const account = await openFleet();
  const { platform, accountId } = account;
  addGroup({ platform, accountId, region }, { name: "web", size: 3, min: 1, max: 6 });
  for (const name of ["one", "other"]) {
    addWorkload(account, { instanceType: "m5.large", tags: { Name: name } });
  }
  platform.ec2.control.setQuota({
    accountId,
    purchase: "spot",
    quotaClass: "Standard",
    vcpus: spotVcpus,
  });
  return account;
};

const quotasOf = ({ shown }: Awaited<ReturnType<typeof runPreflight>>) => shown.places[0]?.quotas;

describe("the quotas of a preflight", () => {
  it("have room for all: nothing is missing, and the way back has room too", async () => {
    const found = await runPreflight(await fleetWith(640));
    expect(quotasOf(found)).toMatchObject([
      {
        purchase: "SPOT",
        quota_code: "L-34B43A08",
        vcpus: 640,
        used_vcpus: 0,
        needed_vcpus: 10,
        subjects: 3,
        instances: 5,
        fitting_subjects: 3,
        fitting_instances: 5,
      },
      { purchase: "ON_DEMAND", quota_code: "L-1216C47A", vcpus: 2560, needed_vcpus: 10 },
    ]);
    for (const quota of quotasOf(found) ?? []) expect(quota.raise_to).toBeUndefined();
    const kinds = found.items.flatMap(({ missing }) => missing.map(({ kind }) => kind));
    expect(kinds).not.toContain("QUOTA");
  });

  it("have room for a part: what saves most fits, and the others name the quota and how far to raise it", async () => {
    const found = await runPreflight(await fleetWith(8));
    expect(quotasOf(found)?.[0]).toMatchObject({
      vcpus: 8,
      fitting_subjects: 2,
      fitting_instances: 4,
      raise_to: 10,
    });
    expect(found.items.find(({ name }) => name === "group web")).toMatchObject({
      outcome: "WILL",
      missing: [],
    });
    const beyond = found.items.filter(({ missing }) =>
      missing.some(({ kind }) => kind === "QUOTA"),
    );
    expect(beyond).toMatchObject([{ mode: "LINEAR", outcome: "WILL_ONCE" }]);
    const quota = beyond[0]?.missing.find(({ kind }) => kind === "QUOTA");
    expect(quota?.name).toBe("ec2 L-34B43A08");
    expect(quota?.sentence).toContain("--quota-code L-34B43A08 --desired-value 10");
    expect(found.shown.totals.missing).toContainEqual(
      expect.objectContaining({ kind: "QUOTA", name: "ec2 L-34B43A08", subjects: 1 }),
    );
  });

  it("would turn a group that will into one that will once there is room", async () => {
    const found = await runPreflight(await fleetWith(2));
    expect(found.items.find(({ name }) => name === "group web")).toMatchObject({
      outcome: "WILL_ONCE",
      reason: "SPOT_QUOTA",
    });
  });

  it("say why where they can't be read, and then nothing fits nor lacks room", async () => {
    const account = await fleetWith(8);
    account.platform.cloud.faults.before(({ operation }) => {
      if (operation !== "GetServiceQuota") return;
      throw new CloudError("AccessDeniedException", "You are not authorized.", 403);
    });
    const found = await runPreflight(account);
    const [spot] = quotasOf(found) ?? [];
    expect(spot?.because).toContain("GetServiceQuota");
    expect(spot).not.toHaveProperty("vcpus");
    expect(spot).not.toHaveProperty("fitting_subjects");
    const kinds = found.items.flatMap(({ missing }) => missing.map(({ kind }) => kind));
    expect(kinds).not.toContain("QUOTA");
  });
});
