import { describe, expect, it } from "@jest/globals";
import { deleteAccount } from "../../../../adapters/store/accounts.ts";
import { planIntent } from "../../../../adapters/store/intents.ts";
import { accountIdSchema } from "../../../../core/model/ids.ts";
import { retireAfterTag } from "../../../../core/model/tags.ts";
import { accountId } from "../../../../local/lab/lab.ts";
import { harmCall } from "../../../../local/lab/harm.ts";
import { afterSwitch, type JanitorLab } from "./janitor-lab.ts";

/** The default, and a little more. */
const cooloffHours = 24.1;
/** After which the janitor looks again at what it could not do. */
const retryHours = 0.51;

const terminations = ({ calls }: JanitorLab): number =>
  calls().filter((operation) => operation === "TerminateInstances").length;

describe("a stopped original", () => {
  it("is kept until its cool-off is over", async () => {
    const janitor = await afterSwitch();
    await janitor.pass(23);
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 0 failed.");
    expect(janitor.originalState()).toBe("stopped");
    expect(janitor.calls()).toEqual([]);
  });

  it("is terminated after its cool-off, once, and the record says so", async () => {
    const janitor = await afterSwitch();
    await janitor.pass(cooloffHours);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(await janitor.effects()).toEqual([
      {
        action: "TerminateInstances",
        resource: janitor.lab.originalId,
        at: expect.any(String),
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        outcome: "DONE",
      },
    ]);
    await janitor.pass(1);
    expect(janitor.originalState()).toBe("terminated");
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 0 failed.");
    expect(terminations(janitor)).toBe(1);
    expect(janitor.lab.replacement()?.state).toBe("running");
  });

  it("waits for as long as the policy says", async () => {
    const janitor = await afterSwitch({ policy: { cooloff_hours: 72 } });
    await janitor.pass(71);
    await janitor.tidy();
    expect(janitor.originalState()).toBe("stopped");
    await janitor.pass(2);
    await janitor.tidy();
    expect(terminations(janitor)).toBe(1);
  });
});

describe("an original about which a person decided otherwise", () => {
  const cases: readonly {
    readonly what: string;
    readonly decide: (janitor: JanitorLab) => Promise<unknown>;
    readonly state: string;
  }[] = [
    {
      what: "was started again",
      decide: ({ asOwner, lab }) => asOwner("StartInstances", { InstanceIds: [lab.originalId] }),
      state: "running",
    },
    {
      what: "lost its tag",
      decide: ({ asOwner, lab }) =>
        asOwner("DeleteTags", { Resources: [lab.originalId], Tags: [{ Key: retireAfterTag }] }),
      state: "stopped",
    },
    {
      what: "got another due time on its tag",
      decide: ({ asOwner, lab }) =>
        asOwner("CreateTags", {
          Resources: [lab.originalId],
          Tags: [{ Key: retireAfterTag, Value: "2027-01-01T00:00:00.000Z" }],
        }),
      state: "stopped",
    },
  ];

  it.each(cases)("is left alone for good when it $what", async ({ decide, state }) => {
    const janitor = await afterSwitch();
    await decide(janitor);
    await janitor.pass(cooloffHours);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    await janitor.pass(24);
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 0 failed.");
    expect(janitor.originalState()).toBe(state);
    expect(janitor.calls()).toEqual([]);
  });

  it("is left alone when somebody terminated it already", async () => {
    const janitor = await afterSwitch();
    await janitor.pass(cooloffHours);
    janitor.lab.control.terminateByOwner(janitor.lab.originalId);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(janitor.calls()).toEqual([]);
  });

  it("is forgotten when EC2 has not shown it for a day", async () => {
    const janitor = await afterSwitch();
    janitor.lab.control.terminateByOwner(janitor.lab.originalId);
    await janitor.pass(cooloffHours);
    expect(await janitor.tidy()).toBe("0 settled, 1 postponed, 0 failed.");
    await janitor.pass(24);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(janitor.calls()).toEqual([]);
  });
});

