/** What the customer himself, or his account, ends is named with its remedy, and held against no pool. */
import { describe, expect, it } from "@jest/globals";
import { listLosses, listRefusals } from "../../../adapters/store/pools.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { createLab } from "../../../local/lab/lab.ts";
import { atFirst, letSwitchesBegin, plain } from "../../../local/lab/scenarios.ts";

const region = "us-east-1";
const since = new Date(0).toISOString();

const remembered = async ({ table }: Lab) => ({
  losses: (await listLosses(table, { region, since })).length,
  refusals: (await listRefusals(table, { region, since })).length,
});

const isSpot = ({ lifecycle }: { readonly lifecycle?: string | undefined }): boolean =>
  lifecycle === "spot";

/** The replacement has ended by the time at which EC2's answer to the launch is lost. */
const loseLaunch = (lab: Lab, how: "ends" | "is taken" | "is ended by its owner"): void => {
  if (how === "ends") lab.control.failBoots(isSpot, "Client.InternalError");
  atFirst(lab, "RunInstances", {
    when: "after",
    what: () => {
      const launched = lab.control.instances(lab.account.accountId).find(isSpot);
      lab.watch.excuse("replacement");
      if (how === "is taken")
        lab.control.interrupt(launched?.instanceId ?? "", { noticeSeconds: 0 });
      if (how === "is ended by its owner") lab.control.terminateByOwner(launched?.instanceId ?? "");
      lab.clock.elapse(120_000);
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    },
  });
};

describe("six evaluations that fail for the same fault of the account", () => {
  it.each([
    ["Client.InternalError", "aws kms create-grant"],
    ["Client.VolumeLimitExceeded", "Service Quotas"],
    ["Client.InstanceInitiatedShutdown", "boot scripts"],
    ["Client.UserInitiatedShutdown", "TerminateInstances"],
  ])("%s mark no pool, and say each time what to do", async (code, remedy) => {
    const kmsKeyId = "arn:aws:kms:us-east-1:444455556666:key/one";
    const lab = await createLab({ ...plain, instance: { rootEncrypted: true, kmsKeyId } });
    lab.control.failBoots(isSpot, code);
    for (let nth = 1; nth <= 6; nth += 1) {
      await letSwitchesBegin(lab);
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("ROLLED_BACK");
      expect(story.evaluation.failure?.cause).toContain(code);
      expect(story.evaluation.failure?.cause).toContain(remedy);
    }
    expect(await remembered(lab)).toEqual({ losses: 0, refusals: 0 });
  });
});

describe("a launch whose instance has ended before its answer was known", () => {
  it("counts as the pool's loss where the pool took it, once, and another pool serves", async () => {
    const lab = await createLab({ ...plain, undisturbedUntil: { calls: "RunInstances" } });
    loseLaunch(lab, "is taken");
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(story.swap?.failed.map(({ kind }) => kind)).toEqual(["ENDED"]);
    expect(await remembered(lab)).toEqual({ losses: 1, refusals: 0 });
  });

  it.each([
    ["ends", "Client.InternalError"],
    ["is ended by its owner", "Client.UserInitiatedShutdown"],
  ] as const)("counts against nobody where it %s", async (how, code) => {
    const lab = await createLab({ ...plain, undisturbedUntil: { calls: "RunInstances" } });
    loseLaunch(lab, how);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.failure?.cause).toContain(code);
    expect(await remembered(lab)).toEqual({ losses: 0, refusals: 0 });
  });
});
