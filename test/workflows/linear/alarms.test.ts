import { describe, expect, it } from "@jest/globals";
import type { Lab } from "../../../local/lab/contract.ts";
import { refusals } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLab, region, type LabOptions } from "../../../local/lab/lab.ts";
import { actionsOf, atFirst } from "../../../local/lab/scenarios.ts";

const minuteMs = 60_000;
const proof = { kind: "cloudwatch-alarms", alarms: ["errors", "all"], minutes: 6 };

const labWith = async (options: LabOptions = {}): Promise<Lab> => {
  const lab = await createLab({ ...options, policy: { proof: [proof], ...options.policy } });
  const { monitoring } = lab.platform;
  monitoring.addAlarm({ accountId, region, name: "errors" });
  monitoring.addAlarm({ accountId, region, name: "all", type: "CompositeAlarm" });
  return lab;
};

/** While nobody serves the alarm rises; some minutes after that somebody does it is OK again. */
const raiseWhileDown = (lab: Lab, backAfterMinutes: number): void => {
  const { monitoring, clock } = lab.platform;
  atFirst(lab, "StopInstances", {
    when: "after",
    what: () => {
      monitoring.setState("errors", "ALARM");
    },
  });
  atFirst(lab, "AssociateAddress", {
    when: "after",
    what: () => {
      clock.schedule(clock.now() + backAfterMinutes * minuteMs, () => {
        monitoring.setState("errors", "OK");
      });
    },
  });
};

describe("a proof by CloudWatch alarms", () => {
  it("holds once they have been OK for so long since the replacement serves", async () => {
    const lab = await labWith();
    raiseWhileDown(lab, 2);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(story.evaluation.proofs?.map(({ stage, holds }) => [stage, holds])).toEqual([
      ["before", true],
      ["after", true],
    ]);
    const { servingAt = "" } = story.evaluation.progress;
    const proved = story.evaluation.proofs?.at(-1)?.at ?? "";
    expect(Date.parse(proved) - Date.parse(servingAt)).toBeGreaterThanOrEqual(7 * minuteMs);
  });

  it("is not that they were OK before: the replacement has to serve for as long", async () => {
    const lab = await labWith();
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    const { servingAt = "" } = story.evaluation.progress;
    const proved = story.evaluation.proofs?.at(-1)?.at ?? "";
    expect(Date.parse(proved) - Date.parse(servingAt)).toBeGreaterThanOrEqual(6 * minuteMs);
    // That is not downtime.
    expect(story.evaluation.downtimeSeconds).toBeLessThan(6 * 60);
  });

  it("that never comes has its own time on top of the deadline; the stateless original serves again", async () => {
    const lab = await labWith({
      consistency: "stateless",
      policy: { proof_deadline_minutes: 2 },
    });
    atFirst(lab, "AssociateAddress", {
      when: "after",
      what: () => {
        lab.platform.monitoring.setState("errors", "INSUFFICIENT_DATA");
      },
    });
    const story = await lab.run();
    expect(lab.watch.broken).toEqual([]);
    expect([story.status, story.evaluation.failure?.error]).toEqual([
      "ROLLED_BACK",
      "BrokenDeadline",
    ]);
    expect(story.evaluation.failure?.cause).toContain("errors is INSUFFICIENT_DATA");
    const wait = story.evaluation.waits["proof"];
    const minutes = (Date.parse(wait?.deadline ?? "") - Date.parse(wait?.beganAt ?? "")) / minuteMs;
    expect(minutes).toBe(8);
  });

  it.each<{ readonly what: string; readonly arrange: (lab: Lab) => void; readonly says: string }>([
    {
      what: "one is in alarm",
      arrange: ({ platform }) => {
        platform.monitoring.setState("all", "ALARM");
      },
      says: "alarm all is ALARM",
    },
    {
      what: "one has been OK for a moment",
      arrange: ({ platform }) => {
        platform.monitoring.setState("errors", "ALARM");
        platform.monitoring.setState("errors", "OK");
      },
      says: "have to be for 6 minutes",
    },
  ])("fails before anything is made where $what", async ({ arrange, says }) => {
    const lab = await labWith();
    arrange(lab);
    const story = await lab.run();
    expect([story.status, story.evaluation.outcome?.reason]).toEqual(["STAYED", "PROOF_FAILS"]);
    expect(story.evaluation.outcome?.sentence).toContain(says);
    expect(actionsOf(story)).toEqual([]);
  });

  it("fails before anything is made where an alarm is about the original itself", async () => {
    const lab = await createLab({ policy: { proof: [{ ...proof, alarms: ["cpu"] }] } });
    const instanceId = lab.originalId;
    lab.platform.monitoring.addAlarm({ accountId, region, name: "cpu", instanceId });
    const story = await lab.run();
    expect(story.evaluation.outcome?.sentence).toContain("would say nothing of its replacement");
    expect(actionsOf(story)).toEqual([]);
  });
});

describe("alarms that name the original", () => {
  const followUpsWith = async (isDenied: boolean): Promise<readonly string[] | undefined> => {
    const lab = await createLab();
    const { monitoring, cloud } = lab.platform;
    monitoring.addAlarm({ accountId, region, name: "cpu-of-web", instanceId: lab.originalId });
    monitoring.addAlarm({ accountId, region, name: "others", instanceId: "i-0123456789abcdef0" });
    cloud.faults.before(({ operation }) => {
      if (isDenied && operation === "DescribeAlarms") throw refusals.unauthorized();
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(story.answer["progress"]).toMatchObject({
      follow_ups: story.evaluation.progress.followUps,
    });
    return story.evaluation.progress.followUps;
  };

  it("are told once its replacement is verified, beside the addresses that changed", async () => {
    const told = (await followUpsWith(false))?.join(" ");
    expect(told).toContain("(cpu-of-web)");
    expect(told).toContain("The primary private address was");
  });

  it("are told as unread where they could not be read, and the switch ends well", async () => {
    expect((await followUpsWith(true))?.join(" ")).toContain("could not be read");
  });
});

describe("recovery points of AWS Backup", () => {
  const followUpsWith = async (isDenied: boolean): Promise<string> => {
    const lab = await createLab();
    const { backup, cloud } = lab.platform;
    const arn = `arn:aws:ec2:${region}:${accountId}:instance/${lab.originalId}`;
    backup.protect({ accountId, region, arn, vault: "nightly" });
    cloud.faults.before(({ operation }) => {
      if (isDenied && operation === "DescribeProtectedResource") throw refusals.unauthorized();
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    return (story.evaluation.progress.followUps ?? []).join(" ");
  };

  it("are told with their vault once the replacement is verified", async () => {
    expect(await followUpsWith(false)).toMatch(
      /recovery points of i-\w+, the last .* in vault nightly/,
    );
  });

  it("are told as unread where they could not be read, and the switch ends well", async () => {
    expect(await followUpsWith(true)).toContain("What AWS Backup has of");
  });
});