describe("an original on which others have a hand", () => {
  const tag = (janitor: JanitorLab, key: string): Promise<unknown> =>
    janitor.asOwner("CreateTags", {
      Resources: [janitor.lab.originalId],
      Tags: [{ Key: key, Value: "x" }],
    });

  it.each(["Schedule", "terraform", "opsworks:stack", "parallelcluster:cluster-name"])(
    "by tag %s is not terminated, and its owner is told",
    async (key) => {
      const janitor = await afterSwitch();
      await tag(janitor, key);
      await janitor.pass(cooloffHours);
      expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
      expect(janitor.originalState()).toBe("stopped");
      expect(await janitor.told()).toMatchObject({
        kind: "KEPT",
        reason: "OWNED_BY_OTHERS",
        sentence: expect.stringContaining(`tag ${key}=x`),
      });
      expect(terminations(janitor)).toBe(0);
    },
  );

  it("is terminated with its owner's consent, unless he took it back meanwhile", async () => {
    for (const isTakenBack of [false, true]) {
      const janitor = await afterSwitch({
        instance: { tags: { terraform: "yes" } },
        policy: { accept_iac_drift: true },
      });
      const { lab } = janitor;
      if (isTakenBack) {
        const change = { policy_overrides: { accept_iac_drift: null } };
        expect((await lab.send("PATCH", `/lab/instances/${lab.targetId}`, change)).status).toBe(
          200,
        );
      }
      await janitor.pass(cooloffHours);
      await janitor.tidy();
      expect(terminations(janitor)).toBe(isTakenBack ? 0 : 1);
    }
  });
});

describe("an original that its owner takes into use again", () => {
  it("is found within the hour, told once on evaluation and target, and leaves the savings", async () => {
    const janitor = await afterSwitch();
    const { originalId } = janitor.lab;
    expect((await janitor.evaluation())["savings"]).toBeDefined();
    await janitor.pass(3);
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 0 failed.");
    expect(await janitor.told()).toBeUndefined();
    await janitor.asOwner("StartInstances", { InstanceIds: [originalId] });
    await janitor.pass(1.01);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(await janitor.told()).toMatchObject({
      kind: "KEPT",
      reason: "STARTED_AGAIN",
      resource: originalId,
      evaluation_id: janitor.story.evaluationId,
      sentence: expect.stringContaining(janitor.lab.replacement()?.instanceId ?? "none"),
    });
    const evaluation = await janitor.evaluation();
    expect(evaluation["settlements"]).toMatchObject([{ kind: "KEPT", reason: "STARTED_AGAIN" }]);
    expect(evaluation["savings"]).toBeUndefined();
    await janitor.pass(48);
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 0 failed.");
    expect(janitor.originalState()).toBe("running");
    expect(janitor.calls()).toEqual([]);
  });

  it("and stops in time keeps what was written to it meanwhile", async () => {
    const janitor = await afterSwitch();
    const { lab } = janitor;
    const ids = { InstanceIds: [lab.originalId] };
    await janitor.asOwner("StartInstances", ids);
    await janitor.pass(0.2);
    const written = lab.control.write(lab.originalId);
    expect(written.acknowledged).toBe(true);
    await janitor.asOwner("StopInstances", ids);
    await janitor.pass(cooloffHours);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(await janitor.told()).toMatchObject({ kind: "KEPT", reason: "USED_SINCE" });
    await janitor.pass(24);
    await janitor.tidy();
    // A little more: the lab's watch writes too.
    expect(lab.control.writesOn(lab.originalId)).toBeGreaterThanOrEqual(written.writes);
    expect(janitor.calls()).toEqual([]);
  });

  const uses: readonly {
    readonly what: string;
    readonly use: (janitor: JanitorLab) => Promise<unknown>;
    readonly reason: string;
  }[] = [
    {
      what: "protects",
      use: ({ asOwner, lab }) =>
        asOwner("ModifyInstanceAttribute", {
          InstanceId: lab.originalId,
          DisableApiTermination: { Value: true },
        }),
      reason: "PROTECTED",
    },
    {
      what: "attaches a volume to",
      use: async ({ asOwner, lab }) => {
        const { zoneName } = lab.control.find(lab.originalId) ?? {};
        const made = (await asOwner("CreateVolume", {
          AvailabilityZone: zoneName,
          Size: 1,
          VolumeType: "gp3",
        })) as { readonly VolumeId: string };
        await lab.clock.run({ atMostMs: lab.clock.now() + 60_000 });
        await asOwner("AttachVolume", {
          VolumeId: made.VolumeId,
          InstanceId: lab.originalId,
          Device: "/dev/sdf",
        });
      },
      reason: "IN_USE",
    },
    {
      what: "registers",
      use: ({ lab }) => {
        lab.platform.elb.addTarget({
          arn: lab.targetGroupArn ?? "",
          instanceId: lab.originalId,
        });
        return Promise.resolve();
      },
      reason: "REGISTERED",
    },
    {
      what: "has another deployment work with",
      use: ({ asOwner, lab }) =>
        asOwner("CreateTags", {
          Resources: [lab.originalId],
          Tags: [{ Key: "spot-optimizer:deployment", Value: "dep-another" }],
        }),
      reason: "NOT_OURS",
    },
  ];

  it.each(uses)("is kept when its owner $what it", async ({ use, reason }) => {
    const janitor = await afterSwitch({ targetGroup: true });
    await use(janitor);
    await janitor.pass(cooloffHours);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(await janitor.told()).toMatchObject({ kind: "KEPT", reason });
    await janitor.pass(24);
    await janitor.tidy();
    expect(janitor.originalState()).toBe("stopped");
    expect(janitor.calls()).toEqual([]);
  });
});

