import { describe, expect, it } from "@jest/globals";
import { CloudError } from "../../../local/cloud/contract.ts";
import { slowToShow } from "../../../local/cloud/ec2/settings.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { harmCall, harms, isMutation, refusals } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLab, type LabOptions } from "../../../local/lab/lab.ts";
import {
  actionsOf,
  asOwner,
  atFirst,
  isRetirement,
  letSwitchesBegin,
  plain,
  rich,
  throwKillSwitch,
} from "../../../local/lab/scenarios.ts";

const hourMs = 3_600_000;

const withPolicy = (options: LabOptions, policy: LabOptions["policy"]): LabOptions => ({
  ...options,
  policy: { ...options.policy, ...policy },
});

/** Whatever On-Demand place comes free where the original stands is gone for a day. */
const scarce = (lab: Lab): void => {
  const { zoneId = "", instanceType = "" } = lab.control.find(lab.originalId) ?? {};
  lab.control.takeWhatComesFree({ zoneId, instanceType }, 24 * hourMs);
};

/** The replacement fails its checks as soon as the original is being stopped. Returns what makes those to come well again. */
const failAfterStop = (lab: Lab): (() => void) => {
  let release: () => void = () => undefined;
  atFirst(lab, "StopInstances", {
    when: "after",
    what: () => {
      release = lab.control.failChecks(({ lifecycle }) => lifecycle === "spot");
    },
  });
  return () => {
    release();
  };
};

const unreserved: LabOptions = {
  ...plain,
  undisturbedUntil: { calls: "CreateCapacityReservation" },
};

const reservationsMade = ({ effects }: Ending): number =>
  effects.filter(
    ({ action, outcome }) => action === "CreateCapacityReservation" && outcome === "DONE",
  ).length;

const choiceOf = ({ original }: Ending) => original?.capacityChoice;

const ways = ["stop-and-image", "move-volumes", "relaunch", "move-root-volume"] as const;

describe("On-Demand capacity that is gone with the stop", () => {
  it.each(ways)("does not keep the original (%s) from starting: its own is held", async (way) => {
    const lab = await createLab({ ...rich[way], undisturbedUntil: { calls: "StopInstances" } });
    scarce(lab);
    failAfterStop(lab);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.original?.state).toBe("running");
    const order = ["CreateCapacityReservation", "StopInstances", "StartInstances"];
    const places = order.map((action) => actionsOf(story).indexOf(action));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(story.evaluation.downtimeSeconds).toBeLessThan(120);
    // It runs on in what has become ordinary On-Demand capacity, and its setting says where it was started.
    expect(lab.control.heldCapacity(accountId)).toEqual([]);
    const [group] = lab.platform.resourceGroups.groups(accountId);
    expect(choiceOf(story)).toEqual({ groupArn: group?.arn });
    const reserved = story.intents.find(({ change }) => change.kind === "RESERVE_CAPACITY");
    expect(reserved).toMatchObject({ status: "UNDONE", before: { preference: "open" } });
  });

  it("does not keep the original from starting when its owner stops and starts it next day", async () => {
    const lab = await createLab({ ...plain, undisturbedUntil: { calls: "StopInstances" } });
    failAfterStop(lab);
    const story = await lab.run();
    expect(story.status).toBe("ROLLED_BACK");
    expect(lab.control.heldCapacity(accountId)).toEqual([]);
    lab.watch.end();
    const pass = (ms: number) => lab.clock.run({ atMostMs: lab.clock.now() + ms });
    const owner = asOwner(lab);
    await pass(24 * hourMs);
    await owner("StopInstances", { InstanceIds: [lab.originalId] });
    await pass(hourMs / 60);
    expect(lab.control.find(lab.originalId)?.state).toBe("stopped");
    await owner("StartInstances", { InstanceIds: [lab.originalId] });
    await pass(hourMs / 60);
    expect(lab.control.find(lab.originalId)?.state).toBe("running");
  });

  it("keeps it stopped, and nobody serves, where its owner does not want it held", async () => {
    const lab = await createLab(
      withPolicy(rich["stop-and-image"], { hold_return_capacity: false }),
    );
    scarce(lab);
    failAfterStop(lab);
    const story = await lab.run();
    expect(story.status).toBe("NEEDS_OPERATOR");
    expect(story.original?.state).toBe("stopped");
    expect(story.evaluation.rollbackProblem).toContain("InsufficientInstanceCapacity");
    expect(reservationsMade(story)).toBe(0);
  });

  it("does not concern a stateless load, which is stopped last: nothing is reserved", async () => {
    const lab = await createLab(rich.stateless);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(actionsOf(story)).not.toContain("CreateCapacityReservation");
  });
});