describe("an original whose successor fails", () => {
  it.each(["system", "instance", "attachedEbs"] as const)(
    "its %s check is kept until that has passed again, and this is told",
    async (check) => {
      const janitor = await afterSwitch();
      const { control } = janitor.lab;
      const successor = janitor.lab.replacement()?.instanceId ?? "";
      const heal = control.failChecks(({ id }) => id === successor, check);
      await janitor.pass(cooloffHours);
      expect(await janitor.tidy()).toBe("0 settled, 1 postponed, 0 failed.");
      expect(await janitor.told()).toMatchObject({
        kind: "WAITING",
        sentence: expect.stringContaining("last copy"),
      });
      expect(terminations(janitor)).toBe(0);
      heal();
      await janitor.pass(retryHours);
      expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
      expect(await janitor.told()).toMatchObject({ kind: "REMOVED" });
      expect((await janitor.evaluation())["savings"]).toBeDefined();
    },
  );

  it("by an interruption notice is kept", async () => {
    const janitor = await afterSwitch();
    await janitor.pass(cooloffHours);
    janitor.lab.control.interrupt(janitor.lab.replacement()?.instanceId ?? "");
    expect(await janitor.tidy()).toBe("0 settled, 1 postponed, 0 failed.");
    expect(janitor.originalState()).toBe("stopped");
  });
});

describe("an original whose successor is gone", () => {
  it("is the last copy, and is kept for as long as nothing runs in its place", async () => {
    const janitor = await afterSwitch();
    const successor = janitor.lab.replacement()?.instanceId ?? "";
    janitor.lab.control.terminateByOwner(successor);
    await janitor.pass(cooloffHours);
    expect(await janitor.tidy()).toBe("0 settled, 1 postponed, 0 failed.");
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 0 failed.");
    for (const hours of [retryHours, 24, 24 * 30]) {
      await janitor.pass(hours);
      expect(await janitor.tidy()).toContain("1 postponed, 0 failed.");
    }
    expect(janitor.originalState()).toBe("stopped");
    expect(terminations(janitor)).toBe(0);
  });
});

describe("when nothing may be changed", () => {
  const stops: readonly {
    readonly what: string;
    readonly path: string;
    readonly method: string;
    readonly on: unknown;
    readonly off: unknown;
  }[] = [
    {
      what: "the kill switch is on",
      method: "PUT",
      path: "/kill-switch",
      on: { engaged: true, reason: "an incident" },
      off: { engaged: false, reason: "it is over" },
    },
    {
      what: "the account's kill switch is on",
      method: "PUT",
      path: "/kill-switch",
      on: { engaged: true, account_id: accountId, reason: "an incident" },
      off: { engaged: false, account_id: accountId, reason: "it is over" },
    },
    {
      what: "the account is disabled",
      method: "PATCH",
      path: `/accounts/${accountId}`,
      on: { status: "DISABLED" },
      off: { status: "PENDING" },
    },
  ];

  it.each(stops)("because $what, the original is kept, and goes later", async (stop) => {
    const janitor = await afterSwitch();
    await janitor.pass(cooloffHours);
    expect((await janitor.lab.send(stop.method, stop.path, stop.on)).status).toBe(200);
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 1 failed.");
    expect(janitor.originalState()).toBe("stopped");
    expect(janitor.calls()).toEqual([]);
    expect((await janitor.lab.send(stop.method, stop.path, stop.off)).status).toBe(200);
    await janitor.pass(retryHours);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(terminations(janitor)).toBe(1);
  });
});

describe("a janitor who is cut off half-way", () => {
  const ofTermination = {
    nth: 1,
    matches: ({ operation }: { readonly operation: string }) => operation === "TerminateInstances",
  };

  it("does not terminate again what it had terminated before it was killed", async () => {
    const janitor = await afterSwitch();
    await janitor.pass(cooloffHours);
    harmCall(janitor.lab.platform, { harm: "function killed after acting", ...ofTermination });
    await expect(janitor.tidy()).rejects.toThrow("killed");
    await janitor.pass(0.1);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(terminations(janitor)).toBe(1);
    expect(janitor.originalState()).toBe("terminated");
  });

  it("finds out by looking what became of a call without an answer", async () => {
    const janitor = await afterSwitch();
    await janitor.pass(cooloffHours);
    harmCall(janitor.lab.platform, { harm: "connection broken after acting", ...ofTermination });
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 1 failed.");
    expect(await janitor.effects()).toMatchObject([{ outcome: "UNKNOWN" }]);
    await janitor.pass(retryHours);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(terminations(janitor)).toBe(1);
  });

  it("tries again what EC2 refused", async () => {
    const janitor = await afterSwitch();
    await janitor.pass(cooloffHours);
    harmCall(janitor.lab.platform, { harm: "unavailable", ...ofTermination });
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 1 failed.");
    expect(janitor.originalState()).toBe("stopped");
    await janitor.pass(retryHours);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(terminations(janitor)).toBe(2);
  });
});

describe("what outlives its target", () => {
  it("is tidied up after the target was deleted", async () => {
    const janitor = await afterSwitch();
    const { status } = await janitor.lab.send("DELETE", `/lab/instances/${janitor.lab.targetId}`);
    expect(status).toBe(204);
    await janitor.pass(cooloffHours);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(terminations(janitor)).toBe(1);
  });

  it("is kept as the last copy even then", async () => {
    const janitor = await afterSwitch();
    await janitor.lab.send("DELETE", `/lab/instances/${janitor.lab.targetId}`);
    janitor.lab.control.terminateByOwner(janitor.lab.replacement()?.instanceId ?? "");
    await janitor.pass(cooloffHours);
    expect(await janitor.tidy()).toBe("0 settled, 1 postponed, 0 failed.");
    expect(janitor.calls()).toEqual([]);
  });

  it("is left to its owner once the account was disconnected", async () => {
    const janitor = await afterSwitch();
    await janitor.lab.send("DELETE", `/lab/instances/${janitor.lab.targetId}`);
    await deleteAccount(janitor.lab.table, accountIdSchema.parse(accountId));
    await janitor.pass(cooloffHours);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(janitor.calls()).toEqual([]);
    expect(janitor.lab.logged.join("\n")).toContain("left to its owner");
  });
});

describe("a janitor with much to do", () => {
  it("is not kept from what can be done by what can't", async () => {
    const janitor = await afterSwitch();
    const { lab, story } = janitor;
    const dueAt = new Date(lab.clock.now()).toISOString();
    for (let index = 0; index < 41; index += 1) {
      const instanceId = `i-${String(index).padStart(17, "0")}`;
      await planIntent(lab.table, story.evaluationId, {
        id: `retire-${String(index)}`,
        status: "COMMITTED",
        fence: 1,
        plannedAt: dueAt,
        change: {
          kind: "RETIRE_ORIGINAL",
          instanceId,
          dueAt,
          launchedAt: "2026-02-01T00:00:00.000Z",
        },
      });
    }
    await janitor.pass(23.5);
    expect(await janitor.tidy()).toBe("0 settled, 40 postponed, 0 failed.");
    await janitor.pass(0.6);
    await janitor.tidy();
    await janitor.tidy();
    expect(terminations(janitor)).toBe(1);
  });
});