describe("a reservation that EC2 refuses", () => {
  const reasons: Readonly<Record<string, (lab: Lab) => void>> = {
    InsufficientInstanceCapacity: (lab) => {
      const { zoneId = "", instanceType = "" } = lab.control.find(lab.originalId) ?? {};
      lab.control.setCapacity({ zoneId, instanceType, purchase: "on-demand" }, 1);
    },
    VcpuLimitExceeded: (lab) => {
      lab.control.setQuota({
        accountId,
        purchase: "on-demand",
        quotaClass: "Standard",
        vcpus: 2,
      });
    },
    Unsupported: (lab) => {
      lab.platform.cloud.faults.before(({ operation }) => {
        if (operation !== "CreateCapacityReservation") return;
        throw new CloudError("Unsupported", "This type is not supported.");
      });
    },
  };
  const codes = Object.keys(reasons);

  it.each(codes)("for %s ends the evaluation before anything is stopped", async (code) => {
    const lab = await createLab(unreserved);
    reasons[code]?.(lab);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("STAYED");
    expect(story.evaluation.outcome?.reason).toBe("WAY_BACK_UNSECURED");
    expect(story.evaluation.outcome?.sentence).toContain(code);
    expect(story.evaluation.outcome?.sentence).toContain("accept_unsecured_return");
    expect(actionsOf(story)).not.toContain("StopInstances");
    expect(story.evaluation.downtimeSeconds).toBeUndefined();
    expect(story.replacements.map(({ state }) => state)).toEqual(["terminated"]);
  });

  it.each(codes)(
    "for %s is accepted by its owner: the switch is made, and says so",
    async (code) => {
      const lab = await createLab(withPolicy(unreserved, { accept_unsecured_return: true }));
      reasons[code]?.(lab);
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
      expect(story.evaluation.progress.unsecuredReturn).toContain(code);
      expect(reservationsMade(story)).toBe(0);
    },
  );

  it("for want of a permission is not accepted by that: nothing is stopped", async () => {
    const lab = await createLab(withPolicy(unreserved, { accept_unsecured_return: true }));
    lab.platform.cloud.faults.before(({ operation }) => {
      if (operation !== "CreateCapacityReservation") return;
      throw new CloudError("UnauthorizedOperation", "You are not authorized.", 403);
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.failure?.error).toBe("BrokenPermission");
    expect(actionsOf(story)).not.toContain("StopInstances");
  });
});

describe("the capacity that is held", () => {
  it("is waited for while EC2 shows it as pending", async () => {
    const lab = await createLab({ ...plain, settings: { reservationPendingMs: 150_000 } });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(story.evaluation.waits).toHaveProperty("reserve");
    expect(reservationsMade(story)).toBe(1);
  });

  it("is found where EC2 is slow to show what is new, and nothing of it is left", async () => {
    const lab = await createLab({ ...plain, settings: slowToShow });
    scarce(lab);
    failAfterStop(lab);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(reservationsMade(story)).toBe(1);
  });

  it("ends by itself should nobody cancel it, within the hours that a switch can take", async () => {
    const lab = await createLab({ ...plain, undisturbedUntil: "END" });
    const story = await lab.run();
    const [change] = story.intents.flatMap((intent) =>
      intent.change.kind === "RESERVE_CAPACITY" ? [intent.change] : [],
    );
    const heldMs = Date.parse(change?.endsAt ?? "") - Date.parse(story.evaluation.startedAt);
    expect(heldMs).toBeGreaterThan(4 * hourMs);
    expect(heldMs).toBeLessThan(12 * hourMs);
    await lab.clock.run({ atMostMs: lab.clock.now() + 14 * hourMs });
    // Without a janitor.
    expect(lab.control.heldCapacity(accountId)).toEqual([]);
  });

  it("stands with what it cost in the record of a switch, and of a roll-back", async () => {
    const lab = await createLab({ ...plain, undisturbedUntil: "END" });
    const story = await lab.run();
    const { returnCapacity } = story.evaluation;
    expect(returnCapacity?.reservationId).toMatch(/^cr-/);
    expect(returnCapacity?.hourlyUsd).toBe(0.096);
    const { from = "", until = "", usd = 0 } = returnCapacity ?? {};
    const hours = (Date.parse(until) - Date.parse(from)) / hourMs;
    expect(usd).toBeCloseTo(hours * 0.096, 6);
    expect(usd).toBeGreaterThan(0);
    const other = await createLab(plain);
    failAfterStop(other);
    const undone = await other.run();
    expect(undone.evaluation.returnCapacity?.usd).toBeGreaterThan(0);
    expect(story.answer["return_capacity"]).toMatchObject({ usd });
  });

  it("is used again by the next evaluation of an original that was brought back, and held for nobody else", async () => {
    const lab = await createLab(plain);
    const heal = failAfterStop(lab);
    const first = await lab.run();
    expect(first.status).toBe("ROLLED_BACK");
    heal();
    await letSwitchesBegin(lab);
    const second = await lab.run();
    expect(await complaintsAbout(lab, second)).toEqual([]);
    expect(second.status).toBe("SWITCHED");
    expect(lab.platform.resourceGroups.groups(accountId)).toHaveLength(1);
  });

  it("stays while a person has to decide about a replacement that serves", async () => {
    const lab = await createLab({
      ...plain,
      undisturbedUntil: { begins: "linear-retire-original" },
    });
    atFirst(lab, isRetirement, {
      when: "before",
      what: () => {
        throw refusals.unauthorized();
      },
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("NEEDS_OPERATOR");
    expect(lab.control.heldCapacity(accountId)).toHaveLength(1);
  });

  it("is given up where the original runs again before its roll-back comes to it", async () => {
    const lab = await createLab({ ...plain, undisturbedUntil: { calls: "StopInstances" } });
    lab.watch.excuse("original");
    let hasStopped = false;
    lab.platform.cloud.faults.after(({ operation }) => {
      if (operation === "StopInstances") hasStopped = true;
    });
    lab.platform.cloud.faults.before(async ({ operation, caller }) => {
      if (!hasStopped || operation !== "CreateImage" || caller.sessionName === undefined) return;
      hasStopped = false;
      await asOwner(lab)("StartInstances", { InstanceIds: [lab.originalId] });
      throw new CloudError("OperationNotPermitted", "Not today.");
    });
    const story = await lab.run();
    expect(story.status).toBe("ROLLED_BACK");
    expect(lab.control.heldCapacity(accountId)).toEqual([]);
    expect(choiceOf(story)).toEqual({ preference: "open" });
    expect(lab.platform.resourceGroups.groups(accountId)).toEqual([]);
  });
});

describe.each([
  ["CreateCapacityReservation", "CreateCapacityReservation"],
  ["CreateGroup", "CreateGroup"],
  ["GroupResources", "GroupResources"],
  ["ModifyInstanceCapacityReservationAttributes", "StopInstances"],
  ["CancelCapacityReservation", "StopInstances"],
  ["DeleteGroup", "GroupResources"],
])("%s", (operation, first) => {
  it.each(harms)("may meet this in a switch that is rolled back: %s", async (harm) => {
    const lab = await createLab({ ...plain, undisturbedUntil: { calls: first } });
    // With a group that is deleted, too: one that is given up before the stop.
    if (operation === "DeleteGroup") {
      atFirst(lab, "GroupResources", { when: "after", what: () => throwKillSwitch(lab) });
    } else {
      scarce(lab);
      failAfterStop(lab);
    }
    const { isDone } = harmCall(lab.platform, {
      harm,
      nth: 1,
      matches: (call) => call.operation === operation && isMutation(accountId)(call),
    });
    const story = await lab.run();
    expect(isDone()).toBe(true);
    if (story.status === "NEEDS_OPERATOR") {
      // A permission that is missing for good is told; the original runs.
      expect(harm).toBe("unauthorized");
      expect(story.original?.state).toBe("running");
      return;
    }
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.original?.state).toBe("running");
    expect(lab.control.heldCapacity(accountId)).toEqual([]);
  });
});
